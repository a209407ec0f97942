//! What happens to arguments that the target has no use for: tables, one row a rewrite.

mod driver;
mod linker;
mod linker_row;
mod row;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::command::{Item, joined};
pub use linker_row::{LinkerAction, LinkerRow};
pub use row::{Action, Context, Row};

/// The first row for an option of the driver, if there is one.
pub fn for_option(words: &[OsString], context: Context) -> Option<&'static Row> {
    let option = match words {
        [option, operand] => joined(&option.to_string_lossy(), operand),
        [option, ..] => option.clone(),
        [] => return None,
    };
    let option = option.to_str()?;
    driver::ROWS.iter().find(|row| row.holds(option, context))
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
    let apart = row.takes_operand() && value.is_none() && long.is_some();
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
        row: linker::KEYWORDS.iter().find(|row| row.has_name(keyword)),
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

/// Returns the value of the last linker argument that is one of `names`, joined or apart.
pub(crate) fn last_linker_value<'a>(tokens: &[&'a OsStr], names: &[&str]) -> Option<&'a OsStr> {
    let mut last = None;
    for (at, token) in tokens.iter().enumerate() {
        for name in names {
            match linker_option(token, name) {
                Some(Some(value)) => last = Some(value),
                Some(None) => last = tokens.get(at + 1).copied().or(last),
                None => {}
            }
        }
    }
    last
}

/// The item that a row's action leaves of an option.
pub fn replacement(action: Action) -> Option<Item> {
    match action {
        Action::Replace(option) => Some(Item::option(option)),
        Action::Link(argument) => Some(Item::Linker(argument.into())),
        Action::Drop | Action::Refuse(_) => None,
    }
}
