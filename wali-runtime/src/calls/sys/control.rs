//! Control messages of sockets: `struct cmsghdr` and what follows it.
//!
//! The guest's header is an x86-64 one: a 64-bit length (32 bits and padding to a libc), level and
//! type, then data, all aligned to 8. So the bytes need no translation. They are copied because of
//! what is in them: descriptors that the guest may not have, addresses that it may not name.

use std::cell::Cell;

use crate::kernel::word::HostPtr;
use crate::kernel::{Errno, descriptor};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};

/// Size of a header.
const HEADER: usize = 16;

/// No message carries more control data than this: descriptors fill at most 1 KiB of it, the
/// kernel's notes on a packet a few hundred bytes.
const RECEIVED_MAX: u32 = 1 << 13;

/// More than the kernel takes from any sender; above its own limit it fails with `ENOBUFS`.
const SENT_MAX: u32 = 1 << 20;

/// `SOL_RDS`: its control messages name memory by address.
const SOL_RDS: i32 = 276;

/// A message's control data on the host's side. The kernel writes it while it is only borrowed, so
/// its bytes are cells.
pub(super) struct Buffer(Vec<Cell<u8>>);

impl Buffer {
    /// Where it is; null when it is empty.
    pub(super) fn address(&self) -> HostPtr<'_> {
        match self.0.as_slice() {
            [] => HostPtr::NULL,
            cells => HostPtr::shared(cells),
        }
    }

    /// Its size in bytes.
    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// The first `used` bytes after the kernel wrote them, without what the guest may not have: a
    /// descriptor of a process's memory is closed and becomes -1.
    pub(super) fn received(&self, used: u64) -> Vec<u8> {
        let used = self.0.len().min(used as usize);
        let mut control: Vec<u8> = self.0[..used].iter().map(Cell::get).collect();
        withdraw_process_memory(&mut control);
        control
    }
}

/// Copies the control data of a message that is to be sent.
///
/// # Errors
/// - `EFAULT`: not in guest memory.
/// - `ENOBUFS`: more than any socket takes.
/// - `EINVAL`: a message of RDS.
pub(super) fn load(memory: GuestMemory, addr: GuestAddr, len: u32) -> Result<Buffer, Errno> {
    if len == 0 {
        return Ok(Buffer(Vec::new()));
    }
    if len > SENT_MAX {
        return Err(Errno::ENOBUFS);
    }
    let mut control = memory.load_slice(GuestPtr::<u8>::new(addr), len as usize)?;
    for header in headers(&control) {
        // Programs that fill in a 32-bit length leave the padding behind it as it was.
        control[header.at + 4..header.at + 8].fill(0);
        if header.level == SOL_RDS {
            return Err(Errno::EINVAL);
        }
    }
    Ok(Buffer(control.into_iter().map(Cell::new).collect()))
}

/// The buffer for the control data of a message to be received.
pub(super) fn buffer(addr: GuestAddr, len: u32) -> Buffer {
    let len = if addr.is_null() { 0 } else { len };
    Buffer(vec![Cell::new(0); len.min(RECEIVED_MAX) as usize])
}

fn withdraw_process_memory(control: &mut [u8]) {
    for header in headers(control) {
        if (header.level, header.kind) != (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            continue;
        }
        for place in control[header.data()].chunks_exact_mut(4) {
            let fd = i32::from_ne_bytes([place[0], place[1], place[2], place[3]]);
            // Differs from Linux (recvmsg, recvmmsg): the memory file of a process becomes -1.
            if descriptor::is_process_memory(fd) {
                descriptor::close(fd);
                place.copy_from_slice(&(-1i32).to_ne_bytes());
            }
        }
    }
}

/// A control message's header and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    at: usize,
    /// Header and data, without padding; ends inside the buffer.
    len: usize,
    level: i32,
    kind: i32,
}

impl Header {
    fn data(&self) -> std::ops::Range<usize> {
        self.at + HEADER..self.at + self.len
    }
}

/// The headers in a buffer, up to the first that does not fit.
fn headers(control: &[u8]) -> Vec<Header> {
    let word = |at: usize| -> [u8; 4] { std::array::from_fn(|i| control[at + i]) };
    let mut found = Vec::new();
    let mut at = 0;
    while at + HEADER <= control.len() {
        let len = u32::from_ne_bytes(word(at)) as usize;
        if len < HEADER || len > control.len() - at {
            break;
        }
        found.push(Header {
            at,
            len,
            level: i32::from_ne_bytes(word(at + 8)),
            kind: i32::from_ne_bytes(word(at + 12)),
        });
        at += len.next_multiple_of(8);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::IntoRawFd;

    use super::*;

    fn message(len: u32, level: i32, kind: i32, data: &[i32]) -> Vec<u8> {
        let mut bytes = len.to_ne_bytes().to_vec();
        bytes.extend(0u32.to_ne_bytes());
        bytes.extend(level.to_ne_bytes());
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(data.iter().flat_map(|word| word.to_ne_bytes()));
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }

    #[test]
    fn headers_end_at_the_first_that_does_not_fit() {
        let mut control = message(20, 1, 1, &[7]);
        control.extend(message(16, 2, 3, &[]));
        assert_eq!(headers(&control).len(), 2);
        assert_eq!(
            headers(&control)[1],
            Header {
                at: 24,
                len: 16,
                level: 2,
                kind: 3
            }
        );
        for (name, len) in [
            ("short", 15),
            ("long", 25),
            ("longest", u32::MAX),
            ("zero", 0),
        ] {
            assert_eq!(headers(&message(len, 1, 1, &[7])), [], "{name}");
        }
        assert_eq!(headers(&[0; 15]), []);
    }

    #[test]
    fn a_received_memory_file_becomes_minus_one_and_other_files_stay() {
        let memory = File::open("/proc/self/mem")
            .expect("one's own")
            .into_raw_fd();
        let null = File::open("/dev/null").expect("everyone's").into_raw_fd();
        let mut control = message(24, libc::SOL_SOCKET, libc::SCM_RIGHTS, &[memory, null]);
        withdraw_process_memory(&mut control);
        let expected = message(24, libc::SOL_SOCKET, libc::SCM_RIGHTS, &[-1, null]);
        assert_eq!(control, expected);
        descriptor::close(null);
    }
}
