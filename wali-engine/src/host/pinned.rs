//! Files that nobody can exchange between a look at them and their use.
//!
//! The threads of a guest share one table of descriptors: what one of them opens, the others can use
//! at once, and what a path leads to they can change meanwhile. A helper thread with a table of its
//! own has neither problem. It opens the file without access to its data, looks at it, and keeps it
//! open while the caller uses it as `/proc/self/task/<helper>/fd/<number>`.

use std::convert::Infallible;
use std::ffi::{CStr, CString};
use std::sync::mpsc;
use std::thread::Builder;

use super::{descriptor, signals};
use crate::signal::SigSet;
use crate::{Errno, Stop};

/// What the helper's few calls need.
const STACK_BYTES: usize = 1 << 16;

/// What to open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The folder that a relative path starts from.
    pub(crate) dirfd: i32,
    /// The path.
    pub(crate) path: &'a CStr,
    /// `O_…` flags; with `O_PATH` unless the file is to be made.
    pub(crate) flags: i32,
    /// The permissions of a file that is made.
    pub(crate) mode: u32,
    /// `RESOLVE_…` flags.
    pub(crate) resolve: u64,
}

/// A file that is kept open.
#[derive(Debug)]
pub(crate) struct Pinned {
    /// The path that leads to it and nothing else; `None` where there is no /proc.
    pub(crate) path: Option<CString>,
    /// Whether it is a symbolic link.
    pub(crate) is_link: bool,
    /// Whether it is a file of /proc.
    pub(crate) is_of_proc: bool,
}

/// Calls `then` while the file of `request` is kept open.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - `ENOMEM`: there can be no helper.
/// - The kernel's, and [`Stop::Interrupted`]: a signal has to be handled first.
pub(crate) fn with<R>(request: Request<'_>, then: impl FnOnce(&Pinned) -> R) -> Result<R, Stop> {
    let mask = signals::block_all().ok_or(Stop::Interrupted)?;
    std::thread::scope(|scope| {
        let (tell, told) = mpsc::sync_channel(1);
        let (release, released) = mpsc::channel::<Infallible>();
        let helper = move || {
            // The host's libc keeps some signals open in a new thread.
            signals::set_mask(SigSet::FULL);
            if tell.send(pin(request)).is_ok() {
                // Ends with an error when the caller is done.
                let _ = released.recv();
            }
        };
        let spawned = signals::keeping_actions(|| {
            let builder = Builder::new().stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, helper)
        });
        signals::set_mask(mask);
        spawned.map_err(|_| Errno::ENOMEM)?;
        let pinned = told.recv().map_err(|_| Errno::ENOMEM)??;
        let result = then(&pinned);
        drop(release);
        Ok(result)
    })
}

/// Opens the file in the calling thread's own table, which ends with the thread.
fn pin(request: Request<'_>) -> Result<Pinned, Errno> {
    // SAFETY: only the calling thread is concerned, and it has no descriptors that it relies on.
    if unsafe { libc::unshare(libc::CLONE_FILES) } != 0 {
        return Err(Errno::last());
    }
    let fd = open(request)?;
    if descriptor::is_process_memory(fd) {
        return Err(Errno::EACCES);
    }
    let path = format!("/proc/self/task/{}/fd/{fd}", signals::thread_id());
    Ok(Pinned {
        path: CString::new(path)
            .ok()
            .filter(|path| descriptor::exists(path)),
        is_link: descriptor::is_link(fd),
        is_of_proc: descriptor::is_of_proc(fd),
    })
}

fn open(request: Request<'_>) -> Result<i32, Errno> {
    let flags = request.flags | libc::O_CLOEXEC;
    let how = [flags as u64, u64::from(request.mode), request.resolve];
    // SAFETY: the path is a C string, `how` a structure of that size; the new descriptor is this
    // thread's alone.
    let fd = unsafe {
        if request.resolve == 0 {
            let mode = request.mode;
            libc::openat(request.dirfd, request.path.as_ptr(), flags, mode).into()
        } else {
            let size = size_of_val(&how);
            let (path, how) = (request.path.as_ptr(), how.as_ptr());
            libc::syscall(libc::SYS_openat2, request.dirfd, path, how, size)
        }
    };
    if fd < 0 {
        return Err(Errno::last());
    }
    Ok(fd as i32)
}
