//! Testing an application: its test files run natively and as Wasm, and are compared.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::build::{Built, fill};
use super::manifest::{App, Tests};
use crate::bounded::{End, Outcome};
use crate::cx::Cx;
use crate::files;
use crate::harness::case::{Case, Verdict};
use crate::harness::compare::compare;
use crate::harness::directives::{self, Directives};
use crate::harness::sandbox::{self, Build, How};
use crate::terminal;

/// A test file and the builds it is run with.
struct Test<'a> {
    tests: &'a Tests,
    /// The folder with the test files.
    folder: PathBuf,
    file: PathBuf,
    native: PathBuf,
    wasm: PathBuf,
    how: How<'static>,
}

/// The cases of `app`.
///
/// # Errors
/// When a folder with tests cannot be read.
pub(super) fn cases<'a>(
    cx: &'a Cx,
    app: &'a App,
    native: &Built,
    wasm: &Built,
    how: How<'static>,
) -> Result<Vec<Case<'a>>> {
    let mut cases = Vec::new();
    for tests in &app.manifest.tests {
        let folder = app.folder.join(&tests.folder);
        for file in files::tests(&folder, &tests.extension)? {
            let name = format!(
                "apps/{}/{}",
                app.name,
                file.file_name().unwrap_or_default().display()
            );
            let test = Test {
                tests,
                folder: folder.clone(),
                file,
                native: native.program(&tests.product),
                wasm: wasm.program(&tests.product),
                how,
            };
            cases.push(Case {
                name,
                run: Box::new(move || judge(cx, &test)),
            });
        }
    }
    Ok(cases)
}

fn judge(cx: &Cx, test: &Test) -> Result<Verdict> {
    let text = std::fs::read(&test.file)?;
    let text = String::from_utf8_lossy(&text);
    let directives = directives::parse(&text, &test.tests.comment)?;
    if let Some(reason) = &directives.skip {
        return Ok(Verdict::Skipped(reason.clone()));
    }
    if let (Some(reason), true) = (&directives.skip_interp, test.how.briefly) {
        return Ok(Verdict::Skipped(reason.clone()));
    }
    let expected = run(cx, test, &directives, &text, Build::Native(&test.native))?;
    let found = run(cx, test, &directives, &text, Build::Wasm(&test.wasm))?;
    if let End::TimedOut(_) = expected.end {
        let shown = String::from_utf8_lossy(&expected.stdout).into_owned();
        return Ok(Verdict::Failed(format!(
            "natively {}\n{shown}",
            expected.end
        )));
    }
    Ok(compare(&expected, &found))
}

fn run(cx: &Cx, test: &Test, directives: &Directives, text: &str, build: Build) -> Result<Outcome> {
    let sandbox = sandbox::folder()?;
    link_all(&test.folder, sandbox.path())?;
    let mut program = sandbox::program(cx, build, &test.tests.product, sandbox.path(), test.how)?;
    let name = test
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let value = |placeholder: &str| Ok((placeholder == "file").then(|| name.clone()));
    for arg in &test.tests.args {
        program = program.arg(fill(arg, &value)?);
    }
    program = program.args(&directives.args);
    program.env.extend(
        directives
            .env
            .iter()
            .map(|(name, value)| (name.into(), value.into())),
    );
    program.limit = test.how.limit(directives.limit);
    if test.tests.terminal {
        // Once without a terminal: what the engine says there while it compiles is not the program's.
        if let Build::Wasm(_) = build {
            program.run(sandbox.path())?;
        }
        return terminal::run(&program, &terminal::parse(text)?, sandbox.path());
    }
    program.stdin.clone_from(&directives.stdin);
    program.run(sandbox.path())
}

/// Links all that is in `folder` into `sandbox`, so that tests find each other by their names and what
/// they write does not land in the workspace.
fn link_all(folder: &Path, sandbox: &Path) -> Result<()> {
    let linking = || format!("linking the tests of {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(linking)? {
        let entry = entry.with_context(linking)?;
        symlink(entry.path(), sandbox.join(entry.file_name())).with_context(linking)?;
    }
    Ok(())
}
