//! Reading a module's file, and telling what else it might be.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use wali_contract::{MAGIC, is_compiled, module_start};

use crate::error::{LoadError, LoadErrorKind};

/// The version that follows them.
const VERSION: &[u8] = &[1, 0, 0, 0];

/// What native programs begin with, and compiled modules too.
const ELF: &[u8] = b"\x7fELF";

/// Opens the file at `path`.
///
/// # Errors
/// The kernel's; folders are no files.
pub fn open(path: &Path) -> Result<(File, Metadata), LoadError> {
    let failed = |error| LoadError::reading(path, error);
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    Ok((file, metadata))
}

/// Whether the file holds a compiled module. What can be read only once is none.
pub fn is_compiled_file(file: &File) -> bool {
    let mut head = [0; 8];
    file.read_exact_at(&mut head, 0).is_ok() && is_compiled(&head)
}

/// The bytes of the module in `file`, which was opened at `path`, without a line before it.
///
/// # Errors
/// It cannot be read, or does not start as a module does.
pub fn read_module(path: &Path, mut file: File) -> Result<Vec<u8>, LoadError> {
    let failed = |error| LoadError::reading(path, error);
    let len = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    file.read_to_end(&mut bytes).map_err(failed)?;
    bytes.drain(..module_start(&bytes).unwrap_or(0));
    match refusal(&bytes) {
        Some(what) => Err(LoadError::new(path, LoadErrorKind::NoModule(what))),
        None => Ok(bytes),
    }
}

/// What the bytes are if they are no module.
fn refusal(bytes: &[u8]) -> Option<&'static str> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if bytes.is_empty() {
        Some("the file is empty")
    } else if is_compiled(bytes) {
        Some("it is a compiled one; run it as it is")
    } else if bytes.starts_with(ELF) {
        Some("it is a native program")
    } else if bytes.starts_with(b"#!") {
        Some("it is a script")
    } else if MAGIC.starts_with(&bytes[..bytes.len().min(MAGIC.len())]) && bytes.len() < 8 {
        Some("the file ends within the header")
    } else if !bytes.starts_with(MAGIC) && (first == Some(&b'(') || bytes.starts_with(b";;")) {
        Some("it looks like the text format; translate it with wat2wasm or wasm-tools first")
    } else if !bytes.starts_with(MAGIC) {
        Some("it does not start with \\0asm")
    } else if bytes[4..6] == [0x0d, 0] && bytes[6..8] == [1, 0] {
        Some("it is a component; components have no Linux system calls")
    } else if &bytes[4..8] != VERSION {
        Some("its version is not 1")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn what_is_no_module_is_named() {
        let cases: [(&[u8], Option<&str>); 10] = [
            (b"", Some("empty")),
            (b"\0as", Some("ends within")),
            (b"\0asm\x01", Some("ends within")),
            (b"\0asm\x02\0\0\0", Some("version")),
            (b"\0asm\x0d\0\x01\0", Some("component")),
            (b"\x7fELF\x02", Some("native")),
            (b"\x7fELF\x02\x01\x01\xc8", Some("compiled")),
            (b"  (module)", Some("text format")),
            (b"hello", Some("does not start")),
            (b"\0asm\x01\0\0\0", None),
        ];
        for (bytes, expected) in cases {
            let found = refusal(bytes);
            match expected {
                Some(part) => assert!(found.is_some_and(|what| what.contains(part)), "{bytes:?}"),
                None => assert_eq!(found, None, "{bytes:?}"),
            }
        }
    }
}
