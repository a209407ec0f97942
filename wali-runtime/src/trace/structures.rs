//! Structures that say more than their fields' numbers: vectors, messages, addresses of sockets,
//! signals.

use wali_abi::{ArgType, Target};

use super::decode::{bytes, string};
use super::names;
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};

/// The most bytes of a buffer that are looked at.
const ADDRESS_MAX: usize = 128;

/// The most vectors that are shown.
const VECTORS_MAX: u32 = 8;

/// A structure as text, if it has a form of its own. Its vectors show at most `len` bytes: those that were moved.
pub(super) fn of(memory: GuestMemory, name: &str, at: GuestAddr, len: u64) -> Option<String> {
    let word = |offset: u32| read_u32(memory, at.checked_add(offset)?);
    match name {
        "sigset" => signal_set(memory, at),
        "sigaction" => {
            let handler = match word(0)? {
                0 => "SIG_DFL".to_owned(),
                1 => "SIG_IGN".to_owned(),
                function => format!("function {function}"),
            };
            let mask = signal_set(memory, at.checked_add(8)?)?;
            let flags = word(136)?;
            let flags = names::of("sigaction", "sa_flags", u64::from(flags))?;
            Some(format!(
                "{{sa_handler={handler}, sa_mask={mask}, sa_flags={flags}}}"
            ))
        }
        "iovec" => vector(memory, at, len),
        "msghdr" => message(memory, at, len),
        "stat" => {
            let low = u64::from(word(48)?);
            let size = low | u64::from(word(52)?) << 32;
            let mode = names::of("stat", "st_mode", u64::from(word(24)?))?;
            Some(format!("{{st_mode={mode}, st_size={size}, ...}}"))
        }
        "fd_set" => descriptors(memory, at),
        _ => None,
    }
}

/// An untyped argument that is in truth an address of a socket, a set of signals, or the like.
pub(super) fn untyped(
    memory: GuestMemory,
    argument: &str,
    ty: &ArgType,
    at: GuestAddr,
    len: u64,
) -> Option<String> {
    let ArgType::Pointer {
        target: Target::Bytes(_),
        ..
    } = ty
    else {
        return None;
    };
    match argument {
        "addr" | "dest_addr" | "src_addr" => socket_address(memory, at, len),
        "mask" | "sigmask" | "set" if len == 8 => signal_set(memory, at),
        "optval" if len == 4 => Some(format!("[{}]", read_u32(memory, at)?.cast_signed())),
        _ => None,
    }
}

fn signal_set(memory: GuestMemory, at: GuestAddr) -> Option<String> {
    memory
        .load(GuestPtr::<u64>::new(at))
        .ok()
        .map(names::signals)
}

/// `{iov_base="text", iov_len=4}`; at most `len` bytes of it.
fn vector(memory: GuestMemory, at: GuestAddr, len: u64) -> Option<String> {
    let base = GuestAddr(read_u32(memory, at)?);
    let iov_len = read_u32(memory, at.checked_add(4)?)?;
    let shown = bytes(memory, base, len.min(u64::from(iov_len)));
    let shown = shown.unwrap_or_else(|| format!("{:#x}", base.0));
    Some(format!("{{iov_base={shown}, iov_len={iov_len}}}"))
}

fn message(memory: GuestMemory, at: GuestAddr, len: u64) -> Option<String> {
    let word = |offset: u32| read_u32(memory, at.checked_add(offset)?);
    let name = match word(0)? {
        0 => "NULL".to_owned(),
        addr => socket_address(memory, GuestAddr(addr), u64::from(word(4)?))
            .unwrap_or_else(|| format!("{addr:#x}")),
    };
    let (vectors, count) = (GuestAddr(word(8)?), word(12)?);
    let mut rest = len;
    let mut shown = Vec::new();
    for index in 0..count.min(VECTORS_MAX) {
        let one = vectors.checked_add(index * 8)?;
        shown.push(vector(memory, one, rest)?);
        rest = rest.saturating_sub(u64::from(read_u32(memory, one.checked_add(4)?)?));
    }
    let flags = names::of("msghdr", "msg_flags", u64::from(word(32)?))?;
    Some(format!(
        "{{msg_name={name}, msg_iov=[{}], msg_iovlen={count}, msg_controllen={}, msg_flags={flags}}}",
        shown.join(", "),
        word(24)?,
    ))
}

/// The address of a socket: a path, or a host and a port.
fn socket_address(memory: GuestMemory, at: GuestAddr, len: u64) -> Option<String> {
    let len = usize::try_from(len).ok()?.min(ADDRESS_MAX);
    let mut raw = [0u8; ADDRESS_MAX];
    memory.read_bytes(at, &mut raw[..len]).ok()?;
    let raw = &raw[..len];
    let family = i32::from(u16::from_le_bytes(raw.get(..2)?.try_into().ok()?));
    let port = || Some(u16::from_be_bytes(raw.get(2..4)?.try_into().ok()?));
    match family {
        libc::AF_UNIX => {
            let path = match raw.get(2) {
                None => return Some("{sa_family=AF_UNIX}".to_owned()),
                // An abstract name starts with a NUL and may hold more.
                Some(0) => {
                    let name = bytes(memory, at.checked_add(3)?, len as u64 - 3)?;
                    return Some(format!("{{sa_family=AF_UNIX, sun_path=@{name}}}"));
                }
                Some(_) => string(memory, at.checked_add(2)?)?,
            };
            Some(format!("{{sa_family=AF_UNIX, sun_path={path}}}"))
        }
        libc::AF_INET => {
            let host: [u8; 4] = raw.get(4..8)?.try_into().ok()?;
            let host = std::net::Ipv4Addr::from(host);
            let port = port()?;
            Some(format!(
                "{{sa_family=AF_INET, sin_port=htons({port}), sin_addr={host}}}"
            ))
        }
        libc::AF_INET6 => {
            let host: [u8; 16] = raw.get(8..24)?.try_into().ok()?;
            let host = std::net::Ipv6Addr::from(host);
            let port = port()?;
            Some(format!(
                "{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_addr={host}}}"
            ))
        }
        other => {
            let family = names::of("socket", "domain", u64::from(other.cast_unsigned()));
            let family = family.unwrap_or_else(|| other.to_string());
            Some(format!("{{sa_family={family}, ...}}"))
        }
    }
}

/// The descriptors of a set: `[0 4]`.
fn descriptors(memory: GuestMemory, at: GuestAddr) -> Option<String> {
    let mut words = [0u8; 128];
    memory.read_bytes(at, &mut words).ok()?;
    let members: Vec<String> = (0..1024)
        .filter(|fd| words[fd / 8] >> (fd % 8) & 1 == 1)
        .map(|fd| fd.to_string())
        .collect();
    Some(format!("[{}]", members.join(" ")))
}

fn read_u32(memory: GuestMemory, at: GuestAddr) -> Option<u32> {
    memory.load(GuestPtr::new(at)).ok()
}
