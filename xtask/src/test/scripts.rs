//! The suite `e2e`: shell scripts of `tests/e2e` that use the tools as a person would. Each runs in an
//! empty folder with the tools on PATH and the workspace's folder in ROOT; it passes when it ends
//! with status 0 (or the one after `# status:`) and prints what `NAME.expected` has, if there is one. Status
//! 77 means that this machine lacks what the script tests: the last line of its output is the reason.

use std::path::Path;

use anyhow::{Context, Result};

use crate::bounded::{End, Program};
use crate::cx::Cx;
use crate::harness::case::{Case, SKIPPED_STATUS, Tally, Verdict, run_all};
use crate::harness::compare::difference;
use crate::harness::directives;
use crate::harness::sandbox;
use crate::{files, llvm};

/// Runs the suite.
///
/// # Errors
/// When the folder has no scripts, or there is no LLVM.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let scripts = files::tests(&cx.root().join("tests/e2e"), "sh")?;
    let clang = &llvm::find(cx)?.tool("clang")?;
    let cases = scripts.iter().map(|script| Case {
        name: format!("e2e/{}", script.file_stem().unwrap_or_default().display()),
        run: Box::new(move || judge(cx, clang, script)),
    });
    run_all(cx, "e2e", filter, cases.collect())
}

/// Runs `script` with the path of the native compiler in CLANG.
fn judge(cx: &Cx, clang: &Path, script: &Path) -> Result<Verdict> {
    let text = std::fs::read_to_string(script)?;
    let directives = directives::parse(&text, "#").with_context(|| script.display().to_string())?;
    if let Some(reason) = directives.skip {
        return Ok(Verdict::Skipped(reason));
    }
    let folder = sandbox::folder()?;
    let mut env = sandbox::environment(cx);
    env.push(("ROOT".into(), cx.root().into()));
    env.push(("CLANG".into(), clang.into()));
    env.push(("XTASK".into(), cx.program().into()));
    env.extend(
        directives
            .env
            .iter()
            .map(|(name, value)| (name.into(), value.into())),
    );
    let mut program = Program::new("sh", &env).arg(script).args(&directives.args);
    program.stdin = directives.stdin;
    program.limit = directives.limit;
    let found = program.run(folder.path())?;
    if found.end == End::Status(SKIPPED_STATUS) {
        return Ok(Verdict::skipped_by(&found));
    }
    if found.end != End::Status(directives.status) {
        let output = [found.stdout, found.stderr].concat();
        let output = String::from_utf8_lossy(&output).into_owned();
        return Ok(Verdict::Failed(format!(
            "ended with {}\n{output}",
            found.end
        )));
    }
    let expected = script.with_extension("expected");
    if expected.exists() {
        let text = std::fs::read(&expected)?;
        if let Some(why) = difference("standard output", &text, &found.stdout) {
            return Ok(Verdict::Failed(why));
        }
    }
    Ok(Verdict::Passed)
}
