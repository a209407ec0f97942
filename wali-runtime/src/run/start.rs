//! Starting a loaded program: memory, instance, the first call.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::{AsContextMut as _, Func, Instance, Store, TypedFunc};

use super::link::link;
use crate::control::{handlers, threads};
use crate::kernel::Errno;
use crate::memory::{GuestMemory, Limits, Mappings};
use crate::program::{self, Process, Program, Start, Task, instantiate, is_guest_end};
use crate::signals::faults;

/// The export that is called when the user names none.
const START: &str = "_start";

/// The start routines of modules without a main function.
const STARTUP: [&str; 2] = ["__wali_startup", "_initialize"];

/// Whether this process has begun to run a program.
static BEGUN: AtomicBool = AtomicBool::new(false);

/// Why a loaded program does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// No room for its memory.
    Memory(Errno),
    /// It does not export the function to start.
    NoExport(String),
    /// An instance could not be made.
    Instance(wasmtime::Error),
    /// The process has run a program already.
    SecondProgram,
    /// The working directory or the streams that were asked for cannot be had.
    Setting(&'static str, std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Memory(errno) => write!(
                f,
                "reserving 8 GiB of address space for the program's memory: {errno}; \
                 raise the limit on virtual memory (ulimit -v)"
            ),
            StartError::NoExport(name) => {
                write!(
                    f,
                    "the module exports no function {name} without parameters and results"
                )
            }
            StartError::Instance(error) => write!(f, "starting the module: {error:#}"),
            StartError::SecondProgram => f.write_str(
                "this process has run a program already, and runs one only; start another process",
            ),
            StartError::Setting(what, error) => write!(f, "setting the program's {what}: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// Runs `program` on the calling thread until the process ends. `invoke` names the export to call after
/// the start routine, for modules without a main function.
///
/// # Errors
/// It could not be started.
pub(super) fn run(
    program: Program,
    start: Start,
    invoke: Option<&str>,
) -> Result<std::convert::Infallible, StartError> {
    // The memory, the signal handlers, the numbers of process and threads: all are the process's.
    if BEGUN.swap(true, Ordering::Relaxed) {
        return Err(StartError::SecondProgram);
    }
    // Copies to and from the memory answer with faults.
    faults::install().map_err(StartError::Memory)?;
    let limits = Limits::of_host();
    let memory = GuestMemory::reserve().map_err(StartError::Memory)?;
    let (initial_pages, max_pages) = (program.facts.initial_pages, program.facts.max_pages);
    let mut mappings =
        Mappings::new(memory, initial_pages, max_pages).map_err(StartError::Memory)?;
    mappings.set_limit(limits.memory_bytes(program.initial_bytes()));
    let linked = link(&program.module).map_err(StartError::Instance)?;
    // Lives as long as the process: threads and host functions refer to it without counting.
    let process: &'static Process = Box::leak(Box::new(Process::new(
        program, linked, mappings, limits, start,
    )));
    let mut store = Store::new(&process.program.engine, Task::new(memory, process));
    let instance = match instantiate(&mut store) {
        Ok(instance) => instance,
        Err(error) if is_guest_end(&error) => program::end(&error),
        Err(error) => return Err(StartError::Instance(error)),
    };
    let calls = match invoke {
        None => vec![export(&mut store, &instance, START)?],
        Some(name) => {
            let mut calls: Vec<TypedFunc<(), ()>> = STARTUP
                .iter()
                .find_map(|name| export(&mut store, &instance, name).ok())
                .into_iter()
                .collect();
            calls.push(export(&mut store, &instance, name)?);
            calls
        }
    };
    handlers::enter(&mut store);
    for call in calls {
        if let Err(error) = call.call(&mut store, ()) {
            handlers::end(&mut store, &error);
        }
    }
    // Whoever returns has exited with status 0.
    threads::exit_group(process, memory, 0)
}

fn export(
    store: &mut Store<Task>,
    instance: &Instance,
    name: &str,
) -> Result<TypedFunc<(), ()>, StartError> {
    let function: Option<Func> = instance.get_func(store.as_context_mut(), name);
    function
        .and_then(|function| function.typed(&mut *store).ok())
        .ok_or_else(|| StartError::NoExport(name.to_owned()))
}
