//! The one description of the WALI interface.
//!
//! `spec/*.toml` says what there is; `build.rs` checks it and turns it into the tables of this
//! crate. Everything that must agree with the interface is generated from them: the libc's
//! syscall header ([`codegen`]), the engine's import table, wali-cc's import check, the documents.

pub mod codegen;
#[cfg(test)]
mod ioctl_spec;
pub mod isa;
#[cfg(test)]
mod isa_spec;
mod model;
#[cfg(test)]
mod sockopt_spec;
#[cfg(test)]
mod spec;

pub use model::*;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The Wasm module that every import of the interface comes from.
pub const MODULE: &str = "wali";

/// What an import name of module `wali` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// `SYS_<name or alias>`.
    Syscall(&'static Syscall),
    /// Start, arguments, environment, threads.
    Support(&'static SupportImport),
}

impl Import {
    /// The Wasm types of the parameters.
    pub fn params(&self) -> &'static [ValType] {
        match self {
            Import::Syscall(call) => call.params,
            Import::Support(import) => import.params,
        }
    }

    /// The Wasm type of the result.
    pub fn result(&self) -> Option<ValType> {
        match self {
            Import::Syscall(_) => Some(ValType::I64),
            Import::Support(import) => import.result,
        }
    }

    /// The signature, `(i32, i64) -> i64`.
    pub fn signature(&self) -> String {
        match self {
            Import::Syscall(call) => call.signature(),
            Import::Support(import) => import.signature(),
        }
    }

    /// Whether a module may import it as `signature`. A system call may be declared without its
    /// result, as C programs do with those that never return.
    pub fn accepts(&self, signature: &str) -> bool {
        let ignored = match self {
            Import::Syscall(call) => model::signature(call.params, None) == signature,
            Import::Support(_) => false,
        };
        ignored || self.signature() == signature
    }
}

/// Finds an import by its name in module `wali`, aliases included.
pub fn import(name: &str) -> Option<Import> {
    let at = IMPORTS.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(IMPORTS[at].1)
}

/// Every import name with what it stands for, sorted by name.
pub fn imports() -> impl Iterator<Item = (&'static str, Import)> {
    IMPORTS.iter().copied()
}

/// The import name most like `name`, for error messages; `None` when nothing is close.
pub fn nearest_import(name: &str) -> Option<&'static str> {
    IMPORTS
        .iter()
        .map(|(candidate, _)| (strsim::damerau_levenshtein(name, candidate), *candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.len() / 3)
        .map(|(_, candidate)| candidate)
}

/// Finds a system call by the kernel's name.
pub fn syscall(name: &str) -> Option<&'static Syscall> {
    SYSCALLS.iter().find(|call| call.name == name)
}

/// Finds an `ioctl` request by the number a program passes.
pub fn ioctl(number: u32) -> Option<&'static Ioctl> {
    let at = IOCTLS
        .binary_search_by_key(&number, |ioctl| ioctl.number)
        .ok()?;
    Some(&IOCTLS[at])
}

/// Finds the range of `ioctl` requests of any size that holds `request`.
pub fn ioctl_range(request: u32) -> Option<&'static IoctlRange> {
    let [number, kind, ..] = request.to_le_bytes();
    IOCTL_RANGES
        .iter()
        .find(|range| range.kind == kind && (range.first..=range.last).contains(&number))
}

/// Finds a level of socket options by its number.
pub fn socket_level(number: i32) -> Option<&'static SocketLevel> {
    let at = SOCKET_LEVELS
        .binary_search_by_key(&number, |level| level.number)
        .ok()?;
    Some(&SOCKET_LEVELS[at])
}

/// Finds a socket option by the numbers of its level and its own.
pub fn socket_option(level: i32, number: i32) -> Option<&'static SocketOption> {
    let options = socket_level(level)?.options;
    let at = options
        .binary_search_by_key(&number, |option| option.number)
        .ok()?;
    Some(&options[at])
}

/// Finds a structure's layout by its tag.
pub fn layout(name: &str) -> Option<&'static Layout> {
    let at = LAYOUTS
        .binary_search_by_key(&name, |layout| layout.name)
        .ok()?;
    Some(&LAYOUTS[at])
}

/// Finds an error number's entry.
pub fn errno(number: u16) -> Option<&'static Errno> {
    let at = ERRNOS
        .binary_search_by_key(&number, |errno| errno.number)
        .ok()?;
    Some(&ERRNOS[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_import_is_found_by_its_name_and_its_aliases() {
        for call in SYSCALLS {
            for name in std::iter::once(&call.import).chain(call.aliases) {
                assert_eq!(
                    import(&format!("SYS_{name}")),
                    Some(Import::Syscall(call)),
                    "{name}"
                );
            }
        }
        for support in SUPPORT {
            assert_eq!(
                import(support.name),
                Some(Import::Support(support)),
                "{}",
                support.name
            );
        }
        assert_eq!(import("SYS_openat3"), None);
    }

    #[test]
    fn a_misspelt_import_is_named_its_neighbour() {
        assert_eq!(nearest_import("SYS_openat3"), Some("SYS_openat"));
        assert_eq!(nearest_import("SYS_gettimeofdy"), Some("SYS_gettimeofday"));
        assert_eq!(nearest_import("completely_different"), None);
    }

    #[test]
    fn numbers_and_signatures_are_the_published_ones() {
        let read = syscall("read").expect("read is in the spec");
        assert_eq!(read.numbers, [Some(0), Some(63), Some(63)]);
        assert_eq!(read.signature(), "(i32, i32, i32) -> i64");
        let open = syscall("open").expect("open is in the spec");
        assert_eq!(open.numbers, [Some(2), None, None]);
        let mmap = import("SYS_mmap2").expect("an alias of mmap");
        assert_eq!(mmap.signature(), "(i32, i32, i32, i32, i32, i64) -> i64");
    }

    #[test]
    fn the_result_of_a_call_may_be_left_out_of_its_type() {
        let exit = import("SYS_exit").expect("in the spec");
        assert!(exit.accepts("(i32) -> i64") && exit.accepts("(i32) -> ()"));
        assert!(!exit.accepts("(i64) -> ()") && !exit.accepts("(i32) -> i32"));
        let argc = import("__cl_get_argc").expect("in the spec");
        assert!(argc.accepts("() -> i32") && !argc.accepts("() -> ()"));
    }

    #[test]
    fn a_spec_with_defects_is_refused_with_each_of_them() {
        struct Case {
            name: &'static str,
            entry: &'static str,
            says: &'static str,
        }
        let cases = [
            Case {
                name: "no note below full",
                entry: r#"args = [], serve = "direct", support = "partial", family = "file""#,
                says: "a note is obligatory",
            },
            Case {
                name: "a deviation at full support",
                entry: r#"args = [], serve = "direct", support = "full", note = "No.", family = "file""#,
                says: "a note at full support begins with \"As on Linux, \"",
            },
            Case {
                name: "unknown type",
                entry: r#"args = ["a: flot"], serve = "direct", support = "full", family = "file""#,
                says: "unknown type",
            },
            Case {
                name: "length that is no argument",
                entry: r#"args = ["a: in bytes[n]"], serve = "direct", support = "full", family = "file""#,
                says: "no argument \"n\"",
            },
            Case {
                name: "unknown structure",
                entry: r#"args = ["a: in struct nil"], serve = "direct", support = "full", family = "file""#,
                says: "no struct nil",
            },
            Case {
                name: "refused without errno",
                entry: r#"args = [], serve = "refused", support = "refused", family = "file", note = "n""#,
                says: "does not go with errno",
            },
        ];
        for Case { name, entry, says } in cases {
            let syscalls = format!("syscall = [{{ name = \"x\", nr = [1, 1, 1], {entry} }}]");
            let sources = spec::Sources {
                syscalls: &syscalls,
                support: "import = []",
                layouts: "struct = []",
                errno: "errno = []",
            };
            let problems = spec::tables(&sources).expect_err(name);
            assert!(problems.contains(says), "{name}: {problems}");
        }
    }

    #[test]
    fn a_request_is_found_by_the_programs_number() {
        let size = ioctl(0x8004_1272).expect("BLKGETSIZE64 with a size_t of 4 bytes");
        assert_eq!((size.name, size.host_number), ("BLKGETSIZE64", 0x8008_1272));
        assert_eq!(ioctl(0x8008_1272), None);
        for request in IOCTLS {
            assert_eq!(ioctl(request.number), Some(request));
        }
    }

    #[test]
    fn requests_out_of_order_or_of_unknown_kind_are_refused() {
        let unsorted = r#"request = [["B", 2, 2, "flat"], ["A", 1, 1, "flat"]]"#;
        let problems = ioctl_spec::table(unsorted).expect_err("unsorted");
        assert!(problems.contains("not sorted"), "{problems}");
        let unknown = r#"request = [["A", 1, 1, "nested"]]"#;
        let problems = ioctl_spec::table(unknown).expect_err("unknown kind");
        assert!(
            problems.contains(r#"A: unknown argument "nested""#),
            "{problems}"
        );
    }

    #[test]
    fn options_that_hold_addresses_are_told_from_others() {
        let value = |level, number| socket_option(level, number).map(|option| option.value);
        assert_eq!(value(1, 2), Some(SocketValue::Flat));
        assert_eq!(value(1, 26), Some(SocketValue::SockFprog));
        assert_eq!(value(284, 4), Some(SocketValue::Refused));
        assert_eq!(value(0, 64), Some(SocketValue::FlatToGet));
        assert_eq!((value(276, 1), value(1, 4095)), (None, None));
    }

    #[test]
    fn options_out_of_order_or_of_unknown_value_are_refused() {
        let level = |options: &str| {
            let text = format!("[[level]]\nname = \"L\"\nnumber = 1\noption = [{options}]");
            sockopt_spec::table(&text).expect_err("a defect")
        };
        assert!(level(r#"["B", 2], ["A", 1]"#).contains("L: options not sorted"));
        assert!(level(r#"["A", 1, "nested"]"#).contains(r#"unknown value "nested""#));
    }

    #[test]
    fn a_number_used_twice_is_refused() {
        let call = |name: &str| {
            format!(
                "{{ name = \"{name}\", nr = [1, 1, 1], args = [], serve = \"direct\", \
                 support = \"full\", family = \"file\" }}"
            )
        };
        let syscalls = format!("syscall = [{}, {}]", call("a"), call("b"));
        let sources = spec::Sources {
            syscalls: &syscalls,
            support: "import = []",
            layouts: "struct = []",
            errno: "errno = []",
        };
        let problems = spec::tables(&sources).expect_err("numbers clash");
        assert!(problems.contains("a number twice"), "{problems}");
    }
}
