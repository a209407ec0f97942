//! Numbers as the names they have in the call or structure where they stand.

use super::sets::{FILE_TYPES, Kind, SETS, SIGNALS};

/// The name or names of `value` as `argument` of `place`, a call or a structure; `None` when it has
/// none.
pub(super) fn of(place: &str, argument: &str, value: u64) -> Option<String> {
    match (place, argument) {
        ("ioctl", "request") => {
            let number = value as u32;
            let listed = wali_abi::ioctl(number).map(|request| request.name.to_owned());
            return Some(listed.unwrap_or_else(|| unlisted_request(number)));
        }
        ("stat", "st_mode") | ("mknod" | "mknodat", "mode") => return Some(mode(value)),
        ("access" | "faccessat" | "faccessat2", "mode") if value == 0 => {
            return Some("F_OK".to_owned());
        }
        _ => {}
    }
    let set = SETS
        .iter()
        .find(|set| set.places.contains(&(place, argument)))?;
    // Arguments are 32 bits wide but for a few, whose upper halves are not used.
    let value = i64::from(value as u32);
    let names = set.names;
    match set.kind {
        Kind::Choice => choice(names, i64::from(value as i32)).map(str::to_owned),
        Kind::Bits => Some(bits(names, value)),
        Kind::Open => {
            let access = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"][(value & 3) as usize];
            Some(joined(Some(access), names, value & !3))
        }
        Kind::SocketType => {
            let kind = choice(names, value & 15);
            let rest = value & !kind.map_or(0, |_| 15);
            let flags = names.iter().filter(|(_, named)| *named > 15);
            Some(joined(kind, &flags.copied().collect::<Vec<_>>(), rest))
        }
        Kind::Futex => {
            let operation = choice(names, value & 127)?;
            Some(joined(Some(operation), names, value & !127))
        }
    }
}

/// A request that is not listed, by what its number says of it.
fn unlisted_request(number: u32) -> String {
    let direction = match number >> 30 {
        0 => "_IOC_NONE",
        1 => "_IOC_WRITE",
        2 => "_IOC_READ",
        _ => "_IOC_READ|_IOC_WRITE",
    };
    let (size, kind) = (number >> 16 & 0x3fff, number >> 8 & 0xff);
    format!(
        "_IOC({direction}, {kind:#x}, {:#x}, {size:#x})",
        number & 0xff
    )
}

/// The argument of `fcntl` and the option of `getsockopt`, which another argument gives a meaning.
pub(super) fn after(call: &str, argument: &str, value: u64, args: &[i64]) -> Option<String> {
    let of_args = |index: usize| args.get(index).map(|value| *value as i32);
    match (call, argument) {
        ("fcntl", "arg") => match of_args(1)? {
            libc::F_SETFD => Some(bits(&[("FD_CLOEXEC", 1)], value as i64)),
            libc::F_SETFL => of("openat", "flags", value),
            _ => None,
        },
        ("setsockopt" | "getsockopt", "level") => {
            wali_abi::socket_level(value as i32).map(|level| level.name.to_owned())
        }
        ("setsockopt" | "getsockopt", "optname") => {
            Some(match wali_abi::socket_option(of_args(1)?, value as i32) {
                Some(option) => option.name.to_owned(),
                None => format!("{} /* not listed */", value as i32),
            })
        }
        _ => None,
    }
}

/// `S_IFREG|0644`.
fn mode(value: u64) -> String {
    let kind = value as i64 & 0o170_000;
    let rights = value & 0o7777;
    match choice(FILE_TYPES, kind) {
        Some(name) => format!("{name}|0{rights:03o}"),
        None => format!("0{value:03o}"),
    }
}

/// A set of signals: `[INT TERM]`; when most are in it, what is not: `~[KILL]`.
pub(super) fn signals(mask: u64) -> String {
    let (sign, shown) = match mask.count_ones() {
        33.. => ("~", !mask),
        _ => ("", mask),
    };
    let names: Vec<String> = (1..=64)
        .filter(|signal| shown >> (signal - 1) & 1 == 1)
        .map(|signal| match choice(SIGNALS, signal) {
            Some(name) => name.trim_start_matches("SIG").to_owned(),
            None => format!("RT_{}", signal - 32),
        })
        .collect();
    format!("{sign}[{}]", names.join(" "))
}

/// A signal's name.
pub(super) fn signal(number: i32) -> String {
    choice(SIGNALS, i64::from(number))
        .map_or_else(|| format!("SIGRT_{}", number - 32), str::to_owned)
}

/// What `wait4` tells of a child.
pub(super) fn wait_status(status: i32) -> String {
    let low = status & 127;
    match (low, status >> 8 & 255) {
        (0, code) => format!("{{exited, {code}}}"),
        (127, 255) => "{continued}".to_owned(),
        (127, by) => format!("{{stopped, {}}}", signal(by)),
        (by, _) if status & 128 != 0 => format!("{{killed, {}, core dumped}}", signal(by)),
        (by, _) => format!("{{killed, {}}}", signal(by)),
    }
}

fn choice(names: &'static [(&'static str, i64)], value: i64) -> Option<&'static str> {
    names
        .iter()
        .find(|(_, named)| *named == value)
        .map(|(name, _)| *name)
}

fn bits(names: &[(&str, i64)], value: i64) -> String {
    joined(None, names, value)
}

/// `first`, then the names of the bits, then the number of what has no name.
fn joined(first: Option<&str>, names: &[(&str, i64)], value: i64) -> String {
    let mut rest = value;
    let mut texts: Vec<String> = first.into_iter().map(str::to_owned).collect();
    for (name, bits) in names {
        if *bits != 0 && rest & bits == *bits {
            texts.push((*name).to_owned());
            rest &= !bits;
        }
    }
    if rest != 0 {
        texts.push(format!("{rest:#x}"));
    } else if texts.is_empty() {
        texts.push("0".to_owned());
    }
    texts.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_names_and_the_rest_is_a_number() {
        let cases = [
            (
                "openat",
                "flags",
                0o101 | 1 << 30,
                "O_WRONLY|O_CREAT|0x40000000",
            ),
            ("openat", "flags", 0, "O_RDONLY"),
            ("openat", "flags", 0o4010002, "O_RDWR|O_SYNC"),
            ("lseek", "whence", 2, "SEEK_END"),
            ("ioctl", "request", 0x5401, "TCGETS"),
            (
                "ioctl",
                "request",
                0x4020_ae46,
                "_IOC(_IOC_WRITE, 0xae, 0x46, 0x20)",
            ),
            ("socket", "type", 0x80002, "SOCK_DGRAM|SOCK_CLOEXEC"),
            ("socket", "type", 77, "0x4d"),
            ("futex", "futex_op", 129, "FUTEX_WAKE|FUTEX_PRIVATE_FLAG"),
            ("access", "mode", 0, "F_OK"),
            ("access", "mode", 6, "R_OK|W_OK"),
            ("stat", "st_mode", 0o100644, "S_IFREG|0644"),
            ("clone", "flags", 17, "SIGCHLD"),
            ("mmap", "prot", 0, "0"),
        ];
        for (place, argument, value, text) in cases {
            let found = of(place, argument, value);
            assert_eq!(found.as_deref(), Some(text), "{place} {argument} {value}");
        }
        assert_eq!(of("lseek", "whence", 77), None);
    }

    #[test]
    fn an_argument_may_depend_on_another() {
        let set_fd = after("fcntl", "arg", 1, &[3, i64::from(libc::F_SETFD), 1]);
        assert_eq!(set_fd.as_deref(), Some("FD_CLOEXEC"));
        assert_eq!(
            after("fcntl", "arg", 1, &[3, i64::from(libc::F_DUPFD), 1]),
            None
        );
        let args = [3, i64::from(libc::SOL_SOCKET), 2];
        let option = after("setsockopt", "optname", 2, &args);
        assert_eq!(option.as_deref(), Some("SO_REUSEADDR"));
        let level = after("getsockopt", "level", 284, &[3, 284, 4]);
        let option = after("getsockopt", "optname", 9, &[3, 284, 9]);
        assert_eq!(level.as_deref(), Some("SOL_MPTCP"));
        assert_eq!(option.as_deref(), Some("9 /* not listed */"));
    }

    #[test]
    fn signals_and_ends_of_children_are_named() {
        assert_eq!(signals(1 << 1 | 1 << 14 | 1 << 33), "[INT TERM RT_2]");
        assert_eq!(signals(!(1 << 8)), "~[KILL]");
        assert_eq!(signals(0), "[]");
        assert_eq!(wait_status(3 << 8), "{exited, 3}");
        assert_eq!(wait_status(9), "{killed, SIGKILL}");
        assert_eq!(wait_status(0x137f), "{stopped, SIGSTOP}");
    }

    #[test]
    fn every_named_place_is_in_the_spec() {
        for (place, argument) in SETS.iter().flat_map(|set| set.places) {
            let call = wali_abi::syscall(place);
            let argued = call.is_some_and(|call| call.args.iter().any(|arg| arg.name == *argument));
            let layout = wali_abi::layout(place);
            let field =
                layout.is_some_and(|l| l.fields.iter().any(|field| field.name == *argument));
            assert!(argued || field, "{place}: {argument}");
        }
    }
}
