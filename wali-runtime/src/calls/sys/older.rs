//! Calls that newer instruction sets no longer have, through their relatives, which take other units
//! or structures: `poll`, `select`, `dup2`, `alarm`, `epoll_create`, `futimesat`, `utime`, `utimes`,
//! `getdents`, `ustat`. The others of their kind have a `via` in the spec.

#![cfg_attr(
    target_arch = "x86_64",
    allow(dead_code, reason = "x86-64's kernel has these calls")
)]

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt as _;

use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::{Cx, SysResult};

/// Seconds and a part of a second.
type Time = [i64; 2];

/// `poll(fds, nfds, timeout)`.
///
/// # Errors
/// - `EINTR`: a handler ran before a descriptor was ready.
/// - `EINVAL`: `nfds` is over `RLIMIT_NOFILE`.
/// - `EFAULT`: a pointer.
/// - Other errors are the kernel's.
pub(super) fn poll(cx: &mut Cx<'_>, fds: GuestAddr, nfds: u64, timeout: i32) -> SysResult {
    let mut limit = of_milliseconds(timeout);
    let words = [
        HostPtr::guest(cx.data().memory, fds).into(),
        nfds.into(),
        // The kernel leaves here what remains, for when it starts the call anew.
        (limit.as_mut())
            .map_or(HostPtr::NULL, HostPtr::output)
            .into(),
    ];
    kernel(cx, libc::SYS_ppoll, &words)
}

/// `select(nfds, readfds, writefds, exceptfds, timeout)`: `timeout` becomes what remains of it.
///
/// # Errors
/// - `EFAULT`: `timeout` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn select(
    cx: &mut Cx<'_>,
    nfds: i32,
    readfds: GuestAddr,
    writefds: GuestAddr,
    exceptfds: GuestAddr,
    timeout: GuestPtr<Time>,
) -> SysResult {
    let memory = cx.data().memory;
    let mut limit = match timeout.non_null() {
        Some(timeout) => Some(of_loose_microseconds(memory.load(timeout)?)),
        None => None,
    };
    let asked = limit;
    let words = [
        nfds.into(),
        HostPtr::guest(memory, readfds).into(),
        HostPtr::guest(memory, writefds).into(),
        HostPtr::guest(memory, exceptfds).into(),
        (limit.as_mut())
            .map_or(HostPtr::NULL, HostPtr::output)
            .into(),
    ];
    let result = kernel(cx, libc::SYS_pselect6, &words);
    if limit != asked
        && let Some([seconds, nanoseconds]) = limit
    {
        // As in the kernel: where it cannot be written it stays as it was.
        let _ = memory.store(timeout, [seconds, nanoseconds / 1000]);
    }
    result
}

/// `dup2(oldfd, newfd)`.
///
/// # Errors
/// - `EBADF`: `oldfd` is not open, or `newfd` is over `RLIMIT_NOFILE`.
/// - Other errors are the kernel's.
pub(super) fn dup2(cx: &mut Cx<'_>, oldfd: i32, newfd: i32) -> SysResult {
    if oldfd == newfd {
        // `dup3` refuses these.
        kernel(cx, libc::SYS_fcntl, &[oldfd.into(), libc::F_GETFD.into()])?;
        return Ok(newfd.into());
    }
    kernel(
        cx,
        libc::SYS_dup3,
        &[oldfd.into(), newfd.into(), Word::ZERO],
    )
}

/// `alarm(seconds)`: returns the seconds that were left of the alarm before.
///
/// # Errors
/// None.
pub(super) fn alarm(cx: &mut Cx<'_>, seconds: u32) -> SysResult {
    let new: [Time; 2] = [[0, 0], [i64::from(seconds), 0]];
    let mut old: [Time; 2] = [[0, 0]; 2];
    let words = [
        libc::ITIMER_REAL.into(),
        HostPtr::input(&new).into(),
        HostPtr::output(&mut old).into(),
    ];
    kernel(cx, libc::SYS_setitimer, &words)?;
    Ok(rounded(old[1]))
}

/// `epoll_create(size)`.
///
/// # Errors
/// - `EINVAL`: `size` is not positive.
/// - Other errors are the kernel's.
pub(super) fn epoll_create(cx: &mut Cx<'_>, size: i32) -> SysResult {
    if size <= 0 {
        return Err(Errno::EINVAL.into());
    }
    kernel(cx, libc::SYS_epoll_create1, &[Word::ZERO])
}

/// `futimesat(dirfd, pathname, times)`.
///
/// # Errors
/// - `EFAULT`: `times` cannot be read.
/// - `EINVAL`: microseconds that are none.
/// - Other errors are the kernel's.
pub(super) fn futimesat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    times: GuestPtr<[Time; 2]>,
) -> SysResult {
    let times = match times.non_null() {
        Some(times) => Some(of_microseconds(cx.data().memory.load(times)?)?),
        None => None,
    };
    set_times(cx, dirfd, pathname, times)
}

/// `utimes(filename, times)`.
///
/// # Errors
/// As [`futimesat`].
pub(super) fn utimes(
    cx: &mut Cx<'_>,
    filename: GuestAddr,
    times: GuestPtr<[Time; 2]>,
) -> SysResult {
    futimesat(cx, libc::AT_FDCWD, filename, times)
}

/// `utime(filename, times)`: whole seconds.
///
/// # Errors
/// - `EFAULT`: `times` cannot be read.
/// - Other errors are the kernel's.
pub(super) fn utime(cx: &mut Cx<'_>, filename: GuestAddr, times: GuestPtr<[i64; 2]>) -> SysResult {
    let times = match times.non_null() {
        Some(times) => Some(cx.data().memory.load(times)?.map(|seconds| [seconds, 0])),
        None => None,
    };
    set_times(cx, libc::AT_FDCWD, filename, times)
}

/// Calls `utimensat` with these times, or with the present one.
fn set_times(
    cx: &mut Cx<'_>,
    dirfd: i32,
    pathname: GuestAddr,
    times: Option<[Time; 2]>,
) -> SysResult {
    let words = [
        dirfd.into(),
        HostPtr::guest(cx.data().memory, pathname).into(),
        times.as_ref().map_or(HostPtr::NULL, HostPtr::input).into(),
        Word::ZERO,
    ];
    kernel(cx, libc::SYS_utimensat, &words)
}

/// `getdents(fd, dirp, count)`.
///
/// # Errors
/// - `EBADF`, `ENOTDIR`: `fd` is not open, or no folder.
/// - `EINVAL`: `count` is too small for the next entry.
/// - `EFAULT`: `dirp` cannot be written.
/// - Other errors are the kernel's.
pub(super) fn getdents(cx: &mut Cx<'_>, fd: i32, dirp: GuestAddr, count: u32) -> SysResult {
    let memory = cx.data().memory;
    let words = [fd.into(), HostPtr::guest(memory, dirp).into(), count.into()];
    let len = kernel(cx, libc::SYS_getdents64, &words)?;
    let mut entries = vec![0; usize::try_from(len).unwrap_or(0)];
    memory.read_bytes(dirp, &mut entries)?;
    make_entries_older(&mut entries);
    memory.write_bytes(dirp, &entries)?;
    Ok(len)
}

/// Turns entries of `getdents64` into those of `getdents`, which are of the same length: number, position and
/// length stay, the name moves to where the kind was, and the kind becomes the last byte.
fn make_entries_older(entries: &mut [u8]) {
    const LEN_AT: usize = 16;
    const KIND_AT: usize = 18;
    let mut rest = entries;
    while rest.len() > KIND_AT {
        let len = usize::from(u16::from_ne_bytes([rest[LEN_AT], rest[LEN_AT + 1]]));
        if len <= KIND_AT || len > rest.len() {
            return;
        }
        let (entry, others) = rest.split_at_mut(len);
        let kind = entry[KIND_AT];
        entry.copy_within(KIND_AT + 1.., KIND_AT);
        entry[len - 1] = kind;
        rest = others;
    }
}

/// `ustat(dev, ubuf)`: how much of a mounted file system is free.
///
/// Differs from Linux: only file systems are found that are mounted where the program can see them.
///
/// # Errors
/// - `EINVAL`: no such device has a file system.
/// - `EFAULT`: `ubuf`.
/// - Other errors are the kernel's.
pub(super) fn ustat(cx: &mut Cx<'_>, dev: u32, ubuf: GuestPtr<[u32; 8]>) -> SysResult {
    let mounts = std::fs::read("/proc/self/mountinfo").map_err(|_| Errno::EINVAL)?;
    let path = mount_point(&mounts, dev).ok_or(Errno::EINVAL)?;
    let mut state = [0_u64; 15];
    let words = [
        HostPtr::input(path.to_bytes_with_nul()).into(),
        HostPtr::output(&mut state).into(),
    ];
    kernel(cx, libc::SYS_statfs, &words)?;
    // `struct statfs` in words: type, block size, blocks, free ones, available ones, files, free ones.
    let (blocks, files) = (state[3], state[6]);
    let found = [
        blocks as u32,
        0,
        files as u32,
        (files >> 32) as u32,
        0,
        0,
        0,
        0,
    ];
    cx.data().memory.store(ubuf, found)?;
    Ok(0)
}

/// Where the file system of device `dev` is mounted, by the text of /proc/self/mountinfo.
fn mount_point(mounts: &[u8], dev: u32) -> Option<CString> {
    let (major, minor) = (dev >> 8 & 0xfff, dev & 0xff | dev >> 12 & 0xf_ff00);
    let device = format!("{major}:{minor}").into_bytes();
    // A later mount may lie on an earlier one.
    let lines = mounts.rsplit(|&byte| byte == b'\n');
    let mut lines = lines.map(|line| line.split(|&byte| byte == b' '));
    let path = lines.find_map(|mut words| {
        let is_it = words.nth(2) == Some(device.as_slice());
        // Behind the device comes what of the file system is mounted there.
        is_it.then(|| words.nth(1)).flatten()
    })?;
    let path = std::ffi::OsString::from_vec(unescaped(path));
    CString::new(path.into_vec()).ok()
}

/// A path of mountinfo, where spaces and the like are three octal digits.
fn unescaped(path: &[u8]) -> Vec<u8> {
    let digits = |text: &[u8]| {
        let text = std::str::from_utf8(text).ok()?;
        u8::from_str_radix(text, 8).ok()
    };
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, behind)) = rest.split_first() {
        match behind.get(..3).filter(|_| byte == b'\\').and_then(digits) {
            Some(escaped) => {
                out.push(escaped);
                rest = &behind[3..];
            }
            None => {
                out.push(byte);
                rest = behind;
            }
        }
    }
    out
}

/// A limit of `poll`; less than 0 is none.
fn of_milliseconds(limit: i32) -> Option<Time> {
    let limit = i64::from(limit);
    (limit >= 0).then(|| [limit / 1000, limit % 1000 * 1_000_000])
}

/// A limit of `select`, whose microseconds may be more than a second.
fn of_loose_microseconds([seconds, microseconds]: Time) -> Time {
    [
        seconds.wrapping_add(microseconds / 1_000_000),
        microseconds % 1_000_000 * 1000,
    ]
}

/// Times of files.
///
/// # Errors
/// - `EINVAL`: microseconds that are none.
fn of_microseconds(times: [Time; 2]) -> Result<[Time; 2], Errno> {
    if times.iter().any(|time| !(0..1_000_000).contains(&time[1])) {
        return Err(Errno::EINVAL);
    }
    Ok(times.map(|[seconds, microseconds]| [seconds, microseconds * 1000]))
}

/// What is left of an alarm, in whole seconds; never 0 where something is left.
fn rounded([seconds, microseconds]: Time) -> i64 {
    let up = microseconds >= 500_000 || seconds == 0 && microseconds > 0;
    seconds + i64::from(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_change_their_units() {
        assert_eq!(of_milliseconds(-1), None);
        assert_eq!(of_milliseconds(0), Some([0, 0]));
        assert_eq!(of_milliseconds(2_001), Some([2, 1_000_000]));
        assert_eq!(of_loose_microseconds([1, 2_500_000]), [3, 500_000_000]);
        // The kernel refuses what is negative.
        assert_eq!(of_loose_microseconds([0, -1]), [0, -1000]);
        let times = of_microseconds([[5, 999_999], [-7, 0]]);
        assert_eq!(times, Ok([[5, 999_999_000], [-7, 0]]));
        for wrong in [-1, 1_000_000] {
            let refused = of_microseconds([[0, 0], [0, wrong]]);
            assert_eq!(refused, Err(Errno::EINVAL), "{wrong}");
        }
    }

    #[test]
    fn what_is_left_of_an_alarm_is_rounded_but_not_to_nothing() {
        let cases = [
            ([0, 0], 0),
            ([0, 1], 1),
            ([3, 499_999], 3),
            ([3, 500_000], 4),
            ([0, 500_000], 1),
        ];
        for (left, expected) in cases {
            assert_eq!(rounded(left), expected, "{left:?}");
        }
    }

    #[test]
    fn entries_of_folders_lose_no_name() {
        let entry = |kind: u8, name: &[u8], older: bool| {
            let len = (19 + name.len() + 1).next_multiple_of(8);
            let mut entry = [1_u64.to_ne_bytes(), 2_u64.to_ne_bytes()].concat();
            entry.extend((len as u16).to_ne_bytes());
            if !older {
                entry.push(kind);
            }
            entry.extend(name);
            entry.resize(len, 0);
            if older {
                entry[len - 1] = kind;
            }
            entry
        };
        let all = |older| {
            let names: [(u8, &[u8]); 4] = [(4, b"."), (8, b"abcd"), (8, b"abcde"), (10, b"x")];
            names.map(|(kind, name)| entry(kind, name, older)).concat()
        };
        let mut entries = all(false);
        make_entries_older(&mut entries);
        assert_eq!(entries, all(true));
        // What is no entry stays.
        let mut odd = vec![0xff; 40];
        make_entries_older(&mut odd);
        assert_eq!(odd, [0xff; 40]);
    }

    #[test]
    fn a_device_is_found_where_it_was_mounted_last() {
        let mounts = b"21 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
            22 21 0:300 / /a\\040b rw shared:1 - tmpfs x rw\n\
            23 21 8:1 /sub /mnt rw - ext4 /dev/sda1 rw\n";
        assert_eq!(mount_point(mounts, 0x801).as_deref(), Some(c"/mnt"));
        // Minor numbers above 255 lie around the major one.
        assert_eq!(mount_point(mounts, 0x10_002c).as_deref(), Some(c"/a b"));
        assert_eq!(mount_point(mounts, 0x802), None);
        assert_eq!(unescaped(b"\\9 \\04"), b"\\9 \\04");
    }
}
