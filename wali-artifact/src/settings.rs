//! The settings of wasmtime that code depends on: who compiles and who runs must have the same.

use wali_contract::{Executor, TableFill};
use wasmtime::{Collector, Config};

/// Bytes of the memory that every program gets: all that 32 bits can address.
pub const MEMORY_BYTES: u64 = 1 << 32;

/// Bytes behind the memory that are never accessible. Code checks no address that its own constant
/// offset cannot carry past them.
pub const GUARD_BYTES: u64 = (1 << 32) + 4096;

/// What exceptions in flight may take, in bytes of address space a thread.
const EXCEPTION_BYTES: u64 = 64 << 20;

/// Inaccessible bytes behind the exceptions.
const EXCEPTION_GUARD_BYTES: u64 = 1 << 16;

/// The interpreter's instruction set, as wasmtime calls it.
const INTERPRETER: &str = "pulley64";

/// The settings for code of `executor` whose tables are filled as `fill` says.
///
/// # Errors
/// This build of wasmtime has no such executor.
pub fn config(executor: Executor, fill: TableFill) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config
        .wasm_threads(true)
        .wasm_exceptions(true)
        .wasm_branch_hinting(true)
        // Both for calls through pointers of another type.
        .wasm_function_references(true)
        .wasm_gc(true)
        .collector(Collector::DeferredReferenceCounting)
        .native_unwind_info(false)
        .memory_init_cow(false)
        .table_lazy_init(fill == TableFill::OnUse)
        .memory_may_move(false)
        .memory_reservation(MEMORY_BYTES)
        .memory_guard_size(GUARD_BYTES)
        .guard_before_linear_memory(false)
        .gc_heap_may_move(false)
        .gc_heap_reservation(EXCEPTION_BYTES)
        .gc_heap_guard_size(EXCEPTION_GUARD_BYTES);
    if executor == Executor::Interpreter {
        config.target(INTERPRETER)?;
        // The module that is compiled has no atomic instruction.
        config.wasm_threads(false);
        // A fault in the interpreter's own code cannot become a trap.
        config.signals_based_traps(false);
    }
    Ok(config)
}

/// What this machine's processor can do, as far as code depends on it.
#[cfg(target_arch = "x86_64")]
pub fn processor() -> Vec<&'static str> {
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
pub fn processor() -> Vec<&'static str> {
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
pub fn processor() -> Vec<&'static str> {
    // The kernel tells it in the letters of AT_HWCAP.
    let has = |letter: u8| rustix::param::linux_hwcap().0 >> (letter - b'a') & 1 == 1;
    if has(b'v') { vec!["v"] } else { Vec::new() }
}
