//! System V shared memory: `shmat`, `shmdt`.
//!
//! By hand, since a segment gets its place in the linear memory.

use crate::calls::gate::kernel;
use crate::kernel::word::HostPtr;
use crate::memory::GuestAddr;
use crate::program::{Cx, SysResult};

/// `struct shmid_ds` in words; the second of them behind the permissions is of no interest here.
type SegmentState = [u64; 14];

/// Where in it the size in bytes is.
const SEGMENT_SIZE: usize = 6;

/// `shmat(shmid, shmaddr, shmflg)`: attaches a segment and returns where.
///
/// # Errors
/// As [`Mappings::attach`](crate::memory::Mappings::attach).
pub(super) fn shmat(cx: &mut Cx<'_>, shmid: i32, shmaddr: GuestAddr, shmflg: i32) -> SysResult {
    let mut state: SegmentState = [0; 14];
    let words = [
        shmid.into(),
        libc::IPC_STAT.into(),
        HostPtr::output(&mut state).into(),
    ];
    kernel(cx, libc::SYS_shmctl, &words)?;
    let mut mappings = cx.data().process.mappings();
    let at = mappings.attach(shmid, state[SEGMENT_SIZE], shmaddr, shmflg)?;
    Ok(i64::from(at.0))
}

/// `shmdt(shmaddr)`: detaches a segment.
///
/// # Errors
/// - `EINVAL`: no segment was attached there.
pub(super) fn shmdt(cx: &mut Cx<'_>, shmaddr: GuestAddr) -> SysResult {
    cx.data().process.mappings().detach(shmaddr)?;
    Ok(0)
}

const _: () = {
    assert!(size_of::<libc::shmid_ds>() == size_of::<SegmentState>());
    assert!(std::mem::offset_of!(libc::shmid_ds, shm_segsz) == SEGMENT_SIZE * 8);
};
