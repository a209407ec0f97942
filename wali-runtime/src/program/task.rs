//! What a running program consists of: the process, and one task a thread.

use std::ffi::CString;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wali_contract::{Facts, WASM_PAGE_SIZE};
use wasmtime::{Caller, Engine, Func, Global, Module, Table, WasmBacktrace};

use super::alternate_stack::AlternateStack;
use super::instance::Linked;
use super::own_file::OwnFile;
use super::threads::{ThreadState, Threads};
use crate::kernel::process::thread_id;
use crate::kernel::{FileId, SigSet};
use crate::memory::{GuestMemory, Limits, Mappings};

/// What a system call's function gets besides its arguments: the store of the calling thread.
pub(crate) type Cx<'a> = Caller<'a, Task>;

/// `SIG_IGN` in the headers of the sysroot. Programs of other toolchains may pass another value.
const LIBC_SIG_IGN: u32 = 1;

/// A checked and compiled module.
#[derive(Debug)]
pub(crate) struct Program {
    /// The engine that runs it.
    pub engine: Engine,
    /// The compiled module; its memory spans the whole reservation.
    pub module: Module,
    /// Facts about the module that its compiled code does not show.
    pub facts: Facts,
    /// The files that it runs from: the module's, and that of the compiled code.
    pub files: Vec<FileId>,
}

impl Program {
    /// The size of the linear memory at the start, in bytes.
    pub(crate) fn initial_bytes(&self) -> u64 {
        u64::from(self.facts.initial_pages) * u64::from(WASM_PAGE_SIZE)
    }
}

/// What a program is started with.
#[derive(Debug)]
pub(crate) struct Start {
    /// The arguments, the program's name first, without NULs.
    pub(crate) args: Vec<Vec<u8>>,
    /// The environment, `K=V` each.
    pub(crate) env: Vec<Vec<u8>>,
    /// How a module is run that the program executes, if it can be.
    pub(crate) engine: Option<EngineCommand>,
    /// The file that the program was loaded from.
    pub(crate) file: OwnFile,
}

/// How another module is run in place of this program.
#[derive(Clone, Debug)]
pub(crate) struct EngineCommand {
    /// The engine's program file.
    pub(crate) program: CString,
    /// What it is called with before the options about the module itself, its name first.
    pub(crate) args: Vec<CString>,
}

/// What all threads of the guest have in common. There is one in a process, and it is never freed.
///
/// Lock order: `mappings`, then `threads`, then the table of signal actions, then that for passing
/// descriptors. Whoever forks holds them all across the fork.
#[derive(Debug)]
pub(crate) struct Process {
    /// The program that runs.
    pub program: Program,
    /// The same with its imports.
    pub linked: Linked,
    /// Its arguments, the program's name first, without NULs.
    pub args: Vec<Vec<u8>>,
    /// Its environment, `K=V` each.
    pub env: Vec<Vec<u8>>,
    /// How a module is run that the program executes, if it can be.
    pub engine: Option<EngineCommand>,
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
    pub(crate) fn new(
        program: Program,
        linked: Linked,
        mappings: Mappings,
        limits: Limits,
        start: Start,
    ) -> Process {
        Process {
            program,
            linked,
            args: start.args,
            env: start.env,
            engine: start.engine,
            file: start.file,
            threads: Threads::default(),
            sig_ign: AtomicU32::new(LIBC_SIG_IGN),
            limits,
            mappings: Mutex::new(mappings),
        }
    }

    /// Locks the mappings. A fork has to be made with the guard held, in parent and child.
    pub(crate) fn mappings(&self) -> MutexGuard<'_, Mappings> {
        // A panic in another thread ends the process; the records are whole either way.
        self.mappings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one thread of the guest has of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ThreadSignals {
    /// The global with the address of the guest's stack, if the module shows it.
    pub(crate) stack_pointer: Option<Global>,
    /// The function that runs the handler of a fault, in modules with handlers.
    pub(crate) fault_entry: Option<Func>,
    /// What `sigaltstack` set.
    pub(crate) alternate: AlternateStack,
    /// The mask that a call such as `ppoll` had in force when it was interrupted. Handlers run
    /// under it; the mask from before the call comes back after them.
    pub(crate) temporary_mask: Option<SigSet>,
}

/// The state of one thread: the data of its store.
#[derive(Debug)]
pub(crate) struct Task {
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
    /// An empty backtrace for the error that a thread ends with, so that wasmtime makes none.
    pub(crate) no_frames: Option<WasmBacktrace>,
}

impl Task {
    /// The task of the calling thread.
    pub(crate) fn new(memory: GuestMemory, process: &'static Process) -> Task {
        Task {
            memory,
            process,
            tid: thread_id(),
            table: None,
            signals: ThreadSignals::default(),
            thread: ThreadState::default(),
            no_frames: None,
        }
    }
}
