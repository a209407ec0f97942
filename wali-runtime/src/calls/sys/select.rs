//! Waiting for descriptors: `pselect6`. The others of its kind are the kernel's as they are.
//!
//! By hand, since its last argument points to an address and a size.

use super::signal::under_mask;
use crate::calls::gate::kernel;
use crate::kernel::Errno;
use crate::kernel::structs::SigsetArgpack;
use crate::kernel::word::HostPtr;
use crate::memory::layout::SigsetArgpack as GuestArgpack;
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, SysResult};

/// `pselect6(nfds, readfds, writefds, exceptfds, timeout, sigmask)`: waits with another signal
/// mask until a descriptor is ready.
///
/// # Errors
/// - `EBADF`: a descriptor of the sets is not open.
/// - `EINTR`: a handler ran before a descriptor was ready.
/// - `EINVAL`: `nfds` is negative, the time is none, or the mask's size is not 8.
/// - `EFAULT`: a pointer.
/// - Other errors are the kernel's.
pub(super) fn pselect6(
    cx: &mut Cx<'_>,
    nfds: i32,
    readfds: GuestAddr,
    writefds: GuestAddr,
    exceptfds: GuestAddr,
    timeout: GuestAddr,
    sigmask: GuestPtr<[u32; 2]>,
) -> SysResult {
    let memory = cx.data().memory;
    let argpack = load_argpack(memory, sigmask)?;
    let mask = match sigmask.non_null() {
        Some(pack) => GuestAddr(memory.load(pack)?[0]),
        None => GuestAddr::NULL,
    };
    let words = [
        nfds.into(),
        HostPtr::guest(memory, readfds).into(),
        HostPtr::guest(memory, writefds).into(),
        HostPtr::guest(memory, exceptfds).into(),
        HostPtr::guest(memory, timeout).into(),
        argpack
            .as_ref()
            .map_or(HostPtr::NULL, HostPtr::input)
            .into(),
    ];
    let result = kernel(cx, libc::SYS_pselect6, &words);
    under_mask(cx, result, GuestPtr::new(mask))
}

/// A mask and its size as `pselect6` and `io_pgetevents` take them; `None` for null.
///
/// Programs write either two words of 32 bits (address, size) or two of 64, of which the address is
/// the first. A size is never 0 where an address is given, so the second word of 32 bits tells.
///
/// # Errors
/// - `EFAULT`: not in guest memory.
pub(super) fn load_argpack(
    memory: GuestMemory,
    pack: GuestPtr<[u32; 2]>,
) -> Result<Option<SigsetArgpack<'static>>, Errno> {
    if pack.is_null() {
        return Ok(None);
    }
    let [mask, mut size] = memory.load(pack)?;
    if size == 0 {
        let wide = memory.load(pack.cast::<GuestArgpack>())?;
        size = u32::try_from(wide.mask_size).unwrap_or(u32::MAX);
    }
    Ok(Some(SigsetArgpack {
        mask: HostPtr::guest(memory, GuestAddr(mask)),
        mask_size: u64::from(size),
    }))
}
