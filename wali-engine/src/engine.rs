//! The settings of wasmtime that everything else relies on.

use std::sync::Arc;

use wasmtime::{Collector, Config, Engine, OptLevel};

use crate::guest::{GuestSpace, Memories};
use crate::host::code::CodePages;
use crate::host::process;

/// The stack that the engine's own functions need below the guest's frames, in bytes.
const HOST_STACK: usize = 512 << 10;

/// The most stack the guest gets where the process has no limit, in bytes.
const UNLIMITED_STACK: u64 = 256 << 20;

/// What exceptions in flight may take, in bytes of address space a thread.
const EXCEPTION_SPACE: u64 = 64 << 20;

/// What executes programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Executor {
    /// Machine code.
    #[default]
    Compiler,
    /// An interpreter, which needs no executable memory.
    Interpreter,
}

/// The interpreter's instruction set.
const INTERPRETER: &str = "pulley64";

/// The engine that compiles and runs programs.
///
/// # Errors
/// The settings do not go together on this machine.
pub fn new(executor: Executor) -> wasmtime::Result<Engine> {
    let mut config = config();
    if executor == Executor::Interpreter {
        config.target(INTERPRETER)?;
        // The loader leaves no atomic instruction.
        config.wasm_threads(false);
        // A fault in the interpreter's own code cannot become a trap.
        config.signals_based_traps(false);
    }
    Engine::new(&config)
}

/// What executes the programs of `engine`.
pub fn executor(engine: &Engine) -> Executor {
    if engine.is_pulley() {
        Executor::Interpreter
    } else {
        Executor::Compiler
    }
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_threads(true)
        .wasm_exceptions(true)
        .wasm_branch_hinting(true)
        // Both for `loader::casts`.
        .wasm_function_references(true)
        .wasm_gc(true)
        .collector(Collector::DeferredReferenceCounting)
        .cranelift_opt_level(OptLevel::Speed)
        .cranelift_debug_verifier(false)
        .async_stack_size(stack_bytes())
        .max_wasm_stack(stack_bytes())
        // No stack of this kind is ever made, but the other must not be larger.
        .async_stack_size(stack_bytes())
        .native_unwind_info(false)
        .memory_init_cow(false)
        .memory_may_move(false)
        .memory_reservation(GuestSpace::BYTES)
        .memory_guard_size(GuestSpace::GUARD)
        .guard_before_linear_memory(false)
        .gc_heap_may_move(false)
        .gc_heap_reservation(EXCEPTION_SPACE)
        .gc_heap_guard_size(1 << 16)
        .with_custom_code_memory(Some(Arc::new(CodePages)))
        .with_host_memory(Arc::new(Memories));
    config
}

/// The stack of a thread that runs the guest, in bytes.
pub(crate) fn thread_stack_bytes() -> usize {
    stack_bytes() + HOST_STACK
}

/// The guest's share of the process's stack.
fn stack_bytes() -> usize {
    let bytes = process::stack_limit().soft.unwrap_or(UNLIMITED_STACK);
    let bytes = usize::try_from(bytes.min(UNLIMITED_STACK)).unwrap_or(0);
    bytes.saturating_sub(HOST_STACK).max(HOST_STACK)
}
