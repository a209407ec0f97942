//! What a row for an argument of the linker is, and which arguments it fits.

use super::row::contains;

/// A rewrite of an argument of the linker.
pub struct LinkerRow {
    /// Names without dashes, separated by spaces; a name of one letter may have its operand joined to it.
    pub(super) names: &'static str,
    /// Whether an operand belongs to it.
    pub(super) operand: Operand,
    /// What becomes of it.
    pub action: LinkerAction,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// Whether an operand belongs to the argument.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Operand {
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

impl LinkerRow {
    /// Whether `word` is one of its names.
    pub(super) fn has_name(&self, word: &str) -> bool {
        contains(self.names, word)
    }

    /// Whether an operand always belongs to the argument.
    pub(super) fn takes_operand(&self) -> bool {
        self.operand == Operand::Own
    }

    /// Whether `name` is one of its names, and may have the operand `value` joined to it.
    pub(super) fn is_named(&self, name: &str, value: Option<&str>) -> bool {
        self.has_name(name) && (value.is_none() || self.operand != Operand::None)
    }

    /// Whether `arg` is a one-letter name with its operand joined to it.
    pub(super) fn joins(&self, arg: &str) -> bool {
        let mut short = self.names.split(' ').filter(|name| name.len() == 1);
        self.takes_operand()
            && !arg.starts_with("--")
            && arg.len() > 2
            && short.any(|name| arg[1..].starts_with(name))
    }
}
