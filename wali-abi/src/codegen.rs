//! Text generated from the tables: C headers for the libc, the support document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Import, LAYOUTS, SUPPORT, SYSCALLS, Serve, Syscall, ValType, imports, syscall};

/// The C declarations of all imports, and `__wali_syscall`, which calls one by its number.
///
/// With a constant number the switch folds to a direct call of one import, so that a module
/// imports only what it uses. Addresses are passed as `int`.
pub fn libc_imports_header() -> String {
    let mut out = String::from(
        "/* Generated from wali-abi/spec by `cargo xtask sysroot`; do not edit. */\n\
         #ifndef WALI_IMPORTS_H\n#define WALI_IMPORTS_H\n\n\
         #define WALI_IMPORT(name) __attribute__((import_module(\"wali\"), import_name(name)))\n\n",
    );
    for import in SUPPORT.iter().filter(|import| !import.legacy) {
        let symbol = format!("__wali_{}", import.name.trim_start_matches('_'));
        let result = import.result.map_or("void", c_type);
        declare(&mut out, import.name, result, &symbol, import.params);
    }
    out.push('\n');
    for call in numbered() {
        let import = format!("SYS_{}", call.import);
        declare(&mut out, &import, "long long", &symbol(call), call.params);
    }
    out.push_str(
        "\nstatic inline __attribute__((always_inline)) long __wali_syscall(\n\
         \tlong n, long a, long b, long c, long d, long e, long f)\n{\n\tswitch (n) {\n",
    );
    for call in numbered() {
        let number = call.virtual_number().unwrap_or_default();
        let args: Vec<String> = call
            .params
            .iter()
            .zip(["a", "b", "c", "d", "e", "f"])
            .map(|(val, arg)| match val {
                ValType::I32 => format!("(int){arg}"),
                ValType::I64 => arg.to_owned(),
            })
            .collect();
        let _ = writeln!(
            out,
            "\tcase {number}: return {}({});",
            symbol(call),
            args.join(", ")
        );
    }
    out.push_str("\t}\n\treturn -38;\n}\n\n#endif\n");
    out
}

/// C definitions that take the place of the imports whose signatures are not published, for
/// modules that have to run on engines without them: each returns ENOSYS, as an older kernel does.
pub fn libc_unpublished_c() -> String {
    let mut out =
        String::from("/* Generated from wali-abi/spec by `cargo xtask sysroot`; do not edit. */\n");
    let unpublished = numbered().filter(|call| !call.published);
    for call in unpublished {
        let named = call.params.iter().zip('a'..);
        let params = parameter_list(named.map(|(val, name)| format!("{} {name}", c_type(*val))));
        let _ = writeln!(
            out,
            "long long {}({params}) {{ return -38; }}",
            symbol(call)
        );
    }
    out
}

/// musl's `bits/syscall.h.in`: the virtual numbers by name, aliases included.
pub fn bits_syscall_h() -> String {
    let mut out = String::new();
    for call in numbered() {
        let number = call.virtual_number().unwrap_or_default();
        // An alias that is another call's name belongs to that call's number.
        let aliases = call.aliases.iter().filter(|name| syscall(name).is_none());
        for name in std::iter::once(&call.name).chain(aliases) {
            let _ = writeln!(out, "#define __NR_{name} {number}");
        }
    }
    out
}

/// C source that fails to compile where a structure's layout differs from the spec.
///
/// `headers` maps a structure's C spelling (`struct stat`, `stack_t`) to what declares it; a
/// structure it does not know is left out.
pub fn layout_checks(headers: &[(&str, &str)]) -> String {
    let mut out = String::from("/* Generated from wali-abi/spec; do not edit. */\n");
    let mut includes: Vec<&str> = headers.iter().map(|(_, header)| *header).collect();
    includes.sort_unstable();
    includes.dedup();
    out.push_str("#define _GNU_SOURCE\n#include <stddef.h>\n");
    for header in includes {
        let _ = writeln!(out, "#include <{header}>");
    }
    for layout in LAYOUTS {
        let spelling = headers
            .iter()
            .map(|(spelling, _)| *spelling)
            .find(|spelling| spelling.trim_start_matches("struct ") == layout.name);
        let Some(spelling) = spelling else { continue };
        let _ = writeln!(
            out,
            "_Static_assert(sizeof({spelling}) == {0}, \"size of {spelling}\");",
            layout.size_bytes
        );
        for field in layout.fields.iter().filter(|field| !is_padding(field.name)) {
            let _ = writeln!(
                out,
                "_Static_assert(offsetof({spelling}, {0}) == {1}, \"{spelling}.{0}\");",
                field.name, field.offset
            );
        }
    }
    out
}

fn is_padding(name: &str) -> bool {
    ["pad", "unused", "reserved", "spare"]
        .iter()
        .any(|word| name.contains(word))
}

/// The document of all system calls, in Markdown. `tests` names the programs that test each call.
pub fn syscalls_markdown(tests: &BTreeMap<String, Vec<String>>) -> String {
    let mut out = String::from(
        "<!-- Generated from wali-abi/spec by `cargo xtask codegen`; do not edit. -->\n\n\
         # System calls\n\n\
         The number is the one programs see (x86-64's); `–` marks an instruction set without the \
         call. *Served* says who serves the call: the kernel directly, the engine by hand, or nobody. *Tests* are \
         programs of `tests/syscalls`, whose traces show the call.\n\n",
    );
    for support in ["full", "partial", "refused"] {
        let count = SYSCALLS
            .iter()
            .filter(|call| call.support.word() == support)
            .count();
        let _ = writeln!(out, "- {support}: {count}");
    }
    out.push_str(
        "\n| call | x86-64 | aarch64 | riscv64 | arguments | served | support | note | tests |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for call in SYSCALLS {
        let numbers = call
            .numbers
            .map(|nr| nr.map_or_else(|| "–".to_owned(), |nr| nr.to_string()))
            .join(" | ");
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| format!("{}: {}", arg.name, arg.text))
            .collect();
        let served = match call.serve {
            Serve::Direct => "kernel".to_owned(),
            Serve::Hand => "engine".to_owned(),
            Serve::Refused(errno) => errno.name.to_owned(),
        };
        let _ = writeln!(
            out,
            "| `{}` | {numbers} | {} | {served} | {} | {} | {} |",
            call.name,
            args.join(", ").replace('|', "\\|"),
            call.support.word(),
            call.note.replace('|', "\\|"),
            tests
                .get(call.name)
                .map_or_else(String::new, |names| names.join(", ")),
        );
    }
    out.push_str("\n# Other imports\n\n| import | signature | meaning |\n|---|---|---|\n");
    for (name, import) in imports() {
        if let Import::Support(support) = import {
            let _ = writeln!(
                out,
                "| `{name}` | `{}` | {} |",
                support.signature(),
                support.meaning
            );
        }
    }
    out
}

fn numbered() -> impl Iterator<Item = &'static Syscall> {
    SYSCALLS
        .iter()
        .filter(|call| call.virtual_number().is_some())
}

fn symbol(call: &Syscall) -> String {
    format!("__wali_SYS_{}", call.name)
}

const fn c_type(val: ValType) -> &'static str {
    match val {
        ValType::I32 => "int",
        ValType::I64 => "long long",
    }
}

/// What stands between the parentheses of a C function.
fn parameter_list(params: impl Iterator<Item = String>) -> String {
    let params: Vec<String> = params.collect();
    if params.is_empty() {
        "void".to_owned()
    } else {
        params.join(", ")
    }
}

fn declare(out: &mut String, import: &str, result: &str, symbol: &str, params: &[ValType]) {
    let params = parameter_list(params.iter().map(|val| c_type(*val).to_owned()));
    let _ = writeln!(
        out,
        "WALI_IMPORT(\"{import}\") extern {result} {symbol}({params});"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_libc_header_declares_and_dispatches_every_call() {
        let header = libc_imports_header();
        for call in numbered() {
            let declared = format!(
                "WALI_IMPORT(\"SYS_{}\") extern long long __wali_SYS_{}(",
                call.import, call.name
            );
            assert!(header.contains(&declared), "{}", call.name);
            assert!(
                header.contains(&format!("return __wali_SYS_{}(", call.name)),
                "{}",
                call.name
            );
        }
        assert!(header.contains("__wali_init(void)"));
        assert!(
            !header.contains("longjmp"),
            "a legacy import is not offered to our own libc"
        );
    }

    #[test]
    fn both_names_of_an_aliased_call_have_a_number() {
        let text = bits_syscall_h();
        assert!(text.contains("#define __NR_mmap 9\n"));
        assert!(text.contains("#define __NR_mmap2 9\n"));
        assert_eq!(text.matches("#define __NR_getdents ").count(), 1);
    }
}
