//! The cases there are: C programs, a folder a suite.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;

/// One program to time.
pub(super) struct Case {
    /// The folder it lies in.
    pub(super) suite: String,
    /// Its file name without the ending.
    pub(super) name: String,
    /// The C source.
    pub(super) source: PathBuf,
}

impl Case {
    /// `suite/name`.
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.suite, self.name)
    }

    /// Whether the whole process is timed, not a loop inside it.
    pub(super) fn is_whole_process(&self) -> bool {
        self.suite == "startup"
    }

    /// Where its native build is.
    pub(super) fn native(&self, cx: &Cx) -> PathBuf {
        cx.out("bench").join(&self.suite).join(&self.name)
    }

    /// Where its Wasm build is.
    pub(super) fn wasm(&self, cx: &Cx) -> PathBuf {
        self.native(cx).with_extension("wasm")
    }
}

/// The cases of `tests/bench` that `only` names, by suite or by full name; all when it is empty.
///
/// # Errors
/// When a name fits no case; the error lists the suites.
pub(super) fn find(cx: &Cx, only: &[String]) -> Result<Vec<Case>> {
    let all = all(cx)?;
    for name in only {
        if !all.iter().any(|case| matches(case, name)) {
            let mut suites: Vec<&str> = all.iter().map(|case| case.suite.as_str()).collect();
            suites.dedup();
            bail!(
                "no benchmark is called {name}; suites: {}",
                suites.join(", ")
            );
        }
    }
    Ok(all
        .into_iter()
        .filter(|case| only.is_empty() || only.iter().any(|name| matches(case, name)))
        .collect())
}

fn matches(case: &Case, name: &str) -> bool {
    case.suite == name || case.full_name() == name
}

fn all(cx: &Cx) -> Result<Vec<Case>> {
    let folder = cx.root().join("tests/bench");
    let reading = || format!("reading {}", folder.display());
    let mut cases = Vec::new();
    for suite in std::fs::read_dir(&folder).with_context(reading)? {
        let suite = suite?.path();
        if !suite.is_dir() {
            continue;
        }
        for source in std::fs::read_dir(&suite).with_context(reading)? {
            let source = source?.path();
            if source.extension().is_some_and(|ending| ending == "c") {
                let text = |path: &std::path::Path| {
                    path.file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned()
                };
                cases.push(Case {
                    suite: text(&suite),
                    name: text(&source),
                    source,
                });
            }
        }
    }
    cases.sort_by_key(Case::full_name);
    Ok(cases)
}
