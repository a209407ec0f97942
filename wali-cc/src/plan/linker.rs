//! The arguments of the linker, on the compiler's command line and on `wali-ld`'s.

use std::ffi::OsString;

use crate::changes::{Change, Refusal};
use crate::command::Item;
use crate::rows::{self, LinkerAction};

/// Applies the linker's rows to the linker's arguments, which are one stream: an operand may stand in
/// another `-Wl,` than its option. Returns the items that are left.
pub(super) fn rewrite(
    items: Vec<Item>,
    changes: &mut Vec<Change>,
    refusals: &mut Vec<Refusal>,
) -> Vec<Item> {
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
        kept.extend(replaced(words, found.row, changes, refusals));
        rest = behind;
        if found.taken == 2 {
            let at = next.unwrap_or_default();
            kept.extend_from_slice(&behind[..at]);
            rest = &behind[at + 1..];
        }
    }
    kept
}

/// Returns what `row` leaves of an argument of the linker.
fn replaced(
    words: Vec<OsString>,
    row: Option<&'static rows::LinkerRow>,
    changes: &mut Vec<Change>,
    refusals: &mut Vec<Refusal>,
) -> Vec<Item> {
    let Some(row) = row else {
        return words.into_iter().map(Item::Linker).collect();
    };
    let to = match row.action {
        LinkerAction::Keep => return words.into_iter().map(Item::Linker).collect(),
        LinkerAction::Refuse(help) => {
            refusals.push(Refusal {
                words,
                reason: row.reason,
                help,
            });
            return Vec::new();
        }
        LinkerAction::Drop => Vec::new(),
        LinkerAction::Replace(other) => vec![Item::Linker(other.into())],
    };
    changes.push(Change {
        from: words,
        to: to.iter().flat_map(Item::words).collect(),
        reason: row.reason,
        source: row.source,
    });
    to
}
