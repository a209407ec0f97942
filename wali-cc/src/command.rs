//! The command line taken apart: options with their operands, linker arguments, inputs.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// A part of the command line, in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An option and, when it stands apart, its operand.
    Option(Vec<OsString>),
    /// One argument for the linker, out of `-Wl,`, `-Xlinker` or `-z`.
    Linker(OsString),
    /// A file, or `-` for standard input.
    Input(OsString),
}

impl Item {
    /// An option without operand.
    pub fn option(word: impl Into<OsString>) -> Item {
        Item::Option(vec![word.into()])
    }

    /// The words that clang gets for it.
    pub fn words(&self) -> Vec<OsString> {
        match self {
            Item::Option(words) => words.clone(),
            Item::Linker(token) if token.as_bytes().contains(&b',') => {
                vec!["-Xlinker".into(), token.clone()]
            }
            Item::Linker(token) => vec![joined("-Wl,", token)],
            Item::Input(file) if file.as_bytes().starts_with(b"-") && file != "-" => {
                vec![joined("./", file)]
            }
            Item::Input(file) => vec![file.clone()],
        }
    }
}

/// `prefix` and `rest` as one argument.
pub fn joined(prefix: &str, rest: &OsStr) -> OsString {
    let mut word = OsString::from(prefix);
    word.push(rest);
    word
}

/// What follows `prefix` in `word`.
pub fn after<'a>(word: &'a OsStr, prefix: &str) -> Option<&'a OsStr> {
    let rest = word.as_bytes().strip_prefix(prefix.as_bytes())?;
    Some(OsStr::from_bytes(rest))
}

/// The options of clang whose operand is the next argument when nothing is joined to them.
///
/// Source: clang 22's option table, kinds `Separate` and `JoinedOrSeparate`; gcc's `-aux-info`,
/// `-dumpbase` and the like are there because build systems made for gcc pass them.
const WITH_OPERAND: &[&str] = &[
    "--assert",
    "--define-macro",
    "--for-assembler",
    "--include",
    "--include-directory",
    "--language",
    "--library-directory",
    "--output",
    "--param",
    "--prefix",
    "--serialize-diagnostics",
    "--sysroot",
    "--undefine-macro",
    "-A",
    "-B",
    "-D",
    "-F",
    "-G",
    "-I",
    "-L",
    "-MF",
    "-MJ",
    "-MQ",
    "-MT",
    "-T",
    "-U",
    "-Xanalyzer",
    "-Xassembler",
    "-Xclang",
    "-Xpreprocessor",
    "-arch",
    "-aux-info",
    "-cxx-isystem",
    "-dependency-dot",
    "-dependency-file",
    "-dumpbase",
    "-dumpdir",
    "-e",
    "-framework",
    "-gcc-toolchain",
    "-idirafter",
    "-iframework",
    "-imacros",
    "-imultilib",
    "-include",
    "-include-pch",
    "-index-store-path",
    "-install_name",
    "-iprefix",
    "-iquote",
    "-isysroot",
    "-isystem",
    "-isystem-after",
    "-ivfsoverlay",
    "-iwithprefix",
    "-iwithprefixbefore",
    "-iwithsysroot",
    "-l",
    "-mllvm",
    "-o",
    "-resource-dir",
    "-serialize-diagnostics",
    "-stdlib++-isystem",
    "-target",
    "-u",
    "-working-directory",
    "-x",
];

/// Takes a command line apart. Response files are expanded already.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut args = args.into_iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            items.extend(args.map(Item::Input));
            break;
        }
        if let Some(tokens) = after(&arg, "-Wl,") {
            let tokens = tokens.as_bytes().split(|&byte| byte == b',');
            items.extend(tokens.map(|token| Item::Linker(OsStr::from_bytes(token).into())));
        } else if arg == "-Xlinker" || arg == "--for-linker" {
            items.extend(args.next().map(Item::Linker));
        } else if arg == "-z" {
            items.push(Item::Linker(arg));
            items.extend(args.next().map(Item::Linker));
        } else if takes_next(&arg) {
            let words = [Some(arg), args.next()];
            items.push(Item::Option(words.into_iter().flatten().collect()));
        } else if arg.as_bytes().starts_with(b"-") && arg != "-" {
            items.push(Item::option(arg));
        } else {
            items.push(Item::Input(arg));
        }
    }
    items
}

fn takes_next(arg: &OsStr) -> bool {
    let known = |name: &&str| arg.as_bytes().cmp(name.as_bytes()).reverse();
    WITH_OPERAND.binary_search_by(known).is_ok() || after(arg, "-Xarch_").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(line: &str) -> Vec<Item> {
        parse(line.split(' ').map(OsString::from))
    }

    fn words(line: &str) -> String {
        let words: Vec<_> = items(line).iter().flat_map(Item::words).collect();
        words.join(OsStr::new(" ")).into_string().expect("UTF-8")
    }

    #[test]
    fn the_operand_table_is_sorted() {
        assert!(WITH_OPERAND.is_sorted());
    }

    #[test]
    fn an_operand_is_never_taken_for_an_option_or_an_input() {
        struct Case {
            line: &'static str,
            inputs: &'static [&'static str],
        }
        let cases = [
            Case {
                line: "-o -c a.c",
                inputs: &["a.c"],
            },
            Case {
                line: "-I -shared -D x.c a.c",
                inputs: &["a.c"],
            },
            Case {
                line: "-MF dep.d -MT a.o -c a.c",
                inputs: &["a.c"],
            },
            Case {
                line: "-x c -",
                inputs: &["-"],
            },
            Case {
                line: "-Xclang -ast-dump -Xarch_x86_64 -g a.c",
                inputs: &["a.c"],
            },
            Case {
                line: "-Wl,-rpath -Wl,lib a.o",
                inputs: &["a.o"],
            },
            Case {
                line: "-c -- -a.c b.c",
                inputs: &["-a.c", "b.c"],
            },
            Case {
                line: "-oout a.c -lm",
                inputs: &["a.c"],
            },
        ];
        for Case { line, inputs } in cases {
            let found: Vec<_> = items(line)
                .into_iter()
                .filter_map(|item| match item {
                    Item::Input(file) => file.into_string().ok(),
                    _ => None,
                })
                .collect();
            assert_eq!(found, inputs, "wali-cc {line}");
        }
    }

    #[test]
    fn linker_arguments_are_one_stream_whatever_they_came_in() {
        assert_eq!(
            items("-Wl,-rpath,/x -Xlinker -Map -Xlinker a,b -z now"),
            ["-rpath", "/x", "-Map", "a,b", "-z", "now"].map(|token| Item::Linker(token.into()))
        );
    }

    #[test]
    fn words_mean_what_the_items_were() {
        assert_eq!(
            words("-Wl,-Map,x -Xlinker a,b -o out -- -a.c"),
            "-Wl,-Map -Wl,x -Xlinker a,b -o out ./-a.c"
        );
    }
}
