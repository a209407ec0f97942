//! Testing an application by the test suite of its source: each case runs natively and as Wasm, in
//! copies of the suite's folder, and is judged by what it prints and how it ends.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::build::{Built, fill};
use super::manifest::{App, Suite};
use crate::bounded::{End, Outcome, Program};
use crate::cx::Cx;
use crate::harness::case::{Case, Verdict};
use crate::harness::compare::compare;
use crate::harness::sandbox::{self, Build, How};
use crate::terminal;

/// A case and the builds it is run with.
struct Test {
    name: String,
    /// Why it cannot pass, when it cannot.
    difference: Option<String>,
    native: Flavoured,
    wasm: Flavoured,
    how: How<'static>,
}

/// The paths of a build.
#[derive(Clone)]
struct Flavoured {
    product: PathBuf,
    helpers: Vec<(String, PathBuf)>,
    work: PathBuf,
}

impl Flavoured {
    fn of(suite: &Suite, built: &Built) -> Self {
        let helpers = suite.helpers.iter();
        Self {
            product: built.program(&suite.product),
            helpers: helpers
                .map(|name| (name.clone(), built.program(name)))
                .collect(),
            work: built.work.clone(),
        }
    }
}

/// The cases of the suite that comes with `app`, none when there is no suite.
///
/// # Errors
/// When its folder has no cases, its list of differences cannot be read, or the list names no case.
pub(super) fn cases<'a>(
    cx: &'a Cx,
    app: &'a App,
    native: &Built,
    wasm: &Built,
    how: How<'static>,
) -> Result<Vec<Case<'a>>> {
    let Some(suite) = &app.manifest.suite else {
        return Ok(Vec::new());
    };
    let names = names(suite, &native.work.join(&suite.folder))?;
    let mut differences = match &suite.differences {
        Some(file) => differences(&app.folder.join(file), &names)?,
        None => BTreeMap::new(),
    };
    let cases = names.into_iter().map(|name| {
        let test = Test {
            difference: differences.remove(&name),
            native: Flavoured::of(suite, native),
            wasm: Flavoured::of(suite, wasm),
            how,
            name,
        };
        Case {
            name: format!("apps/{}/{}", app.name, test.name),
            run: Box::new(move || judge(cx, suite, &test)),
        }
    });
    Ok(cases.collect())
}

/// Returns the names of the cases in `folder`, sorted.
///
/// # Errors
/// When there are none, or the folder cannot be read.
fn names(suite: &Suite, folder: &Path) -> Result<Vec<String>> {
    let reading = || format!("reading {}", folder.display());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(reading)? {
        let name = entry.with_context(reading)?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.starts_with(&suite.prefix) && !suite.not_cases.contains(&name) {
            names.push(name);
        }
    }
    ensure!(
        !names.is_empty(),
        "{} has no case: no file begins with `{}`",
        folder.display(),
        suite.prefix
    );
    names.sort();
    Ok(names)
}

fn differences(file: &Path, cases: &[String]) -> Result<BTreeMap<String, String>> {
    let reading = || format!("reading {}", file.display());
    let text = std::fs::read_to_string(file).with_context(reading)?;
    let differences: BTreeMap<String, String> = toml::from_str(&text).with_context(reading)?;
    for name in differences.keys() {
        let known = cases.contains(name);
        ensure!(known, "{}: there is no case `{name}`", file.display());
    }
    Ok(differences)
}

fn judge(cx: &Cx, suite: &Suite, test: &Test) -> Result<Verdict> {
    // Both run under one path, which some cases print.
    let place = sandbox::folder()?;
    let expected = run(
        cx,
        suite,
        test,
        Build::Native(&test.native.product),
        place.path(),
    )?;
    let found = run(
        cx,
        suite,
        test,
        Build::Wasm(&test.wasm.product),
        place.path(),
    )?;
    let verdict = verdict(&expected, &found);
    Ok(match (&test.difference, verdict) {
        (None, verdict) => verdict,
        (Some(_), Verdict::Passed) => Verdict::Failed(
            "passes, but is listed among the differences: take it out of the list".to_owned(),
        ),
        (Some(reason), _) => Verdict::Skipped(reason.clone()),
    })
}

/// A case passes when it ends well, as the suite judges it, or does exactly what it does natively.
fn verdict(expected: &Outcome, found: &Outcome) -> Verdict {
    if found.end == End::Status(0) {
        return Verdict::Passed;
    }
    match compare(expected, found) {
        Verdict::Passed => Verdict::Passed,
        Verdict::Failed(why) => {
            let shown = String::from_utf8_lossy(&found.stdout);
            Verdict::Failed(format!("natively {}\n{why}\n{shown}", expected.end))
        }
        Verdict::Skipped(reason) => Verdict::Skipped(reason),
    }
}

/// Runs the case in a new copy of the suite below `place`, on a terminal.
fn run(cx: &Cx, suite: &Suite, test: &Test, build: Build, place: &Path) -> Result<Outcome> {
    let flavoured = match build {
        Build::Native(_) => &test.native,
        Build::Wasm(_) => &test.wasm,
    };
    let folder = place.join("suite");
    lay_out(&test.native.work.join(&suite.folder), &folder)?;
    for (name, file) in &flavoured.helpers {
        link(file, &folder.join(name))?;
    }
    // The case runs in the suite's folder, the product lies beside that.
    let product = place.join(&suite.product);
    link(&flavoured.product, &product)?;
    let mut env = sandbox::environment(cx);
    prepend_to_path(&mut env, &folder)?;
    let value = |name: &str| {
        let path = match name {
            "file" => return Ok(Some(test.name.clone())),
            "product" => &product,
            "build" => &flavoured.work,
            "folder" => &folder,
            _ => return Ok(None),
        };
        Ok(Some(path.to_string_lossy().into_owned()))
    };
    for (name, text) in &suite.env {
        env.retain(|(known, _)| known != name.as_str());
        env.push((name.into(), fill(text, &value)?.into()));
    }
    let mut program = match build {
        Build::Native(_) => Program::new(&product, &env),
        Build::Wasm(_) => {
            let interp = test.how.interpreted.then_some(Path::new("--interp"));
            let args = [Path::new("run")].into_iter().chain(interp);
            Program::new(cx.out("bin/wali-engine"), &env)
                .args(args)
                .arg(&product)
        }
    };
    for arg in &suite.args {
        program = program.arg(fill(arg, &value)?);
    }
    program.limit = test.how.limit(Duration::from_secs(suite.timeout));
    terminal::run(&program, &[], &folder)
}

/// Makes `folder` a new copy of `original`.
fn lay_out(original: &Path, folder: &Path) -> Result<()> {
    let copying = || format!("copying {}", original.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(copying)?;
    }
    let status = Command::new("cp")
        .arg("-a")
        .args([original, folder])
        .status();
    let is_copied = status.with_context(copying)?.success();
    ensure!(is_copied, "{}: `cp -a` failed", copying());
    Ok(())
}

/// Makes `name` a link to `file`, whatever it was.
fn link(file: &Path, name: &Path) -> Result<()> {
    let linking = || format!("linking {}", name.display());
    if name.symlink_metadata().is_ok() {
        std::fs::remove_file(name).with_context(linking)?;
    }
    symlink(file, name).with_context(linking)
}

fn prepend_to_path(env: &mut [(OsString, OsString)], folder: &Path) -> Result<()> {
    for (_, path) in env.iter_mut().filter(|(name, _)| name == "PATH") {
        let folders = [folder.to_owned()].into_iter();
        let folders = folders.chain(std::env::split_paths(path));
        *path = std::env::join_paths(folders).context("a folder's name has a colon")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: i32, stdout: &str) -> Outcome {
        Outcome {
            end: End::Status(status),
            stdout: stdout.into(),
            stderr: Vec::new(),
        }
    }

    #[test]
    fn a_case_passes_by_itself_or_by_being_like_the_native_one() {
        let cases = [
            (outcome(0, ""), outcome(0, "a warning"), true),
            (outcome(1, "1c1"), outcome(0, ""), true),
            (outcome(1, "1c1"), outcome(1, "1c1"), true),
            (outcome(1, "1c1"), outcome(1, "2c2"), false),
            (outcome(0, ""), outcome(1, ""), false),
        ];
        for (native, wasm, passes) in cases {
            let verdict = verdict(&native, &wasm);
            assert_eq!(verdict == Verdict::Passed, passes, "{native:?} {wasm:?}");
        }
    }

    #[test]
    fn a_difference_must_name_a_case() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "run-a = 'why'\n").unwrap();
        assert!(differences(file.path(), &["run-a".to_owned()]).is_ok());
        let error = differences(file.path(), &[]).unwrap_err().to_string();
        assert!(error.contains("no case `run-a`"), "{error}");
    }
}
