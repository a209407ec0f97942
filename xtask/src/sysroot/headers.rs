//! The headers: musl's and ours, and those generated from the interface's description.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use wali_abi::{SYSCALLS, ValType};

use super::folders::Folders;
use super::tree::{ARCH, copy};

/// Installs the public headers, and writes those that only the library's own source includes to
/// `work/generated`.
///
/// # Errors
/// When a file cannot be read or written.
pub(super) fn install(folders: &Folders) -> Result<()> {
    copy(&folders.musl.join("include"), &folders.include)?;
    fs::remove_file(folders.include.join("alltypes.h.in"))?;
    let bits = folders.include.join("bits");
    copy(&folders.musl.join("arch/generic/bits"), &bits)?;
    copy(&folders.musl.join("arch").join(ARCH).join("bits"), &bits)?;
    fs::remove_file(bits.join("alltypes.h.in"))?;
    let read = |path: &str| {
        let path = folders.musl.join(path);
        fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))
    };
    let types = read(&format!("arch/{ARCH}/bits/alltypes.h.in"))? + &read("include/alltypes.h.in")?;
    fs::write(bits.join("alltypes.h"), type_guards(&types)?)?;
    fs::write(bits.join("syscall.h"), syscall_numbers())?;

    let generated = folders.work.join("generated");
    fs::create_dir_all(&generated)?;
    let imports = wali_abi::codegen::libc_imports_header();
    fs::write(generated.join("wali_imports.h"), imports)?;
    let unpublished = wali_abi::codegen::libc_unpublished_c();
    fs::write(generated.join("unpublished.c"), unpublished)?;
    fs::write(generated.join("wali_wide.h"), wide_parameters())?;
    fs::write(generated.join("version.h"), "#define VERSION \"wali\"\n")?;
    Ok(())
}

/// musl's `TYPEDEF type name;`, `STRUCT name {…};` and `UNION name {…};` each become a definition
/// that is made once, when a header asks for it.
fn type_guards(text: &str) -> Result<String> {
    let mut out = String::new();
    for line in text.lines() {
        let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
        let name = match keyword {
            "TYPEDEF" => rest.trim_end_matches(';').rsplit(' ').next(),
            "STRUCT" | "UNION" => rest.split(' ').next(),
            _ => {
                let _ = writeln!(out, "{line}");
                continue;
            }
        };
        let name = name.with_context(|| format!("no name in {line:?}"))?;
        let (tag, word) = match keyword {
            "TYPEDEF" => (name.to_owned(), "typedef"),
            "STRUCT" => (format!("struct_{name}"), "struct"),
            _ => (format!("union_{name}"), "union"),
        };
        let _ = write!(
            out,
            "#if defined(__NEED_{tag}) && !defined(__DEFINED_{tag})\n\
             {word} {rest}\n#define __DEFINED_{tag}\n#endif\n\n"
        );
    }
    Ok(out)
}

/// `<bits/syscall.h>`: the kernel's names of the numbers, then the C library's.
fn syscall_numbers() -> String {
    let kernel = wali_abi::codegen::bits_syscall_h();
    let posix = kernel.replace("__NR_", "SYS_");
    kernel + &posix + "\n#include <bits/syscall_call.h>\n"
}

/// For `syscall(2)`, which gets arguments of unknown width: a bit for each parameter that is 64 bits
/// wide, by number.
fn wide_parameters() -> String {
    let mut masks = BTreeMap::new();
    for call in SYSCALLS {
        let wide = call.params.iter().enumerate();
        let wide = wide.filter(|(_, val)| **val == ValType::I64);
        let mask: u32 = wide.map(|(i, _)| 1 << i).sum();
        if let Some(number) = call.virtual_number().filter(|_| mask != 0) {
            masks.insert(number, mask);
        }
    }
    let mut out = String::from("static const unsigned char wali_wide_parameters[] = {\n");
    for (number, mask) in masks {
        let _ = writeln!(out, "\t[{number}] = {mask:#x},");
    }
    out + "};\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_defined_once_and_on_demand() {
        let text = "TYPEDEF unsigned _Addr size_t;\nSTRUCT iovec { void *iov_base; };\n#define X\n";
        let made = type_guards(text).unwrap();
        assert!(made.contains(
            "#if defined(__NEED_size_t) && !defined(__DEFINED_size_t)\ntypedef unsigned _Addr size_t;"
        ));
        assert!(made.contains("__NEED_struct_iovec"), "{made}");
        assert!(made.contains("struct iovec { void *iov_base; };"), "{made}");
        assert!(made.ends_with("#define X\n"), "{made}");
    }

    #[test]
    fn the_numbers_have_both_names() {
        let text = syscall_numbers();
        assert!(text.contains("#define __NR_read 0\n"));
        assert!(text.contains("#define SYS_read 0\n"));
    }

    #[test]
    fn offsets_are_wide_and_addresses_are_not() {
        let text = wide_parameters();
        assert!(text.contains("\t[8] = 0x2,\n"), "lseek's second parameter");
        assert!(!text.contains("\t[0] = "), "read has none");
    }
}
