//! What a running program consists of: the process, and one task a thread.

use std::ffi::CString;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wasmtime::{Caller, Engine, Module, Table, WasmBacktrace};

use super::{GuestMemory, Limits, Mappings, WASM_PAGE_SIZE};
use crate::engine::Executor;
use crate::imports::Linked;
use crate::process::{FileId, OwnFile};
use crate::run::Launch;
use crate::signal::ThreadSignals;
use crate::thread::{ThreadState, Threads};

/// What a system call's function gets besides its arguments: the store of the calling thread.
pub type Cx<'a> = Caller<'a, Task>;

/// `SIG_IGN` in the headers of the sysroot. Programs of other toolchains show theirs by passing it.
const LIBC_SIG_IGN: u32 = 1;

/// A checked and compiled module.
#[derive(Debug)]
pub struct Program {
    /// The engine that runs it.
    pub engine: Engine,
    /// The compiled module; its memory spans the whole reservation.
    pub module: Module,
    /// What executes it.
    pub executor: Executor,
    /// The size of the linear memory at the start, in Wasm pages.
    pub initial_pages: u32,
    /// The size that it may grow to, in Wasm pages.
    pub max_pages: u32,
    /// The files that it runs from: the module's, and that of the compiled code.
    pub files: Vec<FileId>,
}

impl Program {
    /// The size of the linear memory at the start, in bytes.
    pub(crate) fn initial_bytes(&self) -> u64 {
        u64::from(self.initial_pages) * u64::from(WASM_PAGE_SIZE)
    }
}

/// What all threads of the guest have in common. One a process, never freed.
///
/// Lock order: `mappings`, then `threads`, then the table of signal actions, then that for passing
/// descriptors. Whoever forks holds them all across the fork.
#[derive(Debug)]
pub struct Process {
    /// The program that runs.
    pub program: Program,
    /// The same with its imports.
    pub linked: Linked,
    /// Its arguments, the program's name first, without NULs.
    pub args: Vec<Vec<u8>>,
    /// Its environment, `K=V` each.
    pub env: Vec<Vec<u8>>,
    /// The options that a module started by `exec` is run with too.
    pub options: Vec<CString>,
    /// The file it was loaded from.
    pub file: OwnFile,
    /// Its threads.
    pub threads: Threads,
    /// What the program calls `SIG_IGN`.
    pub(crate) sig_ign: AtomicU32,
    /// The resource limits that are not the kernel's.
    pub limits: Limits,
    mappings: Mutex<Mappings>,
}

impl Process {
    /// The state of a process that is about to start.
    pub fn new(
        program: Program,
        linked: Linked,
        mappings: Mappings,
        limits: Limits,
        launch: Launch,
    ) -> Process {
        Process {
            program,
            linked,
            args: launch.args,
            env: launch.env,
            options: launch.options,
            file: launch.file,
            threads: Threads::default(),
            sig_ign: AtomicU32::new(LIBC_SIG_IGN),
            limits,
            mappings: Mutex::new(mappings),
        }
    }

    /// Locks the mappings. A fork has to be made with the guard held, in parent and child.
    pub fn mappings(&self) -> MutexGuard<'_, Mappings> {
        // A panic in another thread ends the process; the records are whole either way.
        self.mappings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of one thread: the data of its store.
#[derive(Debug)]
pub struct Task {
    /// The linear memory.
    pub memory: GuestMemory,
    /// What it shares with the process's other threads.
    pub process: &'static Process,
    /// The kernel's number of this thread.
    pub tid: i32,
    /// The function table, once the instance exists.
    pub table: Option<Table>,
    /// Its signals.
    pub(crate) signals: ThreadSignals,
    /// What happens at its end.
    pub(crate) thread: ThreadState,
    /// A list of no frames, for the error that a thread ends with: wasmtime then makes none.
    pub(crate) no_frames: Option<WasmBacktrace>,
}

impl Task {
    /// The task of the calling thread.
    pub fn new(memory: GuestMemory, process: &'static Process) -> Task {
        Task {
            memory,
            process,
            tid: crate::host::process::thread_id(),
            table: None,
            signals: ThreadSignals::default(),
            thread: ThreadState::default(),
            no_frames: None,
        }
    }
}
