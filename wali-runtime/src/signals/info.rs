//! `siginfo_t`: the kernel's has 8-byte pointers, the guest's 4-byte ones. Only the fields behind a pointer
//! move; all others are at the same place in both.
//!
//! A thread may send itself a siginfo that looks like a fault's. The kernel gets it with another code
//! ([`disguised`]), so that the engine can tell it from that of a real fault.

use std::ops::Range;

use crate::kernel::SigSet;
use crate::kernel::sigaction::RawInfo;

/// Bytes in either.
pub(crate) const INFO_BYTES: usize = 128;

/// How much of a siginfo the kernel copies. The rest has to be zero when it does not know the code.
const COPIED_WORDS: usize = 6;

/// The codes that [`disguised`] makes, which no other sender uses.
const DISGUISED: Range<i32> = i32::MIN..-0x4000_0000;

/// A siginfo that a thread sends itself, with the code of a sender instead of one of a fault.
pub(crate) fn disguised(signal: i32, mut info: RawInfo) -> RawInfo {
    let code = code_of(&info);
    if is_fault(signal) && code > 0 {
        set_code(&mut info, code | i32::MIN);
        info[COPIED_WORDS..].fill(0);
    }
    info
}

/// A siginfo that somebody sent, with the code that it was sent with.
pub(crate) fn undisguised(signal: i32, mut info: RawInfo) -> RawInfo {
    let code = code_of(&info);
    if is_fault(signal) && DISGUISED.contains(&code) {
        set_code(&mut info, code & i32::MAX);
    }
    info
}

fn is_fault(signal: i32) -> bool {
    (1..=64).contains(&signal) && SigSet::FAULTS.contains(signal)
}

/// `si_code`, the third of the 4-byte words.
fn code_of(info: &RawInfo) -> i32 {
    (info[1] as u32).cast_signed()
}

fn set_code(info: &mut RawInfo, code: i32) {
    info[1] = info[1] >> 32 << 32 | u64::from(code.cast_unsigned());
}

/// Turns the kernel's siginfo into the guest's. `base` is the host address of the linear memory; addresses
/// outside of it become null.
pub(crate) fn guest_info(signal: i32, info: &RawInfo, base: usize) -> [u8; INFO_BYTES] {
    let mut bytes = [0; INFO_BYTES];
    for (chunk, word) in bytes.chunks_exact_mut(8).zip(undisguised(signal, *info)) {
        chunk.copy_from_slice(&word.to_ne_bytes());
    }
    let code = code_of(info);
    // A sender's codes are at most 0; SI_KERNEL, 128, comes without details.
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
    fn a_made_up_fault_looks_sent_until_the_guest_sees_it() {
        let mut info: RawInfo = [7; 16];
        info[1] = 5 << 32 | 2;
        info[2] = 0x1234;
        let sent = disguised(libc::SIGSEGV, info);
        assert!(code_of(&sent) < 0 && sent[6..] == [0; 10]);
        let bytes = guest_info(libc::SIGSEGV, &sent, 0x1000);
        assert_eq!(
            [word(&bytes, 8), word(&bytes, 12), word(&bytes, 16)],
            [2, 5, 0x1234]
        );
        assert_eq!(undisguised(libc::SIGSEGV, sent)[..6], info[..6]);
        for signal in [libc::SIGUSR1, 0, -1, 65] {
            assert_eq!(disguised(signal, info), info, "{signal}");
        }
        set_code(&mut info, libc::SI_QUEUE);
        assert_eq!(disguised(libc::SIGSEGV, info), info);
        assert_eq!(undisguised(libc::SIGSEGV, info), info);
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
