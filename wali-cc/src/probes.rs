//! Probes: calls before each access and each division of the functions that call setjmp, so that
//! a handler of their faults can jump back into them (`docs/signals.md`).
//!
//! Only clang knows who calls setjmp, by what it made of it. So a command runs as it is; when its
//! output has such functions, it runs once more with probes in these.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::command::{self, Item, joined};
use crate::setjmp::Which;

/// Where to look for functions that call setjmp.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// The objects that the command leaves; none when it ends with a module.
    pub objects: Vec<PathBuf>,
    /// A source is read from standard input.
    pub from_stdin: bool,
    /// Which functions get probes.
    pub which: Which,
}

/// The options that are files written beside the output, and whether an operand follows. The first
/// run has written them.
const WRITTEN: &[&str] = &[
    "-MD",
    "-MMD",
    "-MP",
    "-MG",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "--serialize-diagnostics",
    "-serialize-diagnostics",
];

/// The same with the operand joined.
const WRITTEN_JOINED: &[&str] = &["-MF", "-MT", "-MQ", "-MJ", "-Wp,-MD,", "-Wp,-MMD,"];

/// clang's arguments for one more run of the command `args`, that prints no warnings and writes
/// nothing but the output.
pub fn repeated(args: &[OsString]) -> Vec<OsString> {
    let mut items = command::parse(args.iter().cloned());
    items.retain(|item| match item {
        Item::Option(words) => !is_written(&words[0].to_string_lossy()),
        Item::Linker(_) | Item::Input(_) => true,
    });
    let mut words: Vec<OsString> = items.iter().flat_map(Item::words).collect();
    words.push("-w".into());
    words
}

fn is_written(option: &str) -> bool {
    WRITTEN.contains(&option) || WRITTEN_JOINED.iter().any(|flag| option.starts_with(flag))
}

/// clang's arguments for probes in the functions that the file `allowed` names.
pub fn flags(allowed: &Path) -> Vec<OsString> {
    let list = joined("-fsanitize-coverage-allowlist=", allowed.as_os_str());
    let coverage = [
        // Clang's driver would count functions as well; its compiler proper does not.
        OsString::from("-fsanitize-coverage-type=1"),
        "-fsanitize-coverage-trace-loads".into(),
        "-fsanitize-coverage-trace-stores".into(),
        "-fsanitize-coverage-trace-div".into(),
        list,
    ];
    let passed = coverage
        .into_iter()
        .flat_map(|flag| ["-Xclang".into(), flag]);
    std::iter::once("--start-no-unused-arguments".into())
        .chain(passed)
        .chain(["--end-no-unused-arguments".into()])
        .collect()
}

/// The name that `main` without parameters has in objects; while clang compiles it is `main`.
const MAIN: &str = "__original_main";

/// The contents of that file.
pub fn allowlist(functions: &BTreeSet<String>) -> String {
    let mut text = "src:*\n".to_owned();
    if functions.contains(MAIN) {
        text += "fun:main\n";
    }
    for function in functions {
        text += &format!("fun:{function}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Facts, Plan};

    fn plan(line: &str) -> Plan {
        Plan::from_args(line.split(' ').map(OsString::from), &Facts::default())
    }

    #[test]
    fn the_second_run_writes_the_output_alone() {
        for (line, expected) in [
            (
                "-O2 -MMD -MP -MF a.d -MT a.o -c a.c -o a.o",
                "-O2 -c a.c -o a.o -w",
            ),
            ("-MFa.d -MTa.o -MD -c a.c", "-c a.c -w"),
            ("-Wp,-MMD,.a.d -Wp,-DX -c a.c", "-Wp,-DX -c a.c -w"),
            (
                "--serialize-diagnostics a.dia -MJ a.json -c a.c",
                "-c a.c -w",
            ),
            // Operands of other options stay.
            ("-D -MD -o -MMD -c a.c", "-D -MD -o -MMD -c a.c -w"),
            (
                "-Wall -Werror a.c -Wl,-s,-Map=x -lm -o a",
                "-Wall -Werror a.c -Wl,-s -Wl,-Map=x -lm -o a -w",
            ),
        ] {
            let args: Vec<_> = line.split(' ').map(OsString::from).collect();
            let words = repeated(&args).join(" ".as_ref());
            assert_eq!(words, expected, "wali-cc {line}");
        }
    }

    #[test]
    fn only_the_functions_named_get_probes() {
        let list = |names: &[&str]| allowlist(&names.iter().map(|&name| name.into()).collect());
        assert_eq!(list(&["try", "read"]), "src:*\nfun:read\nfun:try\n");
        assert_eq!(list(&[MAIN]), "src:*\nfun:main\nfun:__original_main\n");
        let words = flags("/tmp/list".as_ref()).join(" ".as_ref());
        assert!(
            words
                .to_string_lossy()
                .contains("-Xclang -fsanitize-coverage-allowlist=/tmp/list"),
            "{words:?}"
        );
    }

    #[test]
    fn functions_that_call_setjmp_are_looked_for_in_what_is_left() {
        let objects = |line: &str| plan(line).probes.map(|probes| probes.objects);
        for (line, expected) in [
            ("-c a.c", &["a.o"][..]),
            ("-c dir/a.b.c x.c", &["a.b.o", "x.o"]),
            ("-O2 -c a.c -o dir/x.o", &["dir/x.o"]),
            ("-fno-lto -flto=thin -fno-lto -c a.i -ox", &["x"]),
            ("-r a.c b.o -o c.o", &["c.o"]),
            ("a.c b.s -lm", &[]),
            ("a.c -o -", &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(objects(line), Some(expected), "wali-cc {line}");
        }
        for line in [
            "-E a.c",
            "-S a.c",
            "-MM a.c",
            "-fsyntax-only a.c",
            "-### a.c",
            "--version a.c",
            "a.o",
            "-c a.s",
            "-c a.c -o -",
            "-flto -c a.c",
            "-flto=2 a.c",
            "-emit-llvm -c a.c",
            "-nostdlib a.c",
            "-ffreestanding -c a.c",
            "-mno-exception-handling -c a.c",
            "-fsanitize-coverage=trace-pc-guard -c a.c",
            "-Xclang -fsanitize-coverage-type=1 -c a.c",
            "--wali-no-probes -c a.c",
        ] {
            assert_eq!(objects(line), None, "wali-cc {line}");
        }
        let from_stdin = |line: &str| plan(line).probes.is_some_and(|probes| probes.from_stdin);
        assert!(from_stdin("-c -x c - -o a.o") && !from_stdin("-c a.c"));
    }
}
