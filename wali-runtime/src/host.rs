//! What a command line has to ask this machine before there is a [`Runtime`](crate::Runtime).

use crate::kernel::process;
use crate::memory::Limits;
use crate::signals::faults;

/// Prepares the process for running a program: lifts its limits on memory and stack, which are the
/// program's and no measure for the engine, and keeps in mind which signals it was started to ignore.
///
/// A command calls it first of all; a [`Runtime`](crate::Runtime) that is built otherwise does so itself.
/// Further calls do nothing.
pub fn prepare() {
    faults::remember_ignored();
    let _ = Limits::of_host();
}

/// Whether the kernel has started this process because somebody executes a file that it runs
/// (binfmt_misc with the flag P): behind the file's path come that program's arguments, its name first.
pub fn is_started_for_a_file() -> bool {
    process::is_started_for_a_file()
}
