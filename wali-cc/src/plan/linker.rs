//! The arguments of the linker, on the compiler's command line and on `wali-ld`'s.

use std::ffi::OsString;

use super::{Change, Plan, Refusal};
use crate::command::Item;
use crate::rows::{self, LinkerAction, linker_option};

impl Plan {
    /// Plans a command line of `wali-ld`. Reads response files, else nothing.
    pub fn from_linker_args(args: impl IntoIterator<Item = OsString>) -> Plan {
        let expanded = crate::response::expand(args);
        let asks = |name: &str| {
            expanded
                .iter()
                .any(|arg| linker_option(arg, name).is_some())
        };
        let mut plan = Plan {
            linker_version: asks("version") || (asks("v") && expanded.len() == 1),
            ..Plan::default()
        };
        let items = expanded.into_iter().map(Item::Linker).collect();
        let items = plan.rewrite_linker(items);
        plan.args = ["-m", "wasm32"].map(OsString::from).into();
        plan.args
            .extend(items.into_iter().filter_map(|item| match item {
                Item::Linker(token) => Some(token),
                Item::Option(_) | Item::Input(_) => None,
            }));
        plan
    }

    /// Applies the linker's rows to the linker's arguments, which are one stream: an operand may
    /// stand in another `-Wl,` than its option.
    pub(super) fn rewrite_linker(&mut self, items: Vec<Item>) -> Vec<Item> {
        let mut kept = Vec::with_capacity(items.len());
        let mut rest = items.as_slice();
        while let Some((item, behind)) = rest.split_first() {
            let Item::Linker(token) = item else {
                kept.push(item.clone());
                rest = behind;
                continue;
            };
            let next = behind
                .iter()
                .position(|item| matches!(item, Item::Linker(_)));
            let operand = next.map(|at| &behind[at]);
            let mut tokens = vec![token.as_os_str()];
            if let Some(Item::Linker(operand)) = operand {
                tokens.push(operand);
            }
            let found = rows::for_linker(&tokens);
            let words: Vec<OsString> = tokens[..found.taken].iter().map(|&t| t.into()).collect();
            kept.extend(self.linker_items(words, found.row));
            rest = behind;
            if found.taken == 2 {
                let at = next.unwrap_or_default();
                kept.extend_from_slice(&behind[..at]);
                rest = &behind[at + 1..];
            }
        }
        kept
    }

    /// What `row` leaves of an argument of the linker.
    fn linker_items(
        &mut self,
        words: Vec<OsString>,
        row: Option<&'static rows::LinkerRow>,
    ) -> Vec<Item> {
        let Some(row) = row else {
            return words.into_iter().map(Item::Linker).collect();
        };
        let to = match row.action {
            LinkerAction::Keep => return words.into_iter().map(Item::Linker).collect(),
            LinkerAction::Refuse(help) => {
                self.refusals.push(Refusal {
                    words,
                    reason: row.reason,
                    help,
                });
                return Vec::new();
            }
            LinkerAction::Drop => Vec::new(),
            LinkerAction::Replace(other) => vec![Item::Linker(other.into())],
        };
        self.changes.push(Change {
            from: words,
            to: to.iter().flat_map(Item::words).collect(),
            reason: row.reason,
            source: row.source,
        });
        to
    }
}
