//! What a file is, by its first bytes.
//!
//! A module may have a line before it that begins with `#!`: it makes the file a program for a kernel
//! that knows no modules.

/// The bytes that every binary module starts with.
pub const MAGIC: &[u8] = b"\0asm";

/// What native programs begin with, and the byte by which compiled modules differ from them.
const ELF: &[u8] = b"\x7fELF";
const ELF_ABI: usize = 7;
const ELF_ABI_WASMTIME: u8 = 200;

/// Whether a file that begins with `head` is a compiled module.
pub fn is_compiled(head: &[u8]) -> bool {
    head.starts_with(ELF) && head.get(ELF_ABI) == Some(&ELF_ABI_WASMTIME)
}

/// Where the module starts in a file that begins with `head`: at 0, or behind a first line that
/// begins with `#!`. `None` when there is no module, or none as far as `head` shows.
pub fn module_start(head: &[u8]) -> Option<usize> {
    let start = if head.starts_with(b"#!") {
        head.iter().position(|&byte| byte == b'\n')? + 1
    } else {
        0
    };
    head[start..].starts_with(MAGIC).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::module_start;

    #[test]
    fn a_module_starts_at_once_or_behind_one_line() {
        let cases: [(&[u8], Option<usize>); 8] = [
            (b"\0asm\x01\0\0\0", Some(0)),
            (b"#!/engine\n\0asm\x01\0\0\0", Some(10)),
            (b"#!\n\0asm", Some(3)),
            (b"#!/engine\n\n\0asm", None),
            (b"# /engine\n\0asm", None),
            (b"#!/engine\0asm", None),
            (b"#!/engine\n\0as", None),
            (b"", None),
        ];
        for (head, start) in cases {
            assert_eq!(module_start(head), start, "{}", head.escape_ascii());
        }
    }
}
