//! Files that the program runs from, which nobody may write meanwhile.

use crate::kernel::descriptor;
use crate::kernel::word::HostPtr;
use crate::program::Cx;

/// Whether the path leads to a file that the program runs from, which nobody may write meanwhile:
/// the kernel knows only that the engine's own is one.
pub(super) fn is_running(cx: &Cx<'_>, dirfd: i32, path: HostPtr<'_>, at_flags: i32) -> bool {
    descriptor::file_at(dirfd, path, at_flags)
        .is_some_and(|file| cx.data().process.program.files.contains(&file))
}
