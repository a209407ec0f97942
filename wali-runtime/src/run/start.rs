//! Starting a loaded program: memory, instance, the first call.

use std::convert::Infallible;
use std::ffi::{CStr, OsString};
use std::os::unix::ffi::OsStringExt as _;
use std::sync::atomic::{AtomicBool, Ordering};

use wasmtime::{AsContextMut as _, ExternType, Instance, Module, Store, TypedFunc};

use super::link::link;
use super::setting::Setting;
use super::start_error::StartError;
use crate::control::{handlers, threads};
use crate::kernel::process::{process_id, thread_id};
use crate::memory::{GuestMemory, Limits, Mappings};
use crate::program::{self, Process, Program, Start, Task, instantiate, is_guest_end};
use crate::signals::faults;

/// The export that is called when the user names none.
const START: &str = "_start";

/// The start routines of modules without a main function.
const STARTUP: [&str; 2] = ["__wali_startup", "_initialize"];

/// That this process is a program's. Dropped, it is nobody's again.
struct Claim;

/// Whether this process is a program's.
static CLAIMED: AtomicBool = AtomicBool::new(false);

impl Claim {
    /// # Errors
    /// It is one already.
    fn new() -> Result<Claim, StartError> {
        if CLAIMED.swap(true, Ordering::Relaxed) {
            return Err(StartError::SecondProgram);
        }
        Ok(Claim)
    }

    /// It stays one.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMED.store(false, Ordering::Relaxed);
    }
}

/// Runs `program` on the calling thread until the process, which is changed by `setting` and called
/// `name`, ends. `invoke` names the export to call after the start routine, for modules without a main
/// function.
///
/// # Errors
/// It could not be started.
pub(super) fn run(
    program: Program,
    start: Start,
    invoke: Option<&str>,
    name: &CStr,
    mut setting: Setting,
) -> Result<Infallible, StartError> {
    // The memory, the signal handlers, the numbers of process and threads: all are the process's.
    let claim = Claim::new()?;
    if thread_id() != process_id() {
        return Err(StartError::NotFirstThread);
    }
    let calls = first_calls(&program.module, invoke)?;
    if let Some(text) = start
        .args
        .iter()
        .chain(&start.env)
        .find(|text| text.contains(&0))
    {
        return Err(StartError::Nul(OsString::from_vec(text.clone())));
    }
    // Copies to and from the memory answer with faults.
    faults::install().map_err(StartError::Memory)?;
    let limits = Limits::of_host();
    let memory = GuestMemory::reserve().map_err(StartError::Memory)?;
    let (initial_pages, max_pages) = (program.facts.initial_pages, program.facts.max_pages);
    let mut mappings =
        Mappings::new(memory, initial_pages, max_pages).map_err(StartError::Memory)?;
    mappings.set_limit(limits.memory_bytes(program.initial_bytes()));
    setting.apply()?;
    claim.keep();
    setting.take_over(&start.args, name);
    let linked = link(&program.module).map_err(no_instance)?;
    // Lives as long as the process: threads and host functions refer to it without counting.
    let process: &'static Process = Box::leak(Box::new(Process::new(
        program, linked, mappings, limits, start,
    )));
    let mut store = Store::new(&process.program.engine, Task::new(memory, process));
    let instance = match instantiate(&mut store) {
        Ok(instance) => instance,
        Err(error) if is_guest_end(&error) => program::end(&error),
        Err(error) => return Err(no_instance(error)),
    };
    let calls: Vec<TypedFunc<(), ()>> = calls
        .into_iter()
        .map(|name| export(&mut store, &instance, name))
        .collect::<Result<_, _>>()?;
    handlers::enter(&mut store);
    for call in calls {
        if let Err(error) = call.call(&mut store, ()) {
            handlers::end(&mut store, &error);
        }
    }
    // Whoever returns has exited with status 0.
    threads::exit_group(process, memory, 0)
}

fn no_instance(error: wasmtime::Error) -> StartError {
    StartError::Instance(error.into())
}

/// The exports of `module` to call, in order.
///
/// # Errors
/// The one that is asked for is not there.
fn first_calls<'a>(module: &Module, invoke: Option<&'a str>) -> Result<Vec<&'a str>, StartError> {
    let is_there = |name: &str| match module.get_export(name) {
        Some(ExternType::Func(ty)) => ty.params().len() == 0 && ty.results().len() == 0,
        _ => false,
    };
    let last = invoke.unwrap_or(START);
    if !is_there(last) {
        return Err(StartError::NoExport(last.to_owned()));
    }
    let startup = STARTUP
        .into_iter()
        .find(|name| invoke.is_some() && is_there(name));
    Ok(startup.into_iter().chain([last]).collect())
}

fn export(
    store: &mut Store<Task>,
    instance: &Instance,
    name: &str,
) -> Result<TypedFunc<(), ()>, StartError> {
    let function = instance.get_typed_func(store.as_context_mut(), name);
    function.map_err(no_instance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_one_programs_until_its_start_fails() {
        let claim = Claim::new().expect("nobody's");
        assert!(matches!(Claim::new(), Err(StartError::SecondProgram)));
        drop(claim);
        Claim::new().expect("nobody's again").keep();
        assert!(matches!(Claim::new(), Err(StartError::SecondProgram)));
    }
}
