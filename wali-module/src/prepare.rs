//! The module as it is compiled: every pass over it in turn.

use wali_contract::{Executor, Facts, POLL_AT, TableFill, WASM_PAGE_SIZE};

use crate::inspect::{Inspection, InvalidModule, MemoryShape};
use crate::{casts, rewrite, safepoint};

/// A module that is ready to be compiled.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The rewritten module.
    pub bytes: Vec<u8>,
    /// What a start has to know of it.
    pub facts: Facts,
}

/// Rewrites `bytes`, a module that was inspected and has `memory`, for `executor`.
///
/// # Errors
/// The module is not valid, which one that was inspected is.
pub fn prepare(
    bytes: &[u8],
    inspection: &Inspection,
    memory: MemoryShape,
    executor: Executor,
) -> Result<Prepared, InvalidModule> {
    let mut facts = Facts {
        initial_pages: memory.initial_pages,
        max_pages: memory.max_pages,
        table_fill: if inspection.starts_threads() {
            TableFill::OnUse
        } else {
            TableFill::AtOnce
        },
    };
    let rewritten = rewrite::rewrite(bytes, inspection, executor)?;
    let rewritten = casts::adapt_indirect_calls(&rewritten)
        .map_err(|error| InvalidModule::new(format!("{error:#}")))?
        .unwrap_or(rewritten);
    // A memory that starts with all its 4 GiB has no room for the safepoints' word.
    let Some(word) = facts.initial_pages.checked_mul(WASM_PAGE_SIZE) else {
        return Ok(Prepared {
            bytes: rewritten,
            facts,
        });
    };
    let poll = POLL_AT
        .filter(|_| executor == Executor::Compiler)
        .map(|distance| word + distance);
    let bytes = match safepoint::insert(&rewritten, word, inspection.n_functions, poll)? {
        None => rewritten,
        Some(with_safepoints) => {
            facts.initial_pages += 1;
            facts.max_pages = facts.max_pages.max(facts.initial_pages);
            with_safepoints
        }
    };
    Ok(Prepared { bytes, facts })
}
