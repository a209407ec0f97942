//! The settings of wasmtime that everything else relies on.

use std::sync::Arc;

use wasmtime::{Collector, Config, Engine, OptLevel};

use crate::guest::{GuestSpace, Memories};
use crate::host::code::{self, CodePages};
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

/// What code is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// This machine's processor, with all that it can do.
    #[default]
    Host,
    /// Every processor of this machine's kind that has some features.
    Level(&'static Level),
    /// The interpreter.
    Interpreter,
}

/// A set of features that processors have in common.
#[derive(Debug, PartialEq, Eq)]
pub struct Level {
    /// Its usual name.
    pub name: &'static str,
    triple: &'static str,
    features: &'static [&'static str],
}

/// The levels of the host's instruction set.
#[cfg(target_arch = "x86_64")]
pub const LEVELS: &[Level] = &[
    level("x86-64", &[]),
    level("x86-64-v2", X86_64_V3.split_at(6).0),
    level("x86-64-v3", &X86_64_V3),
];
/// The levels of the host's instruction set.
#[cfg(target_arch = "aarch64")]
pub const LEVELS: &[Level] = &[Level {
    name: "armv8-a",
    triple: "aarch64-unknown-linux-gnu",
    features: &[],
}];
/// The levels of the host's instruction set.
#[cfg(target_arch = "riscv64")]
pub const LEVELS: &[Level] = &[Level {
    name: "rv64gcv",
    triple: "riscv64gc-unknown-linux-gnu",
    features: &["has_v"],
}];

/// The compiler's names of what the level x86-64-v3 has; the first six make up x86-64-v2.
#[cfg(target_arch = "x86_64")]
const X86_64_V3: [&str; 12] = [
    "has_cmpxchg16b",
    "has_popcnt",
    "has_sse3",
    "has_ssse3",
    "has_sse41",
    "has_sse42",
    "has_avx",
    "has_avx2",
    "has_bmi1",
    "has_bmi2",
    "has_fma",
    "has_lzcnt",
];

#[cfg(target_arch = "x86_64")]
const fn level(name: &'static str, features: &'static [&'static str]) -> Level {
    Level {
        name,
        triple: "x86_64-unknown-linux-gnu",
        features,
    }
}

impl Target {
    /// What executes the code.
    pub fn executor(self) -> Executor {
        match self {
            Target::Interpreter => Executor::Interpreter,
            Target::Host | Target::Level(_) => Executor::Compiler,
        }
    }
}

/// When the function tables of an instance are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFill {
    /// When it is made. Calls through function pointers then find every entry in its place.
    AtOnce,
    /// Each entry when it is first used, which every such call has to test: for programs that start
    /// threads, each with an instance of its own.
    OnUse,
}

/// How hard the compiler tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimization {
    /// Not at all.
    None,
    /// For speed.
    #[default]
    Speed,
    /// For speed and for small code.
    SpeedAndSize,
}

/// The engine that runs programs that are compiled already. It has no compiler, which would take
/// longer to set up than most programs take to start.
///
/// # Errors
/// The settings do not go together on this machine.
pub fn runner(executor: Executor, fill: TableFill) -> wasmtime::Result<Engine> {
    let mut config = config(executor, fill)?;
    config.enable_compiler(false);
    Engine::new(&config)
}

/// The engine that compiles.
///
/// # Errors
/// The settings do not go together, or code for the target cannot be made on this machine.
pub fn compiler(
    target: Target,
    optimization: Optimization,
    fill: TableFill,
) -> wasmtime::Result<Engine> {
    if target == Target::Host && !has_vectors() {
        // Where it meets SIMD it would panic.
        return Err(wasmtime::Error::msg(
            "the compiler needs a processor with vector instructions (V); the interpreter does not (--interp)",
        ));
    }
    let mut config = config(target.executor(), fill)?;
    if let Target::Level(level) = target {
        config.target(level.triple)?;
        code::use_features(&mut config, level.features);
    }
    config
        .cranelift_debug_verifier(false)
        .cranelift_opt_level(match optimization {
            Optimization::None => OptLevel::None,
            Optimization::Speed => OptLevel::Speed,
            Optimization::SpeedAndSize => OptLevel::SpeedAndSize,
        });
    Engine::new(&config)
}

/// What compiler and runner must have in common.
fn config(executor: Executor, fill: TableFill) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    let stack_bytes = stack_bytes();
    config
        .wasm_threads(true)
        .wasm_exceptions(true)
        .wasm_branch_hinting(true)
        // Both for `loader::casts`.
        .wasm_function_references(true)
        .wasm_gc(true)
        .collector(Collector::DeferredReferenceCounting)
        .max_wasm_stack(stack_bytes)
        // No stack of this kind is ever made, but the other must not be larger.
        .async_stack_size(stack_bytes)
        .native_unwind_info(false)
        .memory_init_cow(false)
        .table_lazy_init(fill == TableFill::OnUse)
        .memory_may_move(false)
        .memory_reservation(GuestSpace::BYTES)
        .memory_guard_size(GuestSpace::GUARD)
        .guard_before_linear_memory(false)
        .gc_heap_may_move(false)
        .gc_heap_reservation(EXCEPTION_SPACE)
        .gc_heap_guard_size(1 << 16)
        .with_custom_code_memory(Some(Arc::new(CodePages)))
        .with_host_memory(Arc::new(Memories));
    if executor == Executor::Interpreter {
        config.target(INTERPRETER)?;
        // The loader leaves no atomic instruction.
        config.wasm_threads(false);
        // A fault in the interpreter's own code cannot become a trap.
        config.signals_based_traps(false);
    }
    Ok(config)
}

/// What this machine's processor can do, as far as code depends on it.
#[cfg(target_arch = "x86_64")]
pub(crate) fn processor() -> Vec<&'static str> {
    macro_rules! found {
        ($($feature:tt),*) => {
            [$((is_x86_feature_detected!($feature), $feature)),*]
        };
    }
    let known = found![
        "sse3",
        "ssse3",
        "sse4.1",
        "sse4.2",
        "cmpxchg16b",
        "popcnt",
        "avx",
        "avx2",
        "fma",
        "bmi1",
        "bmi2",
        "lzcnt",
        "avxvnni",
        "avx512bitalg",
        "avx512dq",
        "avx512f",
        "avx512vl",
        "avx512vbmi",
        "avx512vnni"
    ];
    let known = known.into_iter().filter(|(has, _)| *has);
    known.map(|(_, feature)| feature).collect()
}

/// What this machine's processor can do, as far as code depends on it.
#[cfg(target_arch = "aarch64")]
pub(crate) fn processor() -> Vec<&'static str> {
    macro_rules! found {
        ($($feature:tt),*) => {
            [$((std::arch::is_aarch64_feature_detected!($feature), $feature)),*]
        };
    }
    let known = found!["lse", "paca", "fp16", "dotprod", "i8mm"];
    let known = known.into_iter().filter(|(has, _)| *has);
    known.map(|(_, feature)| feature).collect()
}

/// What this machine's processor can do, as far as code depends on it.
#[cfg(target_arch = "riscv64")]
pub(crate) fn processor() -> Vec<&'static str> {
    if has_vectors() { vec!["v"] } else { Vec::new() }
}

/// Whether the processor has the vector instructions that the compiler makes SIMD of.
fn has_vectors() -> bool {
    #[cfg(target_arch = "riscv64")]
    return process::has_extension(b'v');
    #[cfg(not(target_arch = "riscv64"))]
    true
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
