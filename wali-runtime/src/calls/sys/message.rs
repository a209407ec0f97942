//! Messages over sockets: `sendmsg`, `recvmsg`, `sendmmsg`, `recvmmsg`.
//!
//! By hand, since `struct msghdr` holds addresses and received descriptors are to be looked at.
//! Control messages look alike to guest and kernel ([`control`]).

use super::control;
use super::uio::Vectors;
use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::structs::{Mmsghdr, Msghdr};
use crate::kernel::word::HostPtr;
use crate::memory::layout::{Iovec as GuestIovec, Mmsghdr as GuestMmsghdr, Msghdr as GuestMsghdr};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, Stop, SysResult};

/// The most messages that the kernel is handed at once.
const BATCH: u32 = 1024;

/// `sendmsg(sockfd, msg, flags)`: returns the number of bytes sent.
///
/// # Errors
/// - `EFAULT`: the message's header or control data are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn sendmsg(
    cx: &mut Cx<'_>,
    sockfd: i32,
    msg: GuestPtr<GuestMsghdr>,
    flags: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let loaded = memory
        .load(msg)
        .and_then(|header| Parts::to_send(memory, header));
    let parts = socket_first(cx, sockfd, loaded)?;
    let host = parts.host_header(memory);
    let words = [sockfd.into(), HostPtr::input(&host).into(), flags.into()];
    kernel(cx, libc::SYS_sendmsg, &words)
}

/// `recvmsg(sockfd, msg, flags)`: returns the number of bytes received.
///
/// # Errors
/// - `EFAULT`: the message's header is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn recvmsg(
    cx: &mut Cx<'_>,
    sockfd: i32,
    msg: GuestPtr<GuestMsghdr>,
    flags: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let loaded = memory
        .load(msg)
        .map(|header| Parts::to_receive(memory, header));
    let parts = socket_first(cx, sockfd, loaded)?;
    let mut host = parts.host_header(memory);
    let words = [
        sockfd.into(),
        HostPtr::output(&mut host).into(),
        flags.into(),
    ];
    let bytes = kernel(cx, libc::SYS_recvmsg, &words)?;
    let outcome = Outcome::of(&host);
    memory.store(msg, parts.received(memory, outcome)?)?;
    Ok(bytes)
}

/// `sendmmsg(sockfd, msgvec, vlen, flags)`: returns the number of messages sent.
///
/// # Errors
/// Those of the first message; a later message's error ends the call with what was sent.
pub(super) fn sendmmsg(
    cx: &mut Cx<'_>,
    sockfd: i32,
    msgvec: GuestPtr<GuestMmsghdr>,
    vlen: u32,
    flags: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let mut parts = Vec::new();
    for index in 0..vlen.min(BATCH) {
        let loaded = entry(msgvec, index)
            .and_then(|entry| memory.load(entry))
            .and_then(|message| Parts::to_send(memory, message.hdr));
        match loaded {
            Ok(loaded) => parts.push(loaded),
            Err(_) if index > 0 => break,
            Err(errno) => parts.push(socket_first(cx, sockfd, Err(errno))?),
        }
    }
    let mut host = host_messages(memory, &parts);
    let words = [
        sockfd.into(),
        HostPtr::output(host.as_mut_slice()).into(),
        (parts.len() as u32).into(),
        flags.into(),
    ];
    let sent = kernel(cx, libc::SYS_sendmmsg, &words)?;
    for (index, message) in (0..sent as u32).zip(&host) {
        memory.store(len_of(entry(msgvec, index)?)?, message.len)?;
    }
    Ok(sent)
}

/// `recvmmsg(sockfd, msgvec, vlen, flags, timeout)`: returns the number of messages received.
///
/// # Errors
/// - `EFAULT`: a header is not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn recvmmsg(
    cx: &mut Cx<'_>,
    sockfd: i32,
    msgvec: GuestPtr<GuestMmsghdr>,
    vlen: u32,
    flags: i32,
    timeout: GuestAddr,
) -> SysResult {
    if !timeout.is_null() {
        cx.data().memory.load(GuestPtr::<[u64; 2]>::new(timeout))?;
    }
    let mut done = 0;
    loop {
        let count = (vlen - done).min(BATCH);
        // The kernel waits for the first message only, if that is what the caller wants.
        let flags = match flags & libc::MSG_WAITFORONE {
            0 => flags,
            _ if done == 0 => flags,
            _ => flags | libc::MSG_DONTWAIT,
        };
        let got = receive_batch(cx, sockfd, (msgvec, done, count), flags, timeout);
        match got {
            Ok(got) => done += got,
            Err(_) if done > 0 => return Ok(i64::from(done)),
            Err(stop) => return Err(stop),
        }
        if done == vlen || done % BATCH != 0 {
            return Ok(i64::from(done));
        }
    }
}

fn receive_batch(
    cx: &mut Cx<'_>,
    sockfd: i32,
    (msgvec, first, count): (GuestPtr<GuestMmsghdr>, u32, u32),
    flags: i32,
    timeout: GuestAddr,
) -> Result<u32, Stop> {
    let memory = cx.data().memory;
    let load = |index| -> Result<Parts, Errno> {
        let message = memory.load(entry(msgvec, index)?)?;
        Ok(Parts::to_receive(memory, message.hdr))
    };
    let mut parts = Vec::new();
    for index in first..first + count {
        match load(index) {
            Ok(loaded) => parts.push(loaded),
            // The kernel gets this far only if there are as many messages.
            Err(_) if index > first => break,
            Err(errno) => parts.push(socket_first(cx, sockfd, Err(errno))?),
        }
    }
    let count = parts.len() as u32;
    let mut host = host_messages(memory, &parts);
    let words = [
        sockfd.into(),
        HostPtr::output(host.as_mut_slice()).into(),
        count.into(),
        flags.into(),
        HostPtr::guest(memory, timeout).into(),
    ];
    let got = kernel(cx, libc::SYS_recvmmsg, &words)? as usize;
    let outcomes: Vec<_> = host
        .iter()
        .map(|m| (Outcome::of(&m.header), m.len))
        .collect();
    for (at, (outcome, len)) in outcomes.into_iter().take(got).enumerate() {
        let hdr = parts[at].received(memory, outcome)?;
        memory.store(entry(msgvec, first + at as u32)?, GuestMmsghdr { hdr, len })?;
    }
    Ok(got as u32)
}

/// `loaded`, but a descriptor that is no socket is an error that comes first.
fn socket_first<T>(cx: &mut Cx<'_>, sockfd: i32, loaded: Result<T, Errno>) -> Result<T, Stop> {
    if loaded.is_err() {
        let (mut kind, mut len) = (0i32, 4u32);
        let words = [
            sockfd.into(),
            libc::SOL_SOCKET.into(),
            libc::SO_TYPE.into(),
            HostPtr::output(&mut kind).into(),
            HostPtr::output(&mut len).into(),
        ];
        kernel(cx, libc::SYS_getsockopt, &words)?;
    }
    Ok(loaded?)
}

fn entry(msgvec: GuestPtr<GuestMmsghdr>, index: u32) -> Result<GuestPtr<GuestMmsghdr>, Errno> {
    msgvec.element(index).ok_or(Errno::EFAULT)
}

/// Where a message's length is stored.
fn len_of(message: GuestPtr<GuestMmsghdr>) -> Result<GuestPtr<u32>, Errno> {
    let len = message.addr().checked_add(size_of::<GuestMsghdr>() as u32);
    Ok(GuestPtr::new(len.ok_or(Errno::EFAULT)?))
}

fn host_messages<'a>(memory: GuestMemory, parts: &'a [Parts]) -> Vec<Mmsghdr<'a>> {
    let host = |parts: &'a Parts| Mmsghdr {
        header: parts.host_header(memory),
        len: 0,
        pad: 0,
    };
    parts.iter().map(host).collect()
}

/// What a message consists of on the host's side.
struct Parts {
    header: GuestMsghdr,
    vectors: Vectors,
    control: control::Buffer,
}

/// What the kernel tells of a received message in its header.
struct Outcome {
    namelen: u32,
    controllen: u64,
    flags: i32,
}

impl Outcome {
    fn of(host: &Msghdr<'_>) -> Outcome {
        Outcome {
            namelen: host.namelen,
            controllen: host.controllen,
            flags: host.flags,
        }
    }
}

impl Parts {
    fn to_send(memory: GuestMemory, header: GuestMsghdr) -> Result<Parts, Errno> {
        Ok(Parts {
            vectors: vectors_of(memory, &header),
            // A copy: what was checked is what the kernel gets.
            control: control::load(memory, GuestAddr(header.control), header.controllen)?,
            header,
        })
    }

    fn to_receive(memory: GuestMemory, header: GuestMsghdr) -> Parts {
        Parts {
            vectors: vectors_of(memory, &header),
            control: control::buffer(GuestAddr(header.control), header.controllen),
            header,
        }
    }

    fn host_header(&self, memory: GuestMemory) -> Msghdr<'_> {
        Msghdr {
            name: HostPtr::guest(memory, GuestAddr(self.header.name)),
            namelen: self.header.namelen,
            pad1: 0,
            iov: self.vectors.address(),
            iovlen: self.vectors.count(),
            control: self.control.address(),
            controllen: self.control.len(),
            flags: 0,
            pad2: 0,
        }
    }

    /// Hands the control data over and returns the header as the guest is to see it.
    fn received(&self, memory: GuestMemory, outcome: Outcome) -> Result<GuestMsghdr, Errno> {
        let mut header = self.header;
        if header.name != 0 {
            header.namelen = outcome.namelen;
        }
        header.flags = outcome.flags;
        let control = self.control.received(outcome.controllen);
        header.controllen = control.len() as u32;
        memory.write_bytes(GuestAddr(header.control), &control)?;
        Ok(header)
    }
}

fn vectors_of(memory: GuestMemory, header: &GuestMsghdr) -> Vectors {
    let iov = GuestPtr::<GuestIovec>::new(GuestAddr(header.iov));
    Vectors::load(memory, iov, i64::from(header.iovlen).cast_unsigned())
}
