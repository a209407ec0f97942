//! What a descriptor stands for.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use libc::AT_SYMLINK_NOFOLLOW;

use super::word::{HostPtr, Word};
use super::{Errno, FileId};

/// `PROC_SUPER_MAGIC`: the file system of /proc.
const PROC_MAGIC: i64 = 0x9fa0;

/// Whether somebody besides the calling thread can use the process's descriptors.
static SHARED: AtomicBool = AtomicBool::new(false);

/// Whether another thread, or a process that was made so, can use the descriptors of this one.
#[inline]
pub(crate) fn are_shared() -> bool {
    SHARED.load(Ordering::Relaxed)
}

/// Notes whether from now on anybody else can use them; in a new process nobody else can.
pub(crate) fn set_shared(shared: bool) {
    SHARED.store(shared, Ordering::Relaxed);
}

/// Held while the engine has a descriptor of its own in the guest's table for a moment, and by whoever
/// forks: the new process is not to inherit it.
static PASSING: Mutex<()> = Mutex::new(());

/// Locks [`PASSING`].
pub(crate) fn lock_passing() -> MutexGuard<'static, ()> {
    PASSING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether `fd` is open.
///
/// # Errors
/// - `EBADF`: it is not.
pub(crate) fn check(fd: i32) -> Result<(), Errno> {
    // SAFETY: F_GETFD reads the descriptor's flags only.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return Err(Errno::last());
    }
    Ok(())
}

/// The address family of a socket; `None` for what is no socket.
pub(crate) fn socket_family(fd: i32) -> Option<i32> {
    let (mut family, mut len) = (0i32, size_of::<i32>() as libc::socklen_t);
    let (value, level) = ((&raw mut family).cast(), libc::SOL_SOCKET);
    // SAFETY: the value has room for the length that is passed, and both live through the call.
    let result = unsafe { libc::getsockopt(fd, level, libc::SO_DOMAIN, value, &raw mut len) };
    (result == 0).then_some(family)
}

/// Closes `fd`.
pub(crate) fn close(fd: i32) {
    // SAFETY: the descriptor was made for the guest and is not used by the engine.
    unsafe { libc::close(fd) };
}

/// The file with another number, one that a program which is executed gets too.
///
/// # Errors
/// The kernel's.
pub(crate) fn kept_by_exec(file: &OwnedFd) -> Result<OwnedFd, Errno> {
    const BEHIND_STANDARD: libc::c_int = 3;
    // SAFETY: numbers only; the new descriptor is owned by nobody else.
    unsafe {
        let fd = libc::fcntl(file.as_raw_fd(), libc::F_DUPFD, BEHIND_STANDARD);
        if fd < 0 {
            return Err(Errno::last());
        }
        Ok(OwnedFd::from_raw_fd(fd))
    }
}

/// Moves an open file to a high number, out of the way of a program that counts on the low ones.
pub(crate) fn out_of_the_way(file: File) -> File {
    const HIGH: [libc::c_int; 2] = [1000, 200];
    for least in HIGH {
        // SAFETY: the descriptor is open; the copy belongs to nobody else.
        let copy = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, least) };
        if copy >= 0 {
            // SAFETY: as above.
            return unsafe { File::from_raw_fd(copy) };
        }
    }
    // The limit on descriptors is low; the file stays where it is.
    file
}

/// Whether `fd` is a process's memory: `/proc/<pid>/mem`, by whatever name it was opened.
///
/// Through it a program could read and write the engine. Threads could open such a file by another
/// name, so none can be given to it.
///
/// Differs from Linux (mount, open_tree, open_tree_attr): the memory file of a process is refused with
/// `EACCES`.
pub(crate) fn is_process_memory(fd: i32) -> bool {
    // The mode is asked for first, as it costs least: some file systems count all of their pages to describe
    // themselves.
    if mode_of(fd) != Some(libc::S_IFREG | 0o600) || !is_of_proc(fd) {
        return false;
    }
    // Without a name to judge by, every file with these permissions counts. Bound to another place
    // the file has another name, but still takes positions that no other file does.
    path_of(fd).is_none_or(|path| path.ends_with(b"/mem")) || takes_any_position(fd)
}

/// The same for a file that was just opened. Nobody relies on its position yet, so a cheap call that changes
/// it decides nearly always.
pub(crate) fn is_process_memory_just_opened(fd: i32) -> bool {
    match position(fd, i64::MIN) {
        // Only stands for a place, which has no position.
        Err(Errno::EBADF) => is_process_memory(fd),
        Err(_) => false,
        Ok(_) => {
            let is_memory = is_process_memory(fd);
            if !is_memory {
                // One of the few other files that take it, as /proc/<pid>/environ does.
                let _ = position(fd, 0);
            }
            is_memory
        }
    }
}

/// Whether `fd` is a file of /proc.
pub(crate) fn is_of_proc(fd: i32) -> bool {
    file_system(fd).is_some_and(|system| system.f_type == PROC_MAGIC)
}

/// The size in bytes of the huge pages that a file consists of; `None` for any other file.
pub(crate) fn huge_page_of(fd: i32) -> Option<u64> {
    let system = file_system(fd)?;
    (system.f_type == libc::HUGETLBFS_MAGIC).then_some(system.f_bsize as u64)
}

fn file_system(fd: i32) -> Option<libc::statfs> {
    // SAFETY: all-zero bytes are a valid `statfs`.
    let mut system: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: `system` is a valid place for the result.
    (unsafe { libc::fstatfs(fd, &mut system) } == 0).then_some(system)
}

/// Whether `fd` is a symbolic link.
pub(crate) fn is_link(fd: i32) -> bool {
    mode_of(fd).is_some_and(|mode| mode & libc::S_IFMT == libc::S_IFLNK)
}

/// Whether `fd` is a pipe with a name, or one without.
pub(crate) fn is_pipe(fd: i32) -> bool {
    mode_of(fd).is_some_and(|mode| mode & libc::S_IFMT == libc::S_IFIFO)
}

/// The file at `path`, an address of the host's or the guest's, if there is one.
pub(crate) fn file_at(dirfd: i32, path: HostPtr<'_>, at_flags: i32) -> Option<FileId> {
    // SAFETY: all-zero bytes are a valid `stat`.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    let path = Word::from(path).value();
    let into = &raw mut stat;
    // SAFETY: `stat` is a valid place for the result, and the kernel checks the path's address.
    let result = unsafe { libc::syscall(libc::SYS_newfstatat, dirfd, path, into, at_flags) };
    (result == 0).then_some(FileId {
        device: stat.st_dev,
        inode: stat.st_ino,
    })
}

/// Which file is open as `fd`, and through which mount: `stx_dev_major`, `stx_dev_minor`, `stx_ino`,
/// `stx_mnt_id`. `None` on kernels that do not tell.
pub(crate) fn whereabouts(fd: i32) -> Option<[u64; 4]> {
    const MASK: u32 = libc::STATX_INO | libc::STATX_MNT_ID;
    // SAFETY: all-zero bytes are a valid `statx`.
    let mut statx: libc::statx = unsafe { std::mem::zeroed() };
    // SAFETY: the path is a C string, and `statx` a valid place for the result.
    let result = unsafe { libc::statx(fd, c"".as_ptr(), libc::AT_EMPTY_PATH, MASK, &mut statx) };
    (result == 0 && statx.stx_mask & MASK == MASK).then_some([
        statx.stx_dev_major.into(),
        statx.stx_dev_minor.into(),
        statx.stx_ino,
        statx.stx_mnt_id,
    ])
}

/// Whether something is at `path`.
pub(crate) fn exists(path: &CStr) -> bool {
    // SAFETY: the path is a C string.
    unsafe {
        libc::faccessat(
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::F_OK,
            AT_SYMLINK_NOFOLLOW,
        ) == 0
    }
}

fn mode_of(fd: i32) -> Option<u32> {
    // SAFETY: all-zero bytes are a valid `stat`.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is a valid place for the result.
    (unsafe { libc::fstat(fd, &mut stat) } == 0).then_some(stat.st_mode)
}

/// Whether the file can be positioned at the negative end of all numbers: for a process's memory
/// those are addresses, for nearly all else an error that changes nothing.
fn takes_any_position(fd: i32) -> bool {
    position(fd, i64::MIN) == Ok(i64::MIN)
}

/// Positions the file.
fn position(fd: i32, at: i64) -> Result<i64, Errno> {
    // SAFETY: no memory is concerned.
    let result = unsafe { libc::lseek(fd, at, libc::SEEK_SET) };
    match result {
        -1 => Err(Errno::last()),
        position => Ok(position),
    }
}

/// The path of an open file, as the kernel knows it.
pub(crate) fn path_of(fd: i32) -> Option<Vec<u8>> {
    let link = CString::new(format!("/proc/self/fd/{fd}")).ok()?;
    let mut path = vec![0u8; libc::PATH_MAX as usize];
    // SAFETY: the link is a C string, and the buffer is as long as is said.
    let len = unsafe { libc::readlink(link.as_ptr(), path.as_mut_ptr().cast(), path.len()) };
    path.truncate(usize::try_from(len).ok()?);
    Some(path)
}

/// Gives the calling thread a table of descriptors of its own, which ends with the thread.
///
/// # Errors
/// The kernel's.
pub(crate) fn leave_the_table() -> Result<(), Errno> {
    // SAFETY: only the calling thread is concerned, and it has no descriptors that it relies on.
    match unsafe { libc::unshare(libc::CLONE_FILES) } {
        0 => Ok(()),
        _ => Err(Errno::last()),
    }
}

/// A file to open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The folder that a relative path starts from.
    pub(crate) dirfd: i32,
    /// The path.
    pub(crate) path: &'a CStr,
    /// `O_…` flags.
    pub(crate) flags: i32,
    /// The permissions of a file that is made.
    pub(crate) mode: u32,
    /// `RESOLVE_…` flags.
    pub(crate) resolve: u64,
}

impl Request<'_> {
    /// Opens it, to be closed by exec.
    ///
    /// # Errors
    /// The kernel's.
    pub(crate) fn open(self) -> Result<OwnedFd, Errno> {
        let flags = self.flags | libc::O_CLOEXEC;
        let how = [flags as u64, u64::from(self.mode), self.resolve];
        // SAFETY: the path is a C string, `how` a structure of that size; the new descriptor belongs to
        // nobody else.
        unsafe {
            let fd = if self.resolve == 0 {
                libc::openat(self.dirfd, self.path.as_ptr(), flags, self.mode).into()
            } else {
                let size = size_of_val(&how);
                let (path, how) = (self.path.as_ptr(), how.as_ptr());
                libc::syscall(libc::SYS_openat2, self.dirfd, path, how, size)
            };
            if fd < 0 {
                return Err(Errno::last());
            }
            Ok(OwnedFd::from_raw_fd(fd as i32))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;

    use super::*;

    #[test]
    fn only_the_memory_files_of_processes_are_process_memory() {
        let pid = std::process::id();
        let by_link = std::env::temp_dir().join(format!("wali-mem-{pid}"));
        std::os::unix::fs::symlink("/proc/self/mem", &by_link).expect("a symbolic link");
        for path in ["/proc/self/mem", "/proc/thread-self/mem"]
            .map(std::path::PathBuf::from)
            .into_iter()
            .chain([format!("/proc/{pid}/mem").into(), by_link.clone()])
        {
            let file = File::open(&path).expect("readable by its own process");
            assert!(is_process_memory(file.as_raw_fd()), "{}", path.display());
        }
        std::fs::remove_file(&by_link).expect("our own link");
        for path in [
            "/proc/self/maps",
            "/proc/self/stat",
            "/proc/self",
            "/proc/meminfo",
            "/dev/null",
        ] {
            let file = File::open(path).expect("readable by everyone");
            assert!(!is_process_memory(file.as_raw_fd()), "{path}");
        }
        let file = OpenOptions::new().write(true).open("/proc/self/mem");
        let file = file.expect("writable by its own process");
        assert!(is_process_memory(file.as_raw_fd()));
        assert!(takes_any_position(file.as_raw_fd()));
        for path in [
            "/proc/self/maps",
            "/proc/meminfo",
            "/dev/null",
            "/proc/self/exe",
        ] {
            let file = File::open(path).expect("readable by everyone");
            assert!(!takes_any_position(file.as_raw_fd()), "{path}");
        }
    }
}
