//! The message about a refused module: every problem, one a line, and what to do.

use std::fmt::Write as _;

use super::{Origins, Problem};

/// Writes the message about `file`. Empty when there are no problems.
pub fn report(file: &str, problems: &[Problem], origins: &Origins) -> String {
    let (imports, others): (Vec<_>, Vec<_>) = problems
        .iter()
        .partition(|problem| !matches!(problem, Problem::Other(_)));
    let mut text = String::new();
    if !imports.is_empty() {
        let count = imports.len();
        let plural = if count == 1 { "" } else { "s" };
        let _ = writeln!(
            text,
            "wali-cc: error: {file} needs {count} import{plural} that no WALI engine serves"
        );
        let width = imports
            .iter()
            .map(|problem| name(problem).len())
            .max()
            .unwrap_or(0);
        for problem in &imports {
            let _ = writeln!(
                text,
                "  {:width$}  {}",
                name(problem),
                explanation(problem, origins)
            );
        }
    }
    if !others.is_empty() {
        let _ = writeln!(text, "wali-cc: error: {file} is not a WALI program");
        for problem in &others {
            if let Problem::Other(sentence) = problem {
                let _ = writeln!(text, "  {sentence}");
            }
        }
    }
    if let Some(help) = help(problems) {
        let _ = writeln!(text, "help: {help}");
    }
    text
}

fn name(problem: &Problem) -> String {
    match problem {
        Problem::Unknown { module, name } => format!("{module}::{name}"),
        Problem::Signature { name, .. } | Problem::Unpublished { name } => {
            format!("{}::{name}", wali_abi::MODULE)
        }
        Problem::Other(_) => String::new(),
    }
}

fn explanation(problem: &Problem, origins: &Origins) -> String {
    let mut parts = Vec::new();
    let (module, name) = match problem {
        Problem::Unknown { module, name } => {
            if module == wali_abi::MODULE {
                parts.push("not in the WALI interface".to_owned());
            } else {
                parts.push("undefined".to_owned());
            }
            parts
                .extend(wali_abi::nearest_import(name).map(|near| format!("nearest name: {near}")));
            (module.as_str(), name)
        }
        Problem::Signature {
            name,
            found,
            expected,
        } => {
            parts.push(format!("is {found}, in the interface {expected}"));
            (wali_abi::MODULE, name)
        }
        Problem::Unpublished { name } => {
            parts.push("not in the published interface, which --wali-compat keeps to".to_owned());
            (wali_abi::MODULE, name)
        }
        Problem::Other(_) => return String::new(),
    };
    parts.extend(origins.of_import(module, name));
    parts.join("; ")
}

fn help(problems: &[Problem]) -> Option<String> {
    problems.iter().find_map(|problem| match problem {
        Problem::Unknown { .. } => Some(format!(
            "define them in a linked library, or pass --wali-allow-import={} if the embedder has it",
            name(problem)
        )),
        Problem::Unpublished { .. } => Some(format!(
            "build without --wali-compat, or pass --wali-allow-import={} if the engine has it",
            name(problem)
        )),
        Problem::Signature { .. } | Problem::Other(_) => None,
    })
}
