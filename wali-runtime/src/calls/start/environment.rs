//! The program's environment: `__get_init_envfile`.
//!
//! The import yields the path of a file. Two forms of it are known:
//!
//! - Lines `K=V`, each ended by a newline: what any WALI module expects. A variable whose value
//!   has a newline would look like two, and is left out.
//! - [`MAGIC`], then entries ended by NULs: for a libc that asks for it by having [`MAGIC`] in the
//!   buffer before the call.
//!
//! The file exists in memory only, under `/proc/self/fd`. Where the limit on the size of files leaves no
//! room for it, it is a pipe.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsRawFd, IntoRawFd};

use crate::kernel::process;
use crate::memory::{GuestAddr, GuestPtr};
use crate::program::Cx;
use crate::signals::failing_at_size_limit;

/// What a file of entries ended by NULs begins with, and what asks for one.
const MAGIC: [u8; 10] = *b"\0WALIENV0\0";

/// What `__get_init_envfile` returns.
const NO_FILE: i32 = 0;
const FILE: i32 = 1;

/// `__get_init_envfile(buffer, size)`: writes the path of the environment's file to `buffer`;
/// returns 1, or 0 when there is none.
pub(super) fn file(cx: Cx<'_>, buffer: i32, size: i32) -> i32 {
    let task = cx.data();
    let buffer = GuestAddr(buffer.cast_unsigned());
    if task.process.env.is_empty() {
        return NO_FILE;
    }
    let asked = task.memory.load(GuestPtr::new(buffer)) == Ok(MAGIC);
    let contents = if asked {
        nul_ended(&task.process.env)
    } else {
        lines(&task.process.env)
    };
    let Some(file) = memory_file(&contents) else {
        return NO_FILE;
    };
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd()).into_bytes();
    let fits = u32::try_from(path.len()).is_ok_and(|len| len <= size.cast_unsigned());
    if !fits || task.memory.write_bytes(buffer, &path).is_err() {
        return NO_FILE;
    }
    // The guest opens it by that path; it stays open until the process ends or calls exec.
    let _ = file.into_raw_fd();
    FILE
}

fn lines(env: &[Vec<u8>]) -> Vec<u8> {
    let expressible = env.iter().filter(|entry| !entry.contains(&b'\n'));
    expressible
        .flat_map(|entry| entry.iter().copied().chain([b'\n']))
        .collect()
}

fn nul_ended(env: &[Vec<u8>]) -> Vec<u8> {
    let entries = env
        .iter()
        .flat_map(|entry| entry.iter().copied().chain([0]));
    MAGIC.into_iter().chain(entries).collect()
}

/// A file in memory with `contents`.
fn memory_file(contents: &[u8]) -> Option<File> {
    let mut file = File::from(process::memory_file(c"environment").ok()?);
    match failing_at_size_limit(|| file.write_all(contents)) {
        Ok(()) => Some(file),
        Err(_) => process::filled_pipe(contents).map(File::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_leave_out_what_they_cannot_express() {
        let env = [b"A=1".to_vec(), b"B=x\ny".to_vec(), b"C=".to_vec()];
        assert_eq!(lines(&env), b"A=1\nC=\n");
        assert_eq!(nul_ended(&env), b"\0WALIENV0\0A=1\0B=x\ny\0C=\0");
    }
}
