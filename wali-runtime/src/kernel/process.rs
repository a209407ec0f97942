//! The process itself: limits, ends, small kernel facilities of the start.

use std::ffi::CStr;
use std::io::Write as _;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::thread::JoinHandleExt;
use std::thread::JoinHandle;

use super::Errno;
use super::structs::Rlimit;

/// The soft value of a resource limit; `None` is unlimited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) soft: Option<u64>,
}

fn finite(value: libc::rlim_t) -> Option<u64> {
    (value != libc::RLIM_INFINITY).then_some(value)
}

/// The process's stack limit.
pub(crate) fn stack_limit() -> Limit {
    limit(libc::RLIMIT_STACK)
}

/// The process's limit on open files.
pub(crate) fn files_limit() -> Limit {
    limit(libc::RLIMIT_NOFILE)
}

fn limit(resource: libc::__rlimit_resource_t) -> Limit {
    let mut raw = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: `raw` is a valid place for the result; on failure it stays unlimited.
    unsafe { libc::getrlimit(resource, &mut raw) };
    Limit {
        soft: finite(raw.rlim_cur),
    }
}

/// The kernel's limit of the process for `resource`; unlimited when it knows no such resource.
pub(crate) fn resource_limit(resource: i32) -> Rlimit {
    let mut limit = Rlimit {
        cur: libc::RLIM_INFINITY,
        max: libc::RLIM_INFINITY,
    };
    let place = (&raw mut limit).cast::<libc::rlimit64>();
    // SAFETY: both types are two 64-bit words; on failure the place stays as it is.
    unsafe { libc::prlimit64(0, resource.cast_unsigned(), std::ptr::null(), place) };
    limit
}

/// Sets the kernel's limit of the process for `resource`, as far as the kernel allows it.
pub(crate) fn set_resource_limit(resource: i32, limit: Rlimit) {
    let place = (&raw const limit).cast::<libc::rlimit64>();
    // SAFETY: both types are two 64-bit words.
    unsafe { libc::prlimit64(0, resource.cast_unsigned(), place, std::ptr::null_mut()) };
}

/// Whether the process may raise its hard limits (`CAP_SYS_RESOURCE`).
pub(crate) fn may_raise_limits() -> bool {
    const VERSION_3: u32 = 0x2008_0522;
    const CAP_SYS_RESOURCE: u32 = 24;
    let header = [VERSION_3, 0];
    let mut sets = [[0u32; 3]; 2];
    // SAFETY: version 3 takes a header of two words and fills two structures of three.
    let failed = unsafe { libc::syscall(libc::SYS_capget, header.as_ptr(), sets.as_mut_ptr()) };
    failed == 0 && sets[0][0] >> CAP_SYS_RESOURCE & 1 != 0
}

/// Raises the soft limit for `resource` to `least`, and the hard one with it if this process may. Otherwise it
/// raises the soft one to the hard one; what is too little shows when it is reached.
pub(crate) fn lift_resource_limit(resource: i32, least: u64) {
    let Rlimit { max, .. } = resource_limit(resource);
    let cur = least.min(max);
    set_resource_limit(resource, Rlimit { cur, max });
    if cur < least && may_raise_limits() {
        let raised = Rlimit {
            cur: least,
            max: least,
        };
        set_resource_limit(resource, raised);
    }
}

/// Ends the process at once with `status`; nothing of the engine has to be flushed.
pub(crate) fn exit_now(status: i32) -> ! {
    // SAFETY: ends the process.
    unsafe { libc::_exit(status) }
}

/// The environment that this process was started with, every entry as it is.
pub(crate) fn environment() -> Vec<Vec<u8>> {
    unsafe extern "C" {
        static environ: *const *const libc::c_char;
    }
    let mut entries = Vec::new();
    // SAFETY: the array ends with a null, its entries are C strings, and nobody in the engine
    // changes the environment.
    unsafe {
        let mut next = environ;
        while !next.is_null() && !(*next).is_null() {
            entries.push(CStr::from_ptr(*next).to_bytes().to_vec());
            next = next.add(1);
        }
    }
    entries
}

/// Whether a riscv64 processor has the extension with this small letter.
#[cfg(target_arch = "riscv64")]
pub(crate) fn has_extension(letter: u8) -> bool {
    // SAFETY: reads a word that the kernel left there at the start.
    let letters = unsafe { libc::getauxval(libc::AT_HWCAP) };
    letters >> (letter - b'a') & 1 == 1
}

/// Whether the kernel started the engine for a file that was executed (binfmt_misc with the flag P). Then the
/// program's arguments, its name first, follow the file's path.
pub(crate) fn is_started_for_a_file() -> bool {
    const AT_FLAGS_PRESERVE_ARGV0: u64 = 1;
    // SAFETY: looks up a number in the auxiliary vector.
    unsafe { libc::getauxval(libc::AT_FLAGS) & AT_FLAGS_PRESERVE_ARGV0 != 0 }
}

/// Gives the calling thread, and those that it starts, the name that `ps` shows.
pub(crate) fn set_name(name: &CStr) {
    // SAFETY: the kernel reads a C string, of which it takes 15 bytes. It cannot fail.
    unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
}

/// Ends the calling thread with `status`; if it is the process's first, that is the process's
/// status once its other threads have ended.
pub(crate) fn exit_thread(status: i32) -> ! {
    // SAFETY: ends the thread. Its stack and thread-local storage stay mapped.
    unsafe { libc::syscall(libc::SYS_exit, status) };
    unreachable!("the kernel ends the thread")
}

/// The process's number.
pub(crate) fn process_id() -> i32 {
    std::process::id().cast_signed()
}

/// Whether this process has a thread of that number.
pub(crate) fn has_thread(tid: i32) -> bool {
    // SAFETY: signal 0 is never delivered.
    unsafe { libc::syscall(libc::SYS_tgkill, process_id(), tid, 0) == 0 }
}

/// Whether process `pid` runs the same program file as this one.
pub(crate) fn is_of_this_engine(pid: i32) -> bool {
    let file = |name: &str| std::fs::metadata(name).map(|file| (file.dev(), file.ino()));
    match (file("/proc/self/exe"), file(&format!("/proc/{pid}/exe"))) {
        (Ok(own), Ok(other)) => own == other,
        _ => false,
    }
}

/// The kernel's number of the calling thread.
pub(crate) fn thread_id() -> i32 {
    // SAFETY: no arguments, cannot fail.
    unsafe { libc::gettid() }
}

/// Keeps errors from recording a backtrace because of `RUST_BACKTRACE`: the ends of threads and jumps out of
/// handlers are errors to wasmtime, and each would take twice as long. `RUST_LIB_BACKTRACE` still asks for it, and
/// panics show theirs in any case.
///
/// To be called before there is a second thread.
pub(crate) fn record_no_backtraces() {
    const SWITCH: &str = "RUST_LIB_BACKTRACE";
    if std::env::var_os(SWITCH).is_none() {
        // SAFETY: no other thread reads the environment meanwhile.
        unsafe { std::env::set_var(SWITCH, "0") };
    }
}

/// The kernel's number of a thread that was started; `None` when it is over.
///
/// It is part of the number of the thread's clock, which the host's libc returns: the bits above the lowest
/// three, inverted (the kernel's `include/linux/posix-timers_types.h`).
pub(crate) fn id_of_thread<T>(thread: &JoinHandle<T>) -> Option<i32> {
    let mut clock: libc::clockid_t = 0;
    // SAFETY: the handle keeps the libc's record of the thread; `clock` is a valid place.
    let error = unsafe { libc::pthread_getcpuclockid(thread.as_pthread_t(), &mut clock) };
    let tid = !(clock >> 3);
    (error == 0 && tid > 0).then_some(tid)
}

/// Ends the process by `signal`, as if it had never been caught, without a core file: the
/// reservation of the guest's memory would make it useless. The first process of a namespace, which
/// does not die of signals that it sends itself, ends with the status that shells give the signal.
pub(crate) fn die_of(signal: i32) -> ! {
    let no_core = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: plain calls on values of this frame; the process ends here either way.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &no_core);
        libc::signal(signal, libc::SIG_DFL);
        let mut set = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, signal);
        // To this thread: another one might take it later than this one goes on.
        libc::raise(signal);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
        libc::_exit(128 + signal)
    }
}

/// How many of the highest descriptor numbers are tried for the engine's own files.
const OWN_DESCRIPTORS: u64 = 64;

/// A file in memory, with one of the highest descriptor numbers, so that the guest's own descriptors
/// get the numbers they would have natively.
///
/// # Errors
/// The kernel's.
pub(crate) fn memory_file(name: &CStr) -> Result<OwnedFd, Errno> {
    // SAFETY: the name is a C string; the new descriptor is owned by nobody else.
    let file = unsafe {
        let fd = libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return Err(Errno::last());
        }
        OwnedFd::from_raw_fd(fd)
    };
    Ok(move_up(file))
}

/// The reading end of a pipe that holds `contents`, with a number like that of [`memory_file`]; `None` when a
/// pipe cannot hold them.
pub(crate) fn filled_pipe(contents: &[u8]) -> Option<OwnedFd> {
    let size = i32::try_from(contents.len()).ok()?;
    let (read, write) = std::io::pipe().ok()?;
    // SAFETY: makes the pipe larger, or leaves it as it is.
    let room = unsafe {
        libc::fcntl(write.as_raw_fd(), libc::F_SETPIPE_SZ, size);
        libc::fcntl(write.as_raw_fd(), libc::F_GETPIPE_SZ)
    };
    if room < size {
        return None;
    }
    (&write).write_all(contents).ok()?;
    Some(move_up(read.into()))
}

/// The descriptor with one of the highest numbers, if one is free; closed by `exec`.
pub(crate) fn move_up(file: OwnedFd) -> OwnedFd {
    let limit = files_limit().soft.unwrap_or(1024).min(1 << 20);
    let lowest = limit.saturating_sub(OWN_DESCRIPTORS);
    // SAFETY: the first number that is free from there on up is taken; nobody else owns it.
    unsafe {
        let fd = libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, lowest as i32);
        if fd < 0 {
            return file;
        }
        OwnedFd::from_raw_fd(fd)
    }
}
