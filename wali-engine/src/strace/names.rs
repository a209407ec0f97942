//! Names of flags and numbers, by call and argument.

/// How the names of a set make up a value.
enum Kind {
    /// One of them.
    Choice,
    /// Bits that are or-ed; a first name of value 0 stands for none of the low bits.
    Bits,
}

struct Set {
    /// The calls and their argument.
    places: &'static [(&'static str, &'static str)],
    kind: Kind,
    names: &'static [(&'static str, i32)],
}

macro_rules! names {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i32)),*] };
}

const SETS: &[Set] = &[
    Set {
        places: &[("open", "flags"), ("openat", "flags")],
        kind: Kind::Bits,
        names: names!(O_WRONLY O_RDWR O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_TMPFILE
            O_DIRECTORY O_NOFOLLOW O_CLOEXEC O_SYNC O_DSYNC O_PATH O_DIRECT O_NOATIME),
    },
    Set {
        places: &[("mmap", "prot"), ("mprotect", "prot")],
        kind: Kind::Bits,
        names: names!(PROT_READ PROT_WRITE PROT_EXEC),
    },
    Set {
        places: &[("mmap", "flags")],
        kind: Kind::Bits,
        names: names!(MAP_SHARED_VALIDATE MAP_SHARED MAP_PRIVATE MAP_FIXED MAP_ANONYMOUS MAP_GROWSDOWN
            MAP_LOCKED MAP_NORESERVE MAP_POPULATE MAP_STACK MAP_HUGETLB MAP_FIXED_NOREPLACE),
    },
    Set {
        places: &[("madvise", "advice")],
        kind: Kind::Choice,
        names: names!(MADV_NORMAL MADV_RANDOM MADV_SEQUENTIAL MADV_WILLNEED MADV_DONTNEED MADV_FREE),
    },
    Set {
        places: &[
            ("kill", "sig"),
            ("tkill", "sig"),
            ("tgkill", "sig"),
            ("rt_sigaction", "signum"),
        ],
        kind: Kind::Choice,
        names: names!(SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV
            SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG
            SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS),
    },
    Set {
        places: &[("rt_sigprocmask", "how")],
        kind: Kind::Choice,
        names: names!(SIG_BLOCK SIG_UNBLOCK SIG_SETMASK),
    },
    Set {
        places: &[("lseek", "whence")],
        kind: Kind::Choice,
        names: names!(SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE),
    },
    Set {
        places: &[("socket", "domain"), ("socketpair", "domain")],
        kind: Kind::Choice,
        names: names!(AF_UNSPEC AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_ALG AF_VSOCK),
    },
    Set {
        places: &[("socket", "type"), ("socketpair", "type")],
        kind: Kind::Bits,
        names: names!(SOCK_SEQPACKET SOCK_RAW SOCK_DGRAM SOCK_STREAM SOCK_CLOEXEC SOCK_NONBLOCK),
    },
    Set {
        places: &[("fcntl", "cmd")],
        kind: Kind::Choice,
        names: names!(F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN
            F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS F_OFD_GETLK F_OFD_SETLK
            F_OFD_SETLKW),
    },
    Set {
        places: &[
            ("newfstatat", "flags"),
            ("unlinkat", "flags"),
            ("linkat", "flags"),
            ("statx", "flags"),
            ("fchownat", "flags"),
            ("faccessat2", "flags"),
            ("utimensat", "flags"),
            ("execveat", "flags"),
        ],
        kind: Kind::Bits,
        names: names!(AT_SYMLINK_NOFOLLOW AT_REMOVEDIR AT_SYMLINK_FOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH),
    },
    Set {
        places: &[
            ("clock_gettime", "clockid"),
            ("clock_nanosleep", "clockid"),
            ("clock_getres", "clockid"),
            ("timerfd_create", "clockid"),
            ("timer_create", "clockid"),
        ],
        kind: Kind::Choice,
        names: names!(CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID
            CLOCK_MONOTONIC_RAW CLOCK_REALTIME_COARSE CLOCK_MONOTONIC_COARSE CLOCK_BOOTTIME),
    },
    Set {
        places: &[("wait4", "options"), ("waitid", "options")],
        kind: Kind::Bits,
        names: names!(WNOHANG WUNTRACED WEXITED WCONTINUED WNOWAIT),
    },
    Set {
        places: &[
            ("getrlimit", "resource"),
            ("setrlimit", "resource"),
            ("prlimit64", "resource"),
        ],
        kind: Kind::Choice,
        names: names!(RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC
            RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS),
    },
];

/// `O_LARGEFILE` as the kernel knows it; a 64-bit libc calls it 0.
const O_LARGEFILE: (&str, i32) = ("O_LARGEFILE", 0o100_000);

/// The name or names of `value` as `argument` of `call`; `None` when it has none.
pub(super) fn of(call: &str, argument: &str, value: u64) -> Option<String> {
    if (call, argument) == ("ioctl", "request") {
        return wali_abi::ioctl(value as u32).map(|request| request.name.to_owned());
    }
    let set = SETS
        .iter()
        .find(|set| set.places.contains(&(call, argument)))?;
    let value = value as i32;
    match set.kind {
        Kind::Choice => {
            let (name, _) = set.names.iter().find(|(_, named)| *named == value)?;
            Some((*name).to_owned())
        }
        Kind::Bits if argument == "flags" && call.starts_with("open") => {
            Some(bits(&[set.names, &[O_LARGEFILE]].concat(), value))
        }
        Kind::Bits => Some(bits(set.names, value)),
    }
}

fn bits(names: &[(&str, i32)], value: i32) -> String {
    let mut rest = value;
    let mut texts = Vec::new();
    for (name, bits) in names {
        if *bits != 0 && rest & bits == *bits {
            texts.push((*name).to_owned());
            rest &= !bits;
        }
    }
    if rest != 0 || texts.is_empty() {
        texts.push(format!("{rest:#x}"));
    }
    texts.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_names_and_the_rest_is_a_number() {
        let flags = libc::O_WRONLY | libc::O_CREAT | 1 << 30;
        let text = of("openat", "flags", flags as u64).expect("named");
        assert_eq!(text, "O_WRONLY|O_CREAT|0x40000000");
        assert_eq!(of("openat", "flags", 0).as_deref(), Some("0x0"));
        assert_eq!(of("lseek", "whence", 2).as_deref(), Some("SEEK_END"));
        assert_eq!(of("lseek", "whence", 77), None);
        assert_eq!(of("ioctl", "request", 0x5401).as_deref(), Some("TCGETS"));
        assert_eq!(
            of("socket", "type", 0x80002).as_deref(),
            Some("SOCK_DGRAM|SOCK_CLOEXEC")
        );
    }

    #[test]
    fn every_named_argument_is_in_the_spec() {
        for (call, argument) in SETS.iter().flat_map(|set| set.places) {
            let known = wali_abi::syscall(call).expect(call);
            assert!(
                known.args.iter().any(|arg| arg.name == *argument),
                "{call}: {argument}"
            );
        }
    }
}
