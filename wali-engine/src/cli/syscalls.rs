//! `wali-engine syscalls`: what of Linux's system calls the engine serves.

use std::io::{self, Write as _};

use clap::ValueEnum;
use wali_abi::{SYSCALLS, Serve, Support, Syscall};

use super::failure::{Failure, USAGE};

#[derive(clap::Args)]
pub(super) struct Args {
    /// How to write the list.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Only calls that are supported this far.
    #[arg(long, value_enum)]
    support: Option<Wanted>,
    /// Only the calls of these names.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Columns, for a terminal.
    Table,
    /// A Markdown table.
    Markdown,
    /// An array of objects.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Wanted {
    Full,
    Partial,
    Refused,
}

impl Wanted {
    fn support(self) -> Support {
        match self {
            Wanted::Full => Support::Full,
            Wanted::Partial => Support::Partial,
            Wanted::Refused => Support::Refused,
        }
    }
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    if let Some(unknown) = args
        .names
        .iter()
        .find(|name| wali_abi::syscall(name).is_none())
    {
        return Err(Failure {
            message: format!("Linux has no system call {unknown}"),
            status: USAGE,
        });
    }
    let calls: Vec<&Syscall> = SYSCALLS
        .iter()
        .filter(|call| {
            args.support
                .is_none_or(|wanted| call.support == wanted.support())
        })
        .filter(|call| args.names.is_empty() || args.names.iter().any(|name| name == call.name))
        .collect();
    let text = match args.format {
        Format::Table => table(&calls),
        Format::Markdown => markdown(&calls),
        Format::Json => json(&calls),
    };
    // A reader that closes the pipe has read enough.
    let _ = io::stdout().write_all(text.as_bytes());
    Ok(0)
}

/// `name(arg: type, …)` as the spec has it.
fn prototype(call: &Syscall) -> String {
    let args: Vec<String> = call
        .args
        .iter()
        .map(|arg| format!("{}: {}", arg.name, arg.text))
        .collect();
    format!("{}({})", call.name, args.join(", "))
}

/// The programs of `tests/syscalls` that test each call; written by `cargo xtask codegen`.
const TESTS: &str = include_str!("tests.txt");

/// The tests of a call.
fn tests(call: &Syscall) -> Vec<&'static str> {
    let line = TESTS
        .lines()
        .find_map(|line| line.strip_prefix(call.name)?.strip_prefix(' '));
    line.map_or_else(Vec::new, |names| names.split(' ').collect())
}

/// Who answers.
fn server(call: &Syscall) -> &'static str {
    match call.serve {
        Serve::Direct => "kernel",
        Serve::Hand => "engine",
        Serve::Refused(errno) => errno.name,
    }
}

fn number(call: &Syscall) -> String {
    call.virtual_number()
        .map_or_else(String::new, |number| number.to_string())
}

fn table(calls: &[&Syscall]) -> String {
    let width = calls.iter().map(|call| call.name.len()).max().unwrap_or(0);
    let line = |call: &&Syscall| {
        let row = format!(
            "{:>4}  {:width$}  {:8} {:8} {:7}  {:20}  {}",
            number(call),
            call.name,
            call.family,
            call.support.word(),
            server(call),
            tests(call).join(","),
            call.note,
        );
        row.trim_end().to_owned() + "\n"
    };
    let mut text: String = calls.iter().map(line).collect();
    let count = |support| calls.iter().filter(|call| call.support == support).count();
    text += &format!(
        "{} system calls: {} full, {} partial, {} refused\n",
        calls.len(),
        count(Support::Full),
        count(Support::Partial),
        count(Support::Refused),
    );
    text
}

fn markdown(calls: &[&Syscall]) -> String {
    let mut text = String::from(
        "| number | call | family | support | answered by | note | tests |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for call in calls {
        let cells = [
            number(call),
            format!("`{}`", prototype(call)),
            call.family.to_owned(),
            call.support.word().to_owned(),
            server(call).to_owned(),
            call.note.to_owned(),
            tests(call).join(", "),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}

fn json(calls: &[&Syscall]) -> String {
    let objects: Vec<String> = calls.iter().map(|call| json_object(call)).collect();
    format!("[\n{}\n]\n", objects.join(",\n"))
}

fn json_object(call: &Syscall) -> String {
    let args: Vec<String> = call
        .args
        .iter()
        .map(|arg| {
            format!(
                "{{\"name\": {}, \"type\": {}}}",
                quote(arg.name),
                quote(arg.text)
            )
        })
        .collect();
    let numbers = call
        .numbers
        .map(|number| number.map_or_else(|| "null".to_owned(), |number| number.to_string()));
    let [x86_64, aarch64, riscv64] = numbers;
    format!(
        "  {{\"name\": {}, \"numbers\": {{\"x86_64\": {x86_64}, \"aarch64\": {aarch64}, \
         \"riscv64\": {riscv64}}}, \"signature\": {}, \"args\": [{}], \"family\": {}, \
         \"support\": {}, \"answered_by\": {}, \"note\": {}, \"tests\": [{}]}}",
        quote(call.name),
        quote(&call.signature()),
        args.join(", "),
        quote(call.family),
        quote(call.support.word()),
        quote(server(call)),
        quote(call.note),
        tests(call)
            .into_iter()
            .map(quote)
            .collect::<Vec<String>>()
            .join(", "),
    )
}

/// A JSON string. The spec's texts hold no control characters.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_every_call_once() {
        let calls: Vec<&Syscall> = SYSCALLS.iter().collect();
        assert_eq!(table(&calls).lines().count(), calls.len() + 1);
        assert_eq!(markdown(&calls).lines().count(), calls.len() + 2);
        assert_eq!(json(&calls).matches("\"numbers\": ").count(), calls.len());
    }

    #[test]
    fn the_tests_of_a_call_are_listed() {
        let read = wali_abi::syscall("read").expect("in the spec");
        assert!(tests(read).contains(&"files"), "{:?}", tests(read));
        assert!(json(&[read]).contains("\"tests\": [\"files\""));
        // No call takes those of one whose name is longer.
        assert!(TESTS.lines().any(|line| line.starts_with("readv ")));
        assert!(!tests(read).contains(&"vectors"));
    }

    #[test]
    fn texts_are_quoted() {
        assert_eq!(quote(r#"a "b" \ c"#), r#""a \"b\" \\ c""#);
    }
}
