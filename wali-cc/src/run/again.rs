//! The second run of a command whose output calls setjmp.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitStatus;

use anyhow::Context;

use super::clang::Clang;
use super::module_file::read;
use crate::explain;
use crate::plan::Plan;
use crate::probes::{self, Probes};
use crate::setjmp::{Setjmp, Which};

/// Runs the command `args` once more when functions in `files`, its output, call setjmp, with probes
/// in these functions. Returns how that ended, or nothing when there are no such functions.
///
/// # Errors
/// When a file cannot be read or clang cannot be started.
pub(super) fn with_probes(
    plan: &Plan,
    probes: &Probes,
    clang: &Clang,
    args: &[OsString],
    files: &[PathBuf],
) -> anyhow::Result<Option<ExitStatus>> {
    let repeated = probes::repeated(args);
    let mut found = Setjmp::default();
    // What is no ordinary file cannot be read back, and holds no object for a later link.
    for file in files.iter().filter(|file| file.is_file()) {
        let in_file = Setjmp::of(&read(file)?, probes.which);
        found.callers.extend(in_file.callers);
        found.nameless |= in_file.nameless;
    }
    if found.nameless && plan.link.is_some() {
        found = look_at_names(clang, &repeated, probes.which)?;
    }
    if found.callers.is_empty() {
        return Ok(None);
    }
    let mut list = tempfile::NamedTempFile::new().context("making a list of functions")?;
    list.write_all(probes::allowlist(&found.callers).as_bytes())
        .context("writing a list of functions")?;
    let words = [repeated, probes::flags(list.path())].concat();
    if plan.explain {
        let callers: Vec<_> = found.callers.iter().map(String::as_str).collect();
        eprintln!(
            "wali-cc: runs {}\n           again, with probes in what calls setjmp: {} \
             (docs/signals.md, Probes)",
            explain::pasteable(clang.program, &words),
            callers.join(" ")
        );
    }
    run(clang, &words).map(Some)
}

/// Links a module that is to have no names once with them.
fn look_at_names(clang: &Clang, repeated: &[OsString], which: Which) -> anyhow::Result<Setjmp> {
    let folder = tempfile::tempdir().context("making a temporary folder")?;
    let module = folder.path().join("module.wasm");
    let mut words = repeated.to_vec();
    words.extend(["-Wl,--keep-section=name".into(), "-o".into()]);
    words.push(module.clone().into());
    let status = run(clang, &words)?;
    if !status.success() {
        return Ok(Setjmp::default());
    }
    Ok(Setjmp::of(&read(&module)?, which))
}

/// The first run has printed what there was to say, unless this one fails where it did not.
fn run(clang: &Clang, words: &[OsString]) -> anyhow::Result<ExitStatus> {
    let output = clang.run_silently(words)?;
    if !output.status.success() {
        std::io::stderr()
            .write_all(&output.stderr)
            .context("writing to standard error")?;
    }
    Ok(output.status)
}
