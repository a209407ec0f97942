//! Reading a module's file, and telling what else it might be.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::LoadError;

/// The bytes that every binary module starts with.
const MAGIC: &[u8] = b"\0asm";

/// The version that follows them.
const VERSION: &[u8] = &[1, 0, 0, 0];

/// The bytes of the module at `path`.
///
/// # Errors
/// It cannot be read, or does not start as a module does.
pub(super) fn module(path: &Path) -> Result<Vec<u8>, LoadError> {
    let failed = |error| LoadError::io(path, error);
    let mut file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.read_to_end(&mut bytes).map_err(failed)?;
    match refusal(&bytes) {
        Some(what) => Err(LoadError::no_module(path, what)),
        None => Ok(bytes),
    }
}

/// What the bytes are if they are no module.
fn refusal(bytes: &[u8]) -> Option<&'static str> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if bytes.is_empty() {
        Some("the file is empty")
    } else if bytes.starts_with(b"\x7fELF") {
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
        let cases: [(&[u8], Option<&str>); 9] = [
            (b"", Some("empty")),
            (b"\0as", Some("ends within")),
            (b"\0asm\x01", Some("ends within")),
            (b"\0asm\x02\0\0\0", Some("version")),
            (b"\0asm\x0d\0\x01\0", Some("component")),
            (b"\x7fELF\x02", Some("native")),
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
