//! Files that nobody can exchange between a look at them and their use.
//!
//! The threads of a guest share one table of descriptors: what one of them opens, the others can use
//! at once, and what a path leads to they can change meanwhile. A helper thread with a table of its
//! own has neither problem. It opens the file without access to its data, looks at it, and keeps it
//! open while the caller uses it as `/proc/self/task/<helper>/fd/<number>`. Where there is no /proc, it
//! opens the file as it is wanted, looks at it, and sends the descriptor.

use std::convert::Infallible;
use std::ffi::CString;
use std::fs::File;
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, IntoRawFd as _, OwnedFd};
use std::sync::mpsc;
use std::thread::Builder;

use rustix::net::{
    self, AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};

use super::Stop;
use crate::kernel::descriptor::{self, Request};
use crate::kernel::{Errno, SigSet, process};
use crate::signals;

/// What the helper's few calls need.
const STACK_BYTES: usize = 1 << 16;

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

impl Pinned {
    /// Looks at `fd`, which `folder` has an entry of.
    ///
    /// # Errors
    /// - `EACCES`: the file is a process's memory.
    fn look(fd: i32, folder: &str) -> Result<Pinned, Errno> {
        if descriptor::is_process_memory(fd) {
            return Err(Errno::EACCES);
        }
        Ok(Pinned {
            path: CString::new(format!("{folder}/{fd}"))
                .ok()
                .filter(|path| descriptor::exists(path)),
            is_link: descriptor::is_link(fd),
            is_of_proc: descriptor::is_of_proc(fd),
        })
    }
}

/// Calls `then` while the file of `request` is kept open. The flags are to have `O_PATH` unless the file
/// is to be made.
///
/// # Errors
/// - `EACCES`: the file is a process's memory.
/// - `ENOMEM`: there can be no helper.
/// - The kernel's, and [`Stop::Interrupted`]: a signal has to be handled first.
pub(crate) fn with<R>(request: Request<'_>, then: impl FnOnce(&Pinned) -> R) -> Result<R, Stop> {
    if descriptor::are_shared() {
        return with_helper(request, then);
    }
    // Nobody else can use the descriptor. After `unshare(CLONE_NEWPID)` there could be no helper.
    let file = descriptor::out_of_the_way(File::from(request.open()?));
    Ok(then(&Pinned::look(file.as_raw_fd(), "/proc/self/fd")?))
}

fn with_helper<R>(request: Request<'_>, then: impl FnOnce(&Pinned) -> R) -> Result<R, Stop> {
    let (tell, told) = mpsc::sync_channel(1);
    let (release, released) = mpsc::channel::<Infallible>();
    let helper = move || {
        if tell.send(pin(request)).is_ok() {
            // Ends with an error when the caller is done.
            let _ = released.recv();
        }
    };
    helped(helper, || {
        let pinned = told.recv().map_err(|_| Errno::ENOMEM)??;
        let result = then(&pinned);
        drop(release);
        Ok(result)
    })
}

/// Opens the file of `request` with its flags, and answers the descriptor.
///
/// # Errors
/// - `EACCES`: the file is a process's memory, or a pipe: a helper that waits for the other end could
///   not be interrupted.
/// - As [`with`].
pub(crate) fn open_apart(request: Request<'_>) -> Result<i32, Stop> {
    let flags = SocketFlags::CLOEXEC;
    let (from, to) = net::socketpair(AddressFamily::UNIX, SocketType::DGRAM, flags, None)
        .map_err(Errno::from)?;
    let socket = to.as_fd();
    let (tell, told) = mpsc::sync_channel(1);
    let helper = move || {
        // The caller may be gone only if the process is.
        let _ = tell.send(open_and_send(request, socket));
    };
    let received = helped(helper, || {
        told.recv().map_err(|_| Errno::ENOMEM)??;
        Ok(receive(from.as_fd())?)
    })?;
    // The lowest numbers were the sockets'.
    drop((from, to));
    let moved = match request.flags & libc::O_CLOEXEC {
        0 => rustix::io::dup(&received),
        _ => rustix::io::fcntl_dupfd_cloexec(&received, 0),
    };
    Ok(moved.map_err(Errno::from)?.into_raw_fd())
}

/// Runs `work` beside a thread that runs `helper`, without signals.
///
/// # Errors
/// - `ENOMEM`: there can be no helper.
/// - `work`'s, and [`Stop::Interrupted`]: a signal has to be handled first.
fn helped<R>(
    helper: impl FnOnce() + Send,
    work: impl FnOnce() -> Result<R, Stop>,
) -> Result<R, Stop> {
    let mask = signals::block_all().ok_or(Stop::Interrupted)?;
    std::thread::scope(|scope| {
        let helper = move || {
            // The host's libc keeps some signals open in a new thread.
            signals::set_mask(SigSet::FULL);
            helper();
        };
        let spawned = signals::keeping_actions(|| {
            let builder = Builder::new().stack_size(STACK_BYTES);
            builder.spawn_scoped(scope, helper)
        });
        signals::set_mask(mask);
        spawned.map_err(|_| Errno::ENOMEM)?;
        work()
    })
}

/// Opens the file in the calling thread's own table.
fn pin(request: Request<'_>) -> Result<Pinned, Errno> {
    descriptor::leave_the_table()?;
    let folder = format!("/proc/self/task/{}/fd", process::thread_id());
    // It stays open as long as the table, that is the thread.
    Pinned::look(request.open()?.into_raw_fd(), &folder)
}

/// Opens the file in the calling thread's own table, and sends it to the socket `to`,
/// which has the same number there.
fn open_and_send(request: Request<'_>, to: BorrowedFd<'_>) -> Result<(), Errno> {
    descriptor::leave_the_table()?;
    let looked_at = Request {
        flags: libc::O_PATH | request.flags & libc::O_NOFOLLOW,
        ..request
    };
    if looked_at
        .open()
        .is_ok_and(|place| descriptor::is_pipe(place.as_raw_fd()))
    {
        return Err(Errno::EACCES);
    }
    let file = request.open()?;
    if descriptor::is_process_memory(file.as_raw_fd()) {
        return Err(Errno::EACCES);
    }
    let files = [file.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(&files));
    let bytes = [IoSlice::new(&[0])];
    net::sendmsg(to, &bytes, &mut control, SendFlags::empty()).map_err(Errno::from)?;
    Ok(())
}

/// The descriptor that was sent to `from`. If another of the guest's threads was faster, it has an
/// open file that it may have, and this one an error.
fn receive(from: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    let mut bytes = [IoSliceMut::new(&mut byte)];
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    net::recvmsg(from, &mut bytes, &mut control, flags).map_err(Errno::from)?;
    control
        .drain()
        .find_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut files) => files.next(),
            _ => None,
        })
        .ok_or(Errno::EMFILE)
}
