//! The names of flags and numbers, by call (or structure) and argument (or field).

/// How the names of a set make up a value.
pub(super) enum Kind {
    /// One of them.
    Choice,
    /// Bits that are or-ed.
    Bits,
    /// An access mode in the low two bits, and bits that are or-ed.
    Open,
    /// A choice in the low four bits, and bits that are or-ed.
    SocketType,
    /// A choice in the low seven bits, and bits that are or-ed.
    Futex,
}

/// Names, and where they are used.
pub(super) struct Set {
    /// The calls or structures, and their argument or field.
    pub(super) places: &'static [(&'static str, &'static str)],
    pub(super) kind: Kind,
    pub(super) names: &'static [(&'static str, i64)],
}

macro_rules! names {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64)),*] };
}

macro_rules! set {
    ($kind:ident [$($call:literal $argument:literal),* $(,)?] $($name:ident)*) => {
        Set { places: &[$(($call, $argument)),*], kind: Kind::$kind, names: names!($($name)*) }
    };
}

/// The signals, by number.
pub(super) const SIGNALS: &[(&str, i64)] = names!(SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS
    SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP
    SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS);

/// The kinds of files in a mode.
pub(super) const FILE_TYPES: &[(&str, i64)] =
    names!(S_IFSOCK S_IFLNK S_IFREG S_IFBLK S_IFDIR S_IFCHR S_IFIFO);

/// Every set.
pub(super) const SETS: &[Set] = &[
    Set {
        places: &[("open", "flags"), ("openat", "flags"), ("mq_open", "oflag")],
        kind: Kind::Open,
        names: &[
            ("O_CREAT", 0o100),
            ("O_EXCL", 0o200),
            ("O_NOCTTY", 0o400),
            ("O_TRUNC", 0o1000),
            ("O_APPEND", 0o2000),
            ("O_NONBLOCK", 0o4000),
            ("O_SYNC", 0o4010000),
            ("O_DSYNC", 0o10000),
            ("O_ASYNC", 0o20000),
            ("O_DIRECT", 0o40000),
            ("O_LARGEFILE", 0o100_000),
            ("O_TMPFILE", 0o20200000),
            ("O_DIRECTORY", 0o200_000),
            ("O_NOFOLLOW", 0o400_000),
            ("O_NOATIME", 0o1000000),
            ("O_CLOEXEC", 0o2000000),
            ("O_PATH", 0o10000000),
        ],
    },
    Set {
        places: &[("pipe2", "flags")],
        kind: Kind::Bits,
        names: &[
            ("O_CLOEXEC", 0o2000000),
            ("O_NONBLOCK", 0o4000),
            ("O_DIRECT", 0o40000),
        ],
    },
    set!(Bits ["dup3" "flags", "inotify_init1" "flags", "epoll_create1" "flags", "signalfd4" "flags",
               "timerfd_create" "flags"]
        O_CLOEXEC O_NONBLOCK),
    set!(Bits ["eventfd2" "flags"] EFD_CLOEXEC EFD_NONBLOCK EFD_SEMAPHORE),
    set!(Bits ["access" "mode", "faccessat" "mode", "faccessat2" "mode"] R_OK W_OK X_OK),
    set!(Bits ["mmap" "prot", "mprotect" "prot"] PROT_READ PROT_WRITE PROT_EXEC),
    set!(Bits ["mmap" "flags"]
        MAP_SHARED_VALIDATE MAP_SHARED MAP_PRIVATE MAP_FIXED MAP_ANONYMOUS MAP_GROWSDOWN MAP_LOCKED
        MAP_NORESERVE MAP_POPULATE MAP_STACK MAP_HUGETLB MAP_FIXED_NOREPLACE),
    set!(Bits ["mremap" "flags"] MREMAP_MAYMOVE MREMAP_FIXED MREMAP_DONTUNMAP),
    set!(Bits ["msync" "flags"] MS_ASYNC MS_INVALIDATE MS_SYNC),
    set!(Bits ["mlockall" "flags"] MCL_CURRENT MCL_FUTURE MCL_ONFAULT),
    set!(Choice ["madvise" "advice", "process_madvise" "advice"]
        MADV_NORMAL MADV_RANDOM MADV_SEQUENTIAL MADV_WILLNEED MADV_DONTNEED MADV_FREE MADV_REMOVE
        MADV_DONTFORK MADV_DOFORK MADV_MERGEABLE MADV_HUGEPAGE MADV_NOHUGEPAGE MADV_COLD MADV_PAGEOUT),
    Set {
        places: &[
            ("kill", "sig"),
            ("tkill", "sig"),
            ("tgkill", "sig"),
            ("rt_sigaction", "signum"),
            ("rt_sigqueueinfo", "sig"),
            ("rt_tgsigqueueinfo", "sig"),
            ("pidfd_send_signal", "sig"),
            ("siginfo", "si_signo"),
        ],
        kind: Kind::Choice,
        names: SIGNALS,
    },
    set!(Choice ["rt_sigprocmask" "how"] SIG_BLOCK SIG_UNBLOCK SIG_SETMASK),
    set!(Bits ["sigaction" "sa_flags"]
        SA_NOCLDSTOP SA_NOCLDWAIT SA_SIGINFO SA_ONSTACK SA_RESTART SA_NODEFER SA_RESETHAND),
    set!(Choice ["lseek" "whence"] SEEK_SET SEEK_CUR SEEK_END SEEK_DATA SEEK_HOLE),
    set!(Choice ["socket" "domain", "socketpair" "domain"]
        AF_UNSPEC AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_ALG AF_VSOCK),
    set!(SocketType ["socket" "type", "socketpair" "type", "accept4" "flags"]
        SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET SOCK_CLOEXEC SOCK_NONBLOCK),
    set!(Bits ["sendto" "flags", "recvfrom" "flags", "sendmsg" "flags", "recvmsg" "flags",
               "sendmmsg" "flags", "recvmmsg" "flags", "msghdr" "msg_flags"]
        MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_CTRUNC MSG_TRUNC MSG_DONTWAIT MSG_EOR MSG_WAITALL
        MSG_NOSIGNAL MSG_MORE MSG_CMSG_CLOEXEC),
    set!(Choice ["shutdown" "how"] SHUT_RD SHUT_WR SHUT_RDWR),
    set!(Bits ["flock" "operation"] LOCK_SH LOCK_EX LOCK_UN LOCK_NB),
    set!(Choice ["fcntl" "cmd"]
        F_DUPFD F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_SETOWN F_GETOWN
        F_DUPFD_CLOEXEC F_SETPIPE_SZ F_GETPIPE_SZ F_ADD_SEALS F_GET_SEALS F_OFD_GETLK F_OFD_SETLK
        F_OFD_SETLKW),
    set!(Bits ["newfstatat" "flags", "unlinkat" "flags", "linkat" "flags", "statx" "flags",
               "fchownat" "flags", "utimensat" "flags", "execveat" "flags", "fchmodat2" "flags"]
        AT_SYMLINK_NOFOLLOW AT_REMOVEDIR AT_SYMLINK_FOLLOW AT_NO_AUTOMOUNT AT_EMPTY_PATH),
    set!(Bits ["faccessat2" "flags"] AT_SYMLINK_NOFOLLOW AT_EACCESS AT_EMPTY_PATH),
    set!(Bits ["renameat2" "flags"] RENAME_NOREPLACE RENAME_EXCHANGE RENAME_WHITEOUT),
    set!(Choice ["clock_gettime" "clockid", "clock_nanosleep" "clockid", "clock_getres" "clockid",
                 "timerfd_create" "clockid", "timer_create" "clockid", "clock_settime" "clockid"]
        CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID
        CLOCK_MONOTONIC_RAW CLOCK_REALTIME_COARSE CLOCK_MONOTONIC_COARSE CLOCK_BOOTTIME),
    set!(Bits ["clock_nanosleep" "flags"] TIMER_ABSTIME),
    set!(Choice ["getitimer" "which", "setitimer" "which"] ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF),
    set!(Bits ["wait4" "options", "waitid" "options"]
        WNOHANG WUNTRACED WEXITED WCONTINUED WNOWAIT),
    set!(Choice ["waitid" "idtype"] P_ALL P_PID P_PGID P_PIDFD),
    set!(Bits ["clone" "flags", "clone_args" "flags", "unshare" "flags", "setns" "nstype"]
        CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD CLONE_VFORK CLONE_PARENT CLONE_NEWNS
        CLONE_SETTLS CLONE_PARENT_SETTID CLONE_CHILD_CLEARTID CLONE_CHILD_SETTID CLONE_NEWCGROUP
        CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID CLONE_NEWNET SIGCHLD),
    set!(Choice ["getrlimit" "resource", "setrlimit" "resource", "prlimit64" "resource"]
        RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC
        RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS),
    set!(Choice ["getrusage" "who"] RUSAGE_SELF RUSAGE_CHILDREN RUSAGE_THREAD),
    set!(Choice ["getpriority" "which", "setpriority" "which"] PRIO_PROCESS PRIO_PGRP PRIO_USER),
    set!(Choice ["epoll_ctl" "op"] EPOLL_CTL_ADD EPOLL_CTL_DEL EPOLL_CTL_MOD),
    set!(Bits ["epoll_event" "events"]
        EPOLLIN EPOLLPRI EPOLLOUT EPOLLERR EPOLLHUP EPOLLRDHUP EPOLLONESHOT EPOLLET EPOLLEXCLUSIVE),
    set!(Bits ["pollfd" "events", "pollfd" "revents"]
        POLLIN POLLPRI POLLOUT POLLERR POLLHUP POLLNVAL POLLRDNORM POLLWRNORM POLLRDHUP),
    set!(Bits ["memfd_create" "flags"] MFD_CLOEXEC MFD_ALLOW_SEALING MFD_HUGETLB),
    set!(Bits ["getrandom" "flags"] GRND_NONBLOCK GRND_RANDOM),
    set!(Bits ["splice" "flags", "tee" "flags", "vmsplice" "flags"]
        SPLICE_F_MOVE SPLICE_F_NONBLOCK SPLICE_F_MORE SPLICE_F_GIFT),
    set!(Bits ["fallocate" "mode"]
        FALLOC_FL_KEEP_SIZE FALLOC_FL_PUNCH_HOLE FALLOC_FL_COLLAPSE_RANGE FALLOC_FL_ZERO_RANGE),
    set!(Choice ["fadvise" "advice"]
        POSIX_FADV_NORMAL POSIX_FADV_RANDOM POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED
        POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE),
    set!(Bits ["inotify_add_watch" "mask"]
        IN_ACCESS IN_MODIFY IN_ATTRIB IN_CLOSE_WRITE IN_CLOSE_NOWRITE IN_OPEN IN_MOVED_FROM IN_MOVED_TO
        IN_CREATE IN_DELETE IN_DELETE_SELF IN_MOVE_SELF IN_ONLYDIR IN_DONT_FOLLOW IN_ONESHOT),
    set!(Bits ["mount" "mountflags"]
        MS_RDONLY MS_NOSUID MS_NODEV MS_NOEXEC MS_REMOUNT MS_BIND MS_MOVE MS_REC MS_PRIVATE MS_SLAVE
        MS_SHARED),
    set!(Bits ["umount2" "flags"] MNT_FORCE MNT_DETACH MNT_EXPIRE),
    set!(Choice ["prctl" "option"]
        PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_GET_DUMPABLE PR_SET_DUMPABLE PR_SET_NAME PR_GET_NAME
        PR_GET_SECCOMP PR_SET_SECCOMP PR_CAPBSET_READ PR_CAPBSET_DROP PR_SET_NO_NEW_PRIVS
        PR_GET_NO_NEW_PRIVS PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_VMA),
    set!(Choice ["sched_setscheduler" "policy", "sched_get_priority_max" "policy",
                 "sched_get_priority_min" "policy"]
        SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_IDLE SCHED_DEADLINE),
    set!(Futex ["futex" "futex_op"]
        FUTEX_WAIT FUTEX_WAKE FUTEX_FD FUTEX_REQUEUE FUTEX_CMP_REQUEUE FUTEX_WAKE_OP FUTEX_LOCK_PI
        FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI FUTEX_WAIT_BITSET FUTEX_WAKE_BITSET FUTEX_PRIVATE_FLAG
        FUTEX_CLOCK_REALTIME),
    set!(Bits ["close_range" "flags"] CLOSE_RANGE_UNSHARE CLOSE_RANGE_CLOEXEC),
];
