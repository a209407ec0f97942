//! Trying what was built, before it is published: structures as the interface has them, and a link
//! of the whole library.

use std::fs;

use anyhow::{Context, Result};

use super::compile::{Compiler, Unit, flags, include};
use super::folders::Folders;

/// Which header declares a structure of the interface, in C's spelling.
const HEADERS: [(&str, &str); 36] = [
    ("fd_set", "sys/select.h"),
    ("stack_t", "signal.h"),
    ("struct dirent", "dirent.h"),
    ("struct epoll_event", "sys/epoll.h"),
    ("struct f_owner_ex", "fcntl.h"),
    ("struct file_handle", "fcntl.h"),
    ("struct flock", "fcntl.h"),
    ("struct ifconf", "net/if.h"),
    ("struct iovec", "sys/uio.h"),
    ("struct itimerspec", "time.h"),
    ("struct itimerval", "sys/time.h"),
    ("struct linger", "sys/socket.h"),
    ("struct mmsghdr", "sys/socket.h"),
    ("struct mq_attr", "mqueue.h"),
    ("struct msghdr", "sys/socket.h"),
    ("struct pollfd", "poll.h"),
    ("struct rlimit", "sys/resource.h"),
    ("struct rtentry", "net/route.h"),
    ("struct rusage", "sys/resource.h"),
    ("struct sembuf", "sys/sem.h"),
    ("struct sigaction", "signal.h"),
    ("struct sigevent", "signal.h"),
    ("struct sockaddr", "sys/socket.h"),
    ("struct stat", "sys/stat.h"),
    ("struct statfs", "sys/statfs.h"),
    ("struct statx", "sys/stat.h"),
    ("struct sysinfo", "sys/sysinfo.h"),
    ("struct timespec", "time.h"),
    ("struct timeval", "sys/time.h"),
    ("struct timex", "sys/timex.h"),
    ("struct timezone", "sys/time.h"),
    ("struct tms", "sys/times.h"),
    ("struct ucred", "sys/socket.h"),
    ("struct utimbuf", "utime.h"),
    ("struct utsname", "sys/utsname.h"),
    ("struct winsize", "sys/ioctl.h"),
];

/// C source that does not compile when a structure differs from the interface's.
pub(super) fn layouts() -> String {
    wali_abi::codegen::layout_checks(&HEADERS)
}

/// Compiles [`layouts`] against the new headers.
///
/// # Errors
/// When a structure is laid out differently.
pub(super) fn compile_layouts(compiler: &Compiler, folders: &Folders) -> Result<()> {
    let source = folders.work.join("layouts.c");
    fs::write(&source, layouts())?;
    let mut list = flags(&["-std=c11", "-nostdinc", "-w"]);
    list.push(include(&folders.include));
    let unit = Unit {
        source,
        name: "layouts".to_owned(),
        flags: list,
    };
    compiler
        .compile(&unit)
        .context("a structure's layout is not the interface's")?;
    Ok(())
}

/// Links everything there is. A function that is called with another type than it has traps when it
/// is reached; wasm-ld only warns, so warnings are errors here.
///
/// # Errors
/// When a symbol is missing or has two types.
pub(super) fn link_everything(compiler: &Compiler, folders: &Folders) -> Result<()> {
    let program = folders.work.join("everything.c");
    let text = "int main(int argc, char **argv, char **envp) { return 0; }\n";
    fs::write(&program, text)?;
    let object = compiler.compile(&Unit {
        source: program,
        name: "everything".to_owned(),
        flags: flags(&["-w"]),
    })?;
    let linker = compiler.linker().args([
        "--shared-memory",
        "--max-memory=4294967296",
        "--fatal-warnings",
    ]);
    let linker = linker.args(["--no-gc-sections", "--error-limit=0", "--whole-archive"]);
    let linker = linker.arg(folders.lib.join("crt1.o")).arg(object);
    let linker = linker.arg(folders.lib.join("libc.a"));
    linker
        .arg(&folders.builtins)
        .arg("-o")
        .arg(folders.work.join("everything.wasm"))
        .run()
        .context("linking the whole C library")
}
