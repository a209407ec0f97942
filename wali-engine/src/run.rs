//! Running a program: memory, instance, start.

use std::ffi::CString;
use std::fmt;

use wasmtime::{AsContextMut, Func, Instance, Store, TypedFunc};

use crate::guest::{GuestMemory, Limits, Mappings, Process, Program, Task};
use crate::host::faults;
use crate::imports::Linked;
use crate::process::OwnFile;
use crate::{Errno, signal, trap};

/// The export that is called when the user names none.
const START: &str = "_start";

/// The export that holds the functions which the guest passes by number.
const TABLE: &str = "__indirect_function_table";

/// What a program is started with.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The arguments, the program's name first.
    pub args: Vec<Vec<u8>>,
    /// The environment, `K=V` each.
    pub env: Vec<Vec<u8>>,
    /// The export to call after the start routine, for modules without a main function.
    pub invoke: Option<String>,
    /// The engine's options that modules started by `exec` are run with too.
    pub options: Vec<CString>,
    /// The file that the program was loaded from.
    pub file: OwnFile,
}

/// Why a loaded program does not start.
#[derive(Debug)]
pub enum StartError {
    /// No room for its memory.
    Memory(Errno),
    /// It does not export the function to start.
    NoExport(String),
    /// An instance could not be made.
    Instance(wasmtime::Error),
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
        }
    }
}

impl std::error::Error for StartError {}

/// Runs `program` on the calling thread until it ends, and answers the exit status of a program
/// that returns. A program that exits or is killed ends the process and does not return here.
///
/// # Errors
/// It could not be started.
pub fn run(program: Program, launch: Launch) -> Result<i32, StartError> {
    let limits = Limits::of_host();
    let memory = GuestMemory::reserve().map_err(StartError::Memory)?;
    let mut mappings = Mappings::new(memory, program.initial_pages, program.max_pages)
        .map_err(StartError::Memory)?;
    mappings.set_limit(limits.memory_bytes(program.initial_bytes()));
    let invoke = launch.invoke.clone();
    let linked = Linked::new(&program.module).map_err(StartError::Instance)?;
    // Lives as long as the process: threads and host functions refer to it without counting.
    let process: &'static Process = Box::leak(Box::new(Process::new(
        program, linked, mappings, limits, launch,
    )));
    let mut store = Store::new(&process.program.engine, Task::new(memory, process));
    let instance = match instantiate(&mut store) {
        Ok(instance) => instance,
        Err(error) if trap::is_guest_end(&error) => trap::end(&error),
        Err(error) => return Err(StartError::Instance(error)),
    };
    let calls = match &invoke {
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
    faults::enter(&mut store);
    for call in calls {
        if let Err(error) = call.call(&mut store, ()) {
            signal::end(&mut store, &error);
        }
    }
    Ok(0)
}

/// The start routines of modules without a main function.
const STARTUP: [&str; 2] = ["__wali_startup", "_initialize"];

/// Makes an instance of the program in `store`, that is for the calling thread.
///
/// # Errors
/// The module's start function failed.
pub(crate) fn instantiate(store: &mut Store<Task>) -> wasmtime::Result<Instance> {
    let process = store.data().process;
    let instance = process.linked.instantiate(store)?;
    store.data_mut().table = instance.get_table(store.as_context_mut(), TABLE);
    signal::attach(store, &instance);
    Ok(instance)
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
