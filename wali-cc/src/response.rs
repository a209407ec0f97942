//! Response files: `@file` arguments, read as clang reads them and written when a command line
//! grows too long for the kernel.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Replaces each `@file` by the arguments that the file holds, nested ones too.
///
/// A file that cannot be read stays as it is: clang then reports it as a missing input. So does one
/// that contains itself.
pub fn expand(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut expanded = Vec::new();
    expand_into(args, &mut Vec::new(), &mut expanded);
    expanded
}

fn expand_into(
    args: impl IntoIterator<Item = OsString>,
    open: &mut Vec<PathBuf>,
    expanded: &mut Vec<OsString>,
) {
    for arg in args {
        let Some(path) = arg.as_bytes().strip_prefix(b"@").map(OsStr::from_bytes) else {
            expanded.push(arg);
            continue;
        };
        let path = Path::new(path);
        match std::fs::read(path) {
            Ok(text) if !open.iter().any(|outer| outer == path) => {
                open.push(path.to_owned());
                expand_into(split(&text), open, expanded);
                open.pop();
            }
            _ => expanded.push(arg),
        }
    }
}

/// Splits text into arguments by the GNU rules: white space separates, quotes of either kind keep
/// it, a backslash takes the next byte as it is.
pub fn split(text: &[u8]) -> Vec<OsString> {
    let mut args = Vec::new();
    let mut arg: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match (byte, quote) {
            (b'\\', _) => arg.get_or_insert_default().extend(bytes.next()),
            (_, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => arg.get_or_insert_default().push(byte),
            (b'"' | b'\'', None) => {
                quote = Some(byte);
                arg.get_or_insert_default();
            }
            (b' ' | b'\t' | b'\r' | b'\n' | b'\0', None) => {
                args.extend(arg.take().map(OsString::from_vec));
            }
            _ => arg.get_or_insert_default().push(byte),
        }
    }
    args.extend(arg.map(OsString::from_vec));
    args
}

/// The text of a response file that stands for `args`.
pub fn text<'a>(args: impl IntoIterator<Item = &'a OsString>) -> Vec<u8> {
    let mut text = Vec::new();
    for arg in args {
        text.push(b'"');
        for &byte in arg.as_bytes() {
            if matches!(byte, b'"' | b'\\') {
                text.push(b'\\');
            }
            text.push(byte);
        }
        text.extend(b"\"\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(args: &[OsString]) -> Vec<&str> {
        args.iter()
            .map(|arg| arg.to_str().expect("the test's arguments are UTF-8"))
            .collect()
    }

    #[test]
    fn text_is_split_by_the_gnu_rules() {
        struct Case {
            text: &'static str,
            args: &'static [&'static str],
        }
        let cases = [
            Case {
                text: "",
                args: &[],
            },
            Case {
                text: " \n\t",
                args: &[],
            },
            Case {
                text: "-c a.c\n-o\ta.o",
                args: &["-c", "a.c", "-o", "a.o"],
            },
            Case {
                text: r#"-DX="a b" 'c d'"#,
                args: &["-DX=a b", "c d"],
            },
            Case {
                text: r#"a\ b \"c\" "d\"e""#,
                args: &["a b", "\"c\"", "d\"e"],
            },
            Case {
                text: r#""" ''"#,
                args: &["", ""],
            },
            Case {
                text: "unclosed 'a b",
                args: &["unclosed", "a b"],
            },
            Case {
                text: "last\\",
                args: &["last"],
            },
        ];
        for Case { text, args } in cases {
            assert_eq!(strings(&split(text.as_bytes())), args, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let args: Vec<OsString> = [
            "",
            "a b",
            "\"q\"",
            "it's",
            "back\\slash",
            "line\nbreak",
            "-c",
        ]
        .map(OsString::from)
        .into();
        assert_eq!(split(&text(&args)), args);
        let bytes = vec![OsString::from_vec(vec![0xff, b' ', 0x80])];
        assert_eq!(split(&text(&bytes)), bytes);
    }

    #[test]
    fn files_are_expanded_in_place_and_nested() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (outer, inner) = (folder.path().join("outer"), folder.path().join("inner"));
        std::fs::write(&inner, "-DINNER").expect("write");
        std::fs::write(&outer, format!("-c @{} -O2", inner.display())).expect("write");
        let args = ["a.c", &format!("@{}", outer.display()), "-g"].map(OsString::from);
        assert_eq!(
            strings(&expand(args)),
            ["a.c", "-c", "-DINNER", "-O2", "-g"]
        );
    }

    #[test]
    fn missing_and_recursive_files_stay_as_they_are() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let own = folder.path().join("own");
        let at = format!("@{}", own.display());
        std::fs::write(&own, format!("-c {at}")).expect("write");
        assert_eq!(strings(&expand([OsString::from(&at)])), ["-c", &at]);
        assert_eq!(
            strings(&expand([OsString::from("@/no/such")])),
            ["@/no/such"]
        );
    }
}
