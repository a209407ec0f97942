//! Where the runtime differs from Linux, and that the spec's notes say so.
//!
//! A comment `Differs from Linux: …` in a file of `calls/sys` stands for the call that it documents or
//! whose function it stands in; in a function that serves no call itself, for the calls of the file
//! that reach it. `Differs from Linux (mmap, madvise): …` names the calls, and anywhere else it must.
//! The calls with such a comment are those of which the spec says `support = "partial"`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wali_abi::{SYSCALLS, Support};

use crate::ROOT;
use crate::text::{self, Comment};

/// What such a comment begins with.
const MARK: &str = "Differs from Linux";

/// Where the functions of the calls are, below the workspace's folder.
const CALLS: &str = "wali-runtime/src/calls/sys/";

/// The calls that a comment stands for, each with the places of its comments.
type Deviations = BTreeMap<String, Vec<String>>;

#[test]
fn calls_that_differ_from_linux_say_so_in_the_spec_and_in_the_code() {
    let mut found = Deviations::new();
    let mut problems = Vec::new();
    for file in text::files(&Path::new(ROOT).join("wali-runtime/src"), &["rs"]) {
        let code = std::fs::read_to_string(&file).expect("a source file");
        collect(&text::shown(&file), &code, &mut found, &mut problems);
    }
    for (call, places) in &found {
        let places = places.join(", ");
        let known = SYSCALLS.iter().find(|known| known.name == call);
        match known.map(|known| known.support) {
            None => problems.push(format!(
                "{places}: {call} is no system call of wali-abi/spec/syscalls.toml; \
                 correct the name in the comment"
            )),
            Some(Support::Partial) => {}
            Some(support) => problems.push(format!(
                "{places}: {call} differs from Linux, but wali-abi/spec/syscalls.toml says \
                 support = {:?}; make it \"partial\" with a note that says how it differs",
                support.word()
            )),
        }
    }
    let partial = SYSCALLS
        .iter()
        .filter(|call| call.support == Support::Partial);
    for call in partial.filter(|call| !found.contains_key(call.name)) {
        problems.push(format!(
            "wali-abi/spec/syscalls.toml: {} is \"partial\" ({:?}), but no comment in wali-runtime/src \
             says so; write `// {MARK}: …` in its function in {CALLS}, or `// {MARK} ({}): …` elsewhere",
            call.name, call.note, call.name
        ));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_readme_counts_the_calls_that_are_served() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    let of = |support| SYSCALLS.iter().filter(move |it| it.support == support);
    let sentence = format!(
        "Of Linux's {} system calls {} are served in full, {} in part",
        SYSCALLS.len(),
        of(Support::Full).count(),
        of(Support::Partial).count()
    );
    let words: Vec<&str> = readme.split_whitespace().collect();
    assert!(
        words.join(" ").contains(&sentence),
        "README.md: it should say {sentence:?}"
    );
}

/// Adds the comments of `file` with the text `code` to `found`, and what is wrong with them to `problems`.
fn collect(file: &str, code: &str, found: &mut Deviations, problems: &mut Vec<String>) {
    let functions = functions(code);
    for comment in text::comments(code) {
        let mut rest = comment.text.as_str();
        while let Some((_, after)) = rest.split_once(MARK) {
            rest = after;
            let place = format!("{file}:{}", comment.line);
            match calls_of(file, after, &comment, &functions) {
                Ok(calls) => {
                    for call in calls {
                        found.entry(call).or_default().push(place.clone());
                    }
                }
                Err(problem) => problems.push(format!("{place}: {problem}")),
            }
        }
    }
}

/// The calls that a comment stands for that goes on with `after` behind the mark.
fn calls_of(
    file: &str,
    after: &str,
    comment: &Comment,
    functions: &[Function],
) -> Result<BTreeSet<String>, String> {
    if let Some((names, _)) = after
        .strip_prefix(" (")
        .and_then(|named| named.split_once("):"))
    {
        return Ok(names.split(", ").map(str::to_owned).collect());
    }
    if !after.starts_with(':') {
        return Err(format!("write `{MARK}: …` or `{MARK} (call, call): …`"));
    }
    let calls = file
        .starts_with(CALLS)
        .then(|| {
            let documented = comment.is_doc.then_some(comment.behind);
            let function = functions.iter().rev().find(|function| {
                documented == Some(function.first)
                    || (function.first..=function.last).contains(&comment.line)
            })?;
            Some(calls_that_reach(&function.name, functions))
        })
        .flatten()
        .unwrap_or_default();
    match calls.is_empty() {
        true => Err(format!(
            "the comment stands in no function of a call; name the calls: `{MARK} (call, call): …`"
        )),
        false => Ok(calls),
    }
}

/// The calls among the file's `functions` that come to the one called `name`, itself if it is one.
fn calls_that_reach(name: &str, functions: &[Function]) -> BTreeSet<String> {
    let mut reaching = BTreeSet::from([name]);
    loop {
        let before = reaching.len();
        for function in functions {
            if function.called.iter().any(|it| reaching.contains(&**it)) {
                reaching.insert(&function.name);
            }
        }
        if reaching.len() == before {
            break;
        }
    }
    let is_call = |name: &&str| SYSCALLS.iter().any(|call| call.name == *name);
    match is_call(&name) {
        true => BTreeSet::from([name.to_owned()]),
        false => reaching
            .into_iter()
            .filter(is_call)
            .map(str::to_owned)
            .collect(),
    }
}

/// A function of a file that rustfmt has formatted.
struct Function {
    name: String,
    /// Its first line, that of its name; counted from 1.
    first: usize,
    last: usize,
    /// What its body calls by a plain name.
    called: BTreeSet<String>,
}

fn functions(code: &str) -> Vec<Function> {
    let lines: Vec<&str> = code.lines().collect();
    let mut functions = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = text::function_name(line) else {
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let is_end = |line: &&str| line.strip_prefix(indent) == Some("}");
        let len = lines[at..].iter().position(is_end).unwrap_or_default();
        let body = lines[at + 1..=at + len].iter();
        let code = body.filter(|line| !line.trim_start().starts_with("//"));
        functions.push(Function {
            name: name.to_owned(),
            first: at + 1,
            last: at + 1 + len,
            called: code.flat_map(|line| called(line)).collect(),
        });
    }
    functions
}

/// The names in a line that a parenthesis follows and neither a path nor a value leads.
fn called(line: &str) -> Vec<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut names = Vec::new();
    for (at, _) in line.match_indices('(') {
        let before = &line[..at];
        let name = before.rsplit(|c| !is_name(c)).next().unwrap_or_default();
        let leading = &before[..before.len() - name.len()];
        if !name.is_empty() && !leading.ends_with(['.', ':']) {
            names.push(name.to_owned());
        }
    }
    names
}

#[test]
fn a_comment_stands_for_the_call_around_it_or_for_those_it_names() {
    struct Case {
        name: &'static str,
        file: &'static str,
        code: &'static str,
        expected: &'static str,
    }
    let sys = "wali-runtime/src/calls/sys/file.rs";
    let cases = [
        Case {
            name: "in a body",
            file: sys,
            code: "fn read() {\n    // Differs from Linux: a\n    // reason.\n    x();\n}",
            expected: "read",
        },
        Case {
            name: "in a doc comment",
            file: sys,
            code: "fn write() {\n}\n/// Reads.\n///\n/// Differs from Linux: it.\n#[inline]\npub(super) fn read() {\n}",
            expected: "read",
        },
        Case {
            name: "in a function that calls reach",
            file: sys,
            code: "fn read() {\n    admit(1);\n}\nfn admit() {\n    refuse();\n}\nfn write() {\n    other::refuse();\n}\n\
                   fn refuse() {\n    // Differs from Linux: it.\n}",
            expected: "read",
        },
        Case {
            name: "in a call that another one calls",
            file: sys,
            code: "fn read() {\n    write();\n}\nfn write() {\n    // Differs from Linux: it.\n}",
            expected: "write",
        },
        Case {
            name: "with names",
            file: "wali-runtime/src/memory/limits.rs",
            code: "// Differs from Linux (read, write): it.",
            expected: "read write",
        },
        Case {
            name: "without names in a lower layer",
            file: "wali-runtime/src/memory/limits.rs",
            code: "fn read() {\n    // Differs from Linux: it.\n}",
            expected: "name the calls",
        },
        Case {
            name: "in a function that no call reaches",
            file: sys,
            code: "fn refuse() {\n    // Differs from Linux: it.\n}",
            expected: "name the calls",
        },
        Case {
            name: "without a colon",
            file: sys,
            code: "fn read() {\n    // Differs from Linux in this.\n}",
            expected: "write `Differs from Linux: …`",
        },
    ];
    for Case {
        name,
        file,
        code,
        expected,
    } in cases
    {
        let (mut found, mut problems) = (Deviations::new(), Vec::new());
        collect(file, code, &mut found, &mut problems);
        let calls: Vec<String> = found.into_keys().collect();
        let told = calls.join(" ") + &problems.join("\n");
        assert!(told.contains(expected), "{name}: {code}\n{told}");
        assert_eq!(problems.is_empty(), !told.contains(": "), "{name}: {told}");
    }
}
