//! Whether a module is one that WALI engines run: imports, memory, start routine, features.

mod module;
mod origin;
mod report;

use wali_abi::Import;
use wasmparser::WasmFeatures;

pub use module::{Callers, Module, ParseError};
pub use origin::Origins;
pub use report::report;

use crate::link::Entry;

/// The name under which a module exports its memory.
const MEMORY: &str = "memory";

/// What a module is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The start routine it must export.
    pub entry: &'a Entry,
    /// Imports outside the interface that the embedder has: `module::name`.
    pub allowed: &'a [String],
    /// Only what the published interface and older engines have.
    pub compat: bool,
}

/// Something that keeps a module from running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// An import that the interface does not have.
    Unknown {
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },
    /// An import of the interface, with another type.
    Signature {
        /// The import's name, in module `wali`.
        name: String,
        /// The type in the module.
        found: String,
        /// The type in the interface.
        expected: String,
    },
    /// An import that older engines do not have.
    Unpublished {
        /// The import's name, in module `wali`.
        name: String,
    },
    /// Anything else; the text is a sentence without a stop.
    Other(String),
}

/// Finds everything that is wrong with a module.
pub fn problems(module: &Module, rules: &Rules) -> Vec<Problem> {
    let mut problems: Vec<Problem> = module
        .imports
        .iter()
        .filter_map(|import| import_problem(import, rules))
        .collect();
    problems.extend(memory_problems(module).map(Problem::Other));
    problems.extend(entry_problem(module, rules.entry).map(Problem::Other));
    problems
}

/// Checks the code of a module against what engines execute.
///
/// # Errors
/// The first thing that is not valid, with its place in the file.
pub fn validate(bytes: &[u8], compat: bool) -> Result<(), String> {
    let engine = WasmFeatures::WASM3.difference(WasmFeatures::MEMORY64);
    let features = if compat {
        // The older encoding of exceptions needs tags, which the flag of the newer one brings.
        WasmFeatures::WASM2
            .difference(WasmFeatures::SIMD)
            .union(WasmFeatures::THREADS)
            .union(WasmFeatures::EXCEPTIONS)
            .union(WasmFeatures::LEGACY_EXCEPTIONS)
    } else {
        engine
    };
    wasmparser::Validator::new_with_features(features)
        .validate_all(bytes)
        .map(drop)
        .map_err(|e| format!("{} at offset {:#x}", e.message(), e.offset()))
}

fn import_problem(import: &module::ModuleImport, rules: &Rules) -> Option<Problem> {
    let (module, name) = (&import.module, &import.name);
    let full = format!("{module}::{name}");
    if rules.allowed.contains(&full) {
        return None;
    }
    let Some(signature) = &import.signature else {
        return Some(Problem::Other(format!(
            "{full} is an imported {}; a module brings its own",
            import.kind
        )));
    };
    let known = (module == wali_abi::MODULE)
        .then(|| wali_abi::import(name))
        .flatten();
    let Some(known) = known else {
        return Some(Problem::Unknown {
            module: module.clone(),
            name: name.clone(),
        });
    };
    if !known.accepts(signature) {
        return Some(Problem::Signature {
            name: name.clone(),
            found: signature.clone(),
            expected: known.signature(),
        });
    }
    let published = match known {
        Import::Syscall(call) => call.published,
        Import::Support(_) => true,
    };
    (rules.compat && !published).then(|| Problem::Unpublished { name: name.clone() })
}

fn memory_problems(module: &Module) -> impl Iterator<Item = String> {
    let mut problems = Vec::new();
    match module.memories.as_slice() {
        [] => problems.push("it has no memory".to_owned()),
        [memory] => {
            if !memory.shared {
                problems.push("its memory is not shared (--shared-memory)".to_owned());
            }
            if memory.maximum_pages.is_none() {
                problems.push("its memory has no maximum (--max-memory)".to_owned());
            }
            if memory.is_64 {
                problems.push("its memory has 64-bit addresses".to_owned());
            }
        }
        several => problems.push(format!("it has {} memories", several.len())),
    }
    if !module.memories.is_empty() && !module.exported_memories.iter().any(|name| name == MEMORY) {
        problems.push(format!("it does not export its memory as {MEMORY:?}"));
    }
    problems.into_iter()
}

fn entry_problem(module: &Module, entry: &Entry) -> Option<String> {
    let Entry::Function(name) = entry else {
        return None;
    };
    match module.exported_functions.get(name).map(String::as_str) {
        Some("() -> ()") => None,
        Some(found) => Some(format!("its start routine {name} is {found}, not () -> ()")),
        None => Some(format!("it does not export the start routine {name}")),
    }
}

#[cfg(test)]
mod tests;
