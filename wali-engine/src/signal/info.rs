//! `siginfo_t`: the kernel's has 8-byte pointers, the guest's 4-byte ones. Only what a pointer
//! stands before moves: the rest is at the same place in both.

use crate::host::signals::RawInfo;

/// Bytes in either.
pub(crate) const INFO_BYTES: usize = 128;

/// The guest's form of what the kernel told of a signal. `base` is the host address of the linear
/// memory: other host addresses become null.
pub(crate) fn guest_info(signal: i32, info: &RawInfo, base: usize) -> [u8; INFO_BYTES] {
    let mut bytes = [0; INFO_BYTES];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(info) {
        chunk.copy_from_slice(&word.to_ne_bytes());
    }
    let code = i32::from_ne_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]);
    // Codes up to 0 are a sender's, 128 is the kernel's own without details.
    if code <= 0 || code == libc::SI_KERNEL {
        return bytes;
    }
    let has_pointer = matches!(
        signal,
        libc::SIGSEGV | libc::SIGBUS | libc::SIGILL | libc::SIGFPE | libc::SIGTRAP | libc::SIGSYS
    );
    if has_pointer {
        let address = guest_address(info[2], base);
        bytes[16..20].copy_from_slice(&address.to_ne_bytes());
        bytes.copy_within(24..32, 20);
        bytes[28..].fill(0);
    }
    bytes
}

fn guest_address(host: u64, base: usize) -> u32 {
    // An address and an offset may add up to more than 32 bits, which wrap natively.
    const REACH: u64 = 2 << 32;
    let offset = host.wrapping_sub(base as u64);
    if offset < REACH { offset as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(bytes: &[u8], at: usize) -> u32 {
        u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    }

    #[test]
    fn a_sent_value_stays_where_it_is() {
        let mut info: RawInfo = [0; 16];
        info[0] = libc::SIGUSR1 as u64;
        info[1] = u64::from(libc::SI_QUEUE.cast_unsigned());
        info[2] = 42 | 1000 << 32;
        info[3] = 0x1234;
        let bytes = guest_info(libc::SIGUSR1, &info, 0x10_0000);
        assert_eq!(
            [word(&bytes, 16), word(&bytes, 20), word(&bytes, 24)],
            [42, 1000, 0x1234]
        );
    }

    #[test]
    fn an_address_becomes_the_guests() {
        let mut info: RawInfo = [0; 16];
        info[1] = 1;
        info[2] = 0x10_0000 + 0x77;
        info[3] = 12;
        let bytes = guest_info(libc::SIGSEGV, &info, 0x10_0000);
        assert_eq!(
            [word(&bytes, 16), word(&bytes, 20), word(&bytes, 24)],
            [0x77, 12, 0]
        );
        info[2] = 5;
        assert_eq!(word(&guest_info(libc::SIGSEGV, &info, 0x10_0000), 16), 0);
    }
}
