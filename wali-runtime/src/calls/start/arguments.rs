//! The program's arguments: `__cl_get_argc`, `__cl_get_argv_len`, `__cl_copy_argv`.

use crate::memory::GuestAddr;
use crate::program::Cx;

/// `__cl_get_argc()`: how many arguments there are, the program's name included.
pub(super) fn count(cx: Cx<'_>) -> i32 {
    i32::try_from(cx.data().process.args.len()).unwrap_or(i32::MAX)
}

/// `__cl_get_argv_len(index)`: the length of an argument without its NUL; -1 if there is none.
pub(super) fn length(cx: Cx<'_>, index: i32) -> i32 {
    argument(&cx, index).map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(-1))
}

/// `__cl_copy_argv(buffer, index)`: copies an argument and its NUL; 0, or -1 when there is no such
/// argument or no such buffer.
pub(super) fn copy_argument(cx: Cx<'_>, buffer: i32, index: i32) -> i32 {
    let Some(bytes) = argument(&cx, index) else {
        return -1;
    };
    let with_nul: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    let buffer = GuestAddr(buffer.cast_unsigned());
    match cx.data().memory.write_bytes(buffer, &with_nul) {
        Ok(()) => 0,
        Err(_) => -1,
    }
}

fn argument(cx: &Cx<'_>, index: i32) -> Option<&'static [u8]> {
    let args = &cx.data().process.args;
    args.get(usize::try_from(index).ok()?).map(Vec::as_slice)
}
