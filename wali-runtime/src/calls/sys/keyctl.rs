//! The kernel's key rings: `keyctl`. `add_key` and `request_key` are the kernel's as they are.
//!
//! By hand: which arguments are addresses depends on the operation, and two of the structures
//! behind them hold addresses themselves.

use super::uio::Vectors;
use crate::calls::gate::kernel;
use crate::kernel::structs::KdfParams;
use crate::kernel::word::{HostPtr, Word};
use crate::memory::layout::{Iovec as GuestIovec, KdfParams as GuestKdfParams};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult};

/// Operations that need more than moved addresses.
const KEYCTL_INSTANTIATE_IOV: i32 = 20;
const KEYCTL_DH_COMPUTE: i32 = 23;

/// Which of the arguments 2 to 5 of each operation are addresses of flat data.
const ADDRESSES: [(i32, [bool; 4]); 16] = [
    (
        libc::KEYCTL_JOIN_SESSION_KEYRING as i32,
        [true, false, false, false],
    ),
    (libc::KEYCTL_UPDATE as i32, [false, true, false, false]),
    (libc::KEYCTL_DESCRIBE as i32, [false, true, false, false]),
    (libc::KEYCTL_SEARCH as i32, [false, true, true, false]),
    (libc::KEYCTL_READ as i32, [false, true, false, false]),
    (libc::KEYCTL_INSTANTIATE as i32, [false, true, false, false]),
    (
        libc::KEYCTL_GET_SECURITY as i32,
        [false, true, false, false],
    ),
    (KEYCTL_DH_COMPUTE, [true, true, false, true]),
    (24, [false, false, true, true]),  // KEYCTL_PKEY_QUERY
    (25, [true, true, true, true]),    // KEYCTL_PKEY_ENCRYPT
    (26, [true, true, true, true]),    // KEYCTL_PKEY_DECRYPT
    (27, [true, true, true, true]),    // KEYCTL_PKEY_SIGN
    (28, [true, true, true, true]),    // KEYCTL_PKEY_VERIFY
    (29, [false, true, true, false]),  // KEYCTL_RESTRICT_KEYRING
    (31, [true, false, false, false]), // KEYCTL_CAPABILITIES
    (KEYCTL_INSTANTIATE_IOV, [false, true, false, false]),
];

/// `keyctl(operation, arg2, arg3, arg4, arg5)`.
///
/// # Errors
/// - `EOPNOTSUPP`: an operation that the kernel does not know.
/// - `ENOKEY`, `EACCES`: no such key, or one that the program may not use.
/// - `EFAULT`: data that are not in guest memory.
/// - Other errors are the kernel's.
pub(super) fn keyctl(
    cx: &mut Cx<'_>,
    operation: i32,
    arg2: u64,
    arg3: u64,
    arg4: u64,
    arg5: u64,
) -> SysResult {
    let memory = cx.data().memory;
    let args = [arg2, arg3, arg4, arg5];
    let [arg2, arg3, arg4, arg5] = words(memory, operation, args);
    match operation {
        KEYCTL_INSTANTIATE_IOV => {
            let iov = GuestPtr::<GuestIovec>::new(GuestAddr(args[1] as u32));
            let vectors = Vectors::load(memory, iov, args[2]);
            let (iov, count) = (vectors.address().into(), vectors.count().into());
            kernel(
                cx,
                libc::SYS_keyctl,
                &[operation.into(), arg2, iov, count, arg5],
            )
        }
        KEYCTL_DH_COMPUTE if args[3] as u32 != 0 => {
            let guest = memory.load(GuestPtr::<GuestKdfParams>::new(GuestAddr(args[3] as u32)))?;
            let params = KdfParams {
                hashname: HostPtr::guest(memory, GuestAddr(guest.hashname)),
                otherinfo: HostPtr::guest(memory, GuestAddr(guest.otherinfo)),
                otherinfolen: guest.otherinfolen,
                spare: guest.spare,
                pad: 0,
            };
            let params = HostPtr::input(&params).into();
            kernel(
                cx,
                libc::SYS_keyctl,
                &[operation.into(), arg2, arg3, arg4, params],
            )
        }
        _ => kernel(
            cx,
            libc::SYS_keyctl,
            &[operation.into(), arg2, arg3, arg4, arg5],
        ),
    }
}

/// The arguments 2 to 5 with addresses moved. All numbers among them have 32 bits, so an operation
/// that is not listed gets none of the host's addresses.
fn words(memory: GuestMemory, operation: i32, args: [u64; 4]) -> [Word<'static>; 4] {
    let addresses = ADDRESSES
        .iter()
        .find(|(listed, _)| *listed == operation)
        .map_or([false; 4], |(_, addresses)| *addresses);
    std::array::from_fn(|i| match (addresses[i], args[i] as u32) {
        (true, low) => HostPtr::guest(memory, GuestAddr(low)).into(),
        (false, low) => low.cast_signed().into(),
    })
}
