//! Descriptors with what they stand for.

use wali_text::shown_path;

/// The calls that return a new descriptor.
const MAKERS: [&str; 36] = [
    "accept",
    "accept4",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "eventfd",
    "eventfd2",
    "fanotify_init",
    "fsmount",
    "fsopen",
    "fspick",
    "inotify_init",
    "inotify_init1",
    "landlock_create_ruleset",
    "memfd_create",
    "memfd_secret",
    "mq_open",
    "open",
    "open_by_handle_at",
    "open_tree",
    "open_tree_attr",
    "openat",
    "openat2",
    "perf_event_open",
    "pidfd_getfd",
    "pidfd_open",
    "signalfd",
    "signalfd4",
    "socket",
    "timerfd_create",
    "io_uring_setup",
    "bpf",
    "userfaultfd",
];

/// The calls that return an address.
const MAPPERS: [&str; 4] = ["brk", "mmap", "mremap", "shmat"];

/// `3</tmp/file>`; the number alone where /proc does not tell.
pub(super) fn descriptor(fd: i32) -> String {
    if fd == libc::AT_FDCWD {
        return match std::env::current_dir() {
            Ok(path) => format!("AT_FDCWD<{}>", shown_path(&path)),
            Err(_) => "AT_FDCWD".to_owned(),
        };
    }
    match std::fs::read_link(format!("/proc/self/fd/{fd}")) {
        Ok(path) => format!("{fd}<{}>", shown_path(&path)),
        Err(_) => fd.to_string(),
    }
}

/// The result of a call that succeeded, as a trace shows it.
pub(super) fn result(call: &str, value: i64) -> String {
    if MAPPERS.contains(&call) {
        return format!("{value:#x}");
    }
    match i32::try_from(value) {
        Ok(fd) if MAKERS.contains(&call) => descriptor(fd),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use super::*;

    #[test]
    fn a_descriptor_is_shown_with_its_file() {
        let file = std::fs::File::open("/dev/null").expect("always there");
        let fd = file.as_raw_fd();
        assert_eq!(descriptor(fd), format!("{fd}</dev/null>"));
        assert_eq!(descriptor(-1), "-1");
        assert_eq!(result("openat", i64::from(fd)), format!("{fd}</dev/null>"));
        assert_eq!(result("read", i64::from(fd)), fd.to_string());
        assert_eq!(result("mmap", 0x1000), "0x1000");
    }

    #[test]
    fn the_lists_name_calls_of_the_spec() {
        for call in MAKERS.iter().chain(&MAPPERS) {
            assert!(wali_abi::syscall(call).is_some(), "{call}");
        }
    }
}
