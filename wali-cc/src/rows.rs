//! What happens to arguments that the target has no use for: tables, one row a rewrite.

mod driver;
mod linker;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::command::{Item, joined};

/// A rewrite of an argument.
pub struct Row {
    matches: Match,
    when: When,
    /// What becomes of the argument.
    pub action: Action,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// Which arguments a row is for.
enum Match {
    /// One of these words; a space separates them, here and below.
    Is(&'static str),
    /// What starts like one of these.
    StartsWith(&'static str),
    /// What starts like the first, unless the rest is one of the second.
    ValueNot(&'static str, &'static str),
    /// What this function says yes to.
    If(fn(&str) -> bool),
}

fn contains(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|known| known == word)
}

/// In which command lines a row holds.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Always,
    Linking,
    /// Objects are linked, nothing is compiled.
    OnlyLinking,
    /// Sources are compiled and linked at once.
    CompilingToModule,
    /// No `-fsanitize-trap` takes the need for a runtime away.
    NotTrapping,
}

/// What a row does to an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Leaves it out.
    Drop,
    /// Puts this option in its place.
    Replace(&'static str),
    /// Puts this argument for the linker in its place.
    Link(&'static str),
    /// Ends with an error; the text says what to do instead.
    Refuse(&'static str),
}

/// What the rows have to know of the whole command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// It ends with a link.
    pub linking: bool,
    /// It compiles something.
    pub compiling: bool,
    /// Sanitizer checks end in a trap.
    pub trapping: bool,
}

/// The first row for an option of the driver, if there is one.
pub fn for_option(words: &[OsString], context: Context) -> Option<&'static Row> {
    let option = match words {
        [option, operand] => joined(&option.to_string_lossy(), operand),
        [option, ..] => option.clone(),
        [] => return None,
    };
    let option = option.to_str()?;
    driver::ROWS
        .iter()
        .find(|row| row.matches.holds(option) && row.when.holds(context))
}

impl Match {
    fn holds(&self, option: &str) -> bool {
        match self {
            Match::Is(words) => contains(words, option),
            Match::StartsWith(prefixes) => {
                prefixes.split(' ').any(|prefix| option.starts_with(prefix))
            }
            Match::ValueNot(prefix, known) => option
                .strip_prefix(prefix)
                .is_some_and(|value| !contains(known, value)),
            Match::If(test) => test(option),
        }
    }
}

impl When {
    fn holds(self, context: Context) -> bool {
        match self {
            When::Always => true,
            When::Linking => context.linking,
            When::OnlyLinking => context.linking && !context.compiling,
            When::CompilingToModule => context.linking && context.compiling,
            When::NotTrapping => !context.trapping,
        }
    }
}

/// A rewrite of an argument of the linker.
pub struct LinkerRow {
    /// Names without dashes, separated by spaces; a name of one letter may have its operand joined to it.
    names: &'static str,
    operand: Operand,
    /// What becomes of it.
    pub action: LinkerAction,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// Whether an operand belongs to the argument.
#[derive(Clone, Copy, PartialEq)]
enum Operand {
    None,
    /// Behind `=`, joined to a one-letter name, or the next argument.
    Own,
    /// Behind `=` if at all.
    Joined,
}

/// What a row does to an argument of the linker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkerAction {
    /// Hands it on with its operand, which is not looked at.
    Keep,
    /// Leaves it out, with its operand.
    Drop,
    /// Puts this in its place, without the operand.
    Replace(&'static str),
    /// Ends with an error; the text says what to do instead.
    Refuse(&'static str),
}

/// A linker argument with its operand and the row that is for it.
pub struct LinkerMatch {
    /// How many arguments it takes, 1 or 2.
    pub taken: usize,
    /// The row; without one the argument goes to wasm-ld as it is.
    pub row: Option<&'static LinkerRow>,
}

/// Finds the row for the first of the linker's arguments.
pub fn for_linker(args: &[&OsStr]) -> LinkerMatch {
    let unknown = LinkerMatch {
        taken: 1,
        row: None,
    };
    let Some(arg) = args.first().and_then(|arg| arg.to_str()) else {
        return unknown;
    };
    let Some(name) = arg.strip_prefix("--").or_else(|| arg.strip_prefix('-')) else {
        return unknown;
    };
    let (name, value) = match name.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (name, None),
    };
    if name == "z" || (name.starts_with('z') && !arg.starts_with("--")) {
        return for_keyword(name, value, args);
    }
    let long = linker::ROWS.iter().find(|row| row.is_named(name, value));
    let row = long.or_else(|| linker::ROWS.iter().find(|row| row.joins(arg)));
    let Some(row) = row else { return unknown };
    let apart = row.operand == Operand::Own && value.is_none() && long.is_some();
    LinkerMatch {
        taken: if apart { args.len().min(2) } else { 1 },
        row: Some(row),
    }
}

/// Finds the row for `-z keyword`, `-zkeyword`, `-z keyword=value`.
fn for_keyword(name: &str, value: Option<&str>, args: &[&OsStr]) -> LinkerMatch {
    let apart = name == "z" && value.is_none();
    let keyword = if apart {
        args.get(1).map(|operand| operand.to_string_lossy())
    } else {
        Some(name[1..].into())
    };
    let keyword = keyword.unwrap_or_default();
    let keyword = keyword.split('=').next().unwrap_or_default();
    LinkerMatch {
        taken: if apart { args.len().min(2) } else { 1 },
        row: linker::KEYWORDS
            .iter()
            .find(|row| contains(row.names, keyword)),
    }
}

impl LinkerRow {
    fn is_named(&self, name: &str, value: Option<&str>) -> bool {
        contains(self.names, name) && (value.is_none() || self.operand != Operand::None)
    }

    /// Whether `arg` is a one-letter name with its operand joined to it.
    fn joins(&self, arg: &str) -> bool {
        let mut short = self.names.split(' ').filter(|name| name.len() == 1);
        self.operand == Operand::Own
            && !arg.starts_with("--")
            && arg.len() > 2
            && short.any(|name| arg[1..].starts_with(name))
    }
}

/// Whether a linker argument is the option `name`, with one dash or two, and its joined operand.
pub fn linker_option<'a>(arg: &'a OsStr, name: &str) -> Option<Option<&'a OsStr>> {
    let bytes = arg.as_bytes();
    let rest = bytes
        .strip_prefix(b"--")
        .or_else(|| bytes.strip_prefix(b"-"))?;
    let rest = rest.strip_prefix(name.as_bytes())?;
    match rest {
        [] => Some(None),
        [b'=', value @ ..] => Some(Some(OsStr::from_bytes(value))),
        _ => None,
    }
}

/// The item that a row's action leaves of an option.
pub fn replacement(action: Action) -> Option<Item> {
    match action {
        Action::Replace(option) => Some(Item::option(option)),
        Action::Link(argument) => Some(Item::Linker(argument.into())),
        Action::Drop | Action::Refuse(_) => None,
    }
}
