//! Whether the engine can serve a module: every import known, with the right signature.

use std::fmt;

use wali_text::shown;

use crate::inspect::{Import, ImportKind, Inspection};

/// One reason why a module cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// An import that the interface does not have.
    UnknownImport {
        /// Its module and name, `wali::SYS_openat3`.
        import: String,
        /// The import that may have been meant.
        nearest: Option<&'static str>,
    },
    /// An import with other types than the interface's.
    WrongSignature {
        /// Its module and name.
        import: String,
        /// What the module says.
        found: String,
        /// What the interface says.
        expected: String,
    },
    /// No memory at all.
    NoMemory,
    /// A memory that cannot be served, and why.
    BadMemory(&'static str),
}

/// Every reason why the module cannot run; none means that it can.
pub fn problems(inspection: &Inspection) -> Vec<Problem> {
    let mut problems: Vec<Problem> = inspection.imports.iter().filter_map(judge).collect();
    match (inspection.memory_problem, inspection.memory) {
        (Some(problem), _) => problems.push(Problem::BadMemory(problem)),
        (None, None) => problems.push(Problem::NoMemory),
        (None, Some(_)) => {}
    }
    problems
}

fn judge(import: &Import) -> Option<Problem> {
    let name = format!("{}::{}", import.module, import.name);
    let unknown = |nearest| {
        Some(Problem::UnknownImport {
            import: name.clone(),
            nearest,
        })
    };
    let found = match &import.kind {
        ImportKind::Function(signature) => signature,
        ImportKind::Memory => return None,
        ImportKind::Other(_) => return unknown(None),
    };
    if import.module != wali_abi::MODULE {
        return unknown(None);
    }
    let Some(known) = wali_abi::import(&import.name) else {
        return unknown(wali_abi::nearest_import(&import.name));
    };
    (!known.accepts(found)).then(|| Problem::WrongSignature {
        import: name,
        found: found.clone(),
        expected: known.signature(),
    })
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::UnknownImport { import, nearest } => {
                write!(f, "{}  no import of the WALI interface", shown(import))?;
                match nearest {
                    Some(nearest) => write!(f, "; nearest name: {nearest}"),
                    None => Ok(()),
                }
            }
            Problem::WrongSignature {
                import,
                found,
                expected,
            } => {
                let import = shown(import);
                write!(f, "{import}  has the type {found}, expected {expected}")
            }
            Problem::NoMemory => f.write_str("it has no memory"),
            Problem::BadMemory(problem) => f.write_str(problem),
        }
    }
}
