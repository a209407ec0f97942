//! Running a plan: clang, then the check of what it linked.

mod again;
mod clang;
mod module_file;

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{Context, bail};

use crate::check::{self, Module, Origins, Problem, Rules};
use crate::link::Link;
use crate::plan::Plan;
use clang::{Clang, Input};
use module_file::{prepend_run_line, read};

/// Runs clang as planned and checks the module it links. Returns the exit status, clang's own.
///
/// # Errors
/// When there is no sysroot, clang cannot be started, or its output cannot be read.
pub fn run(plan: &Plan, clang: &Path) -> anyhow::Result<u8> {
    if let Some(sysroot) = &plan.sysroot
        && !sysroot.is_dir()
    {
        bail!(
            "no sysroot at {}\n\
             help: cargo xtask sysroot builds it; WALI_SYSROOT=DIR or --sysroot=DIR names another",
            sysroot.display()
        );
    }
    let mut args = plan.args.clone();
    let special = plan.link.as_ref().map(Special::of).transpose()?.flatten();
    if let Some(special) = &special {
        args.extend(["-o".into(), special.module.clone().into()]);
    }
    let clang = Clang {
        program: clang,
        input: plan.probes.as_ref().and_then(Input::of).transpose()?,
    };
    let mut status = match &plan.probes {
        None if plan.link.is_none() => clang.become_it(&args)?,
        _ => clang.run(&args)?,
    };
    if let Some(probes) = plan.probes.as_ref().filter(|_| status.success()) {
        let module = special.as_ref().map(|special| &special.module);
        let module = module.or(plan.link.as_ref().map(|link| &link.output));
        let files = module.map_or(probes.objects.as_slice(), std::slice::from_ref);
        status = again::with_probes(plan, probes, &clang, &args, files)?.unwrap_or(status);
    }
    let Some(link) = plan.link.as_ref().filter(|_| status.success()) else {
        return Ok(exit_code(status));
    };
    let module = special
        .as_ref()
        .map_or(&link.output, |special| &special.module);
    if !module.is_file() {
        return Ok(0);
    }
    if !check_linked(link, module)? {
        return Ok(1);
    }
    if let Some(engine) = &link.engine {
        prepend_run_line(engine, module)?;
    }
    if let Some(special) = special {
        special.deliver()?;
    }
    Ok(0)
}

/// A link whose output is no ordinary file: standard output, `/dev/null`, a pipe. The module is
/// linked into a file first, so that it can be checked.
struct Special {
    folder: tempfile::TempDir,
    module: PathBuf,
    output: PathBuf,
}

impl Special {
    fn of(link: &Link) -> anyhow::Result<Option<Special>> {
        let to_stdout = link.output.as_os_str() == "-";
        if !to_stdout && (!link.output.exists() || link.output.is_file() || link.output.is_dir()) {
            return Ok(None);
        }
        let folder = tempfile::tempdir().context("making a temporary folder")?;
        Ok(Some(Special {
            module: folder.path().join("module.wasm"),
            folder,
            output: link.output.clone(),
        }))
    }

    fn deliver(self) -> anyhow::Result<()> {
        let bytes = read(&self.module)?;
        if self.output.as_os_str() == "-" {
            std::io::stdout()
                .write_all(&bytes)
                .context("writing to standard output")?;
        } else {
            let mut output = std::fs::OpenOptions::new()
                .write(true)
                .open(&self.output)
                .with_context(|| format!("opening {}", self.output.display()))?;
            output
                .write_all(&bytes)
                .with_context(|| format!("writing {}", self.output.display()))?;
        }
        self.folder.close().context("removing a temporary folder")
    }
}

/// Checks what was linked; a refused module is removed.
fn check_linked(link: &Link, module: &Path) -> anyhow::Result<bool> {
    let bytes = read(module)?;
    let rules = Rules {
        entry: &link.entry,
        allowed: &link.allowed,
        compat: link.compat,
    };
    let problems = all_problems(&bytes, &rules);
    if problems.is_empty() {
        return Ok(true);
    }
    let origins = Origins::of(link, &bytes);
    eprint!(
        "{}",
        check::report(&link.output.display().to_string(), &problems, &origins)
    );
    std::fs::remove_file(module).with_context(|| format!("removing {}", module.display()))?;
    Ok(false)
}

/// Prints the linker's version as a linker that takes GNU ld's arguments does: build systems choose
/// by it which arguments they pass.
///
/// # Errors
/// When the linker cannot be started.
pub fn print_linker_version(linker: &Path) -> anyhow::Result<u8> {
    let output = Command::new(linker)
        .arg("--version")
        .output()
        .with_context(|| format!("starting {}", linker.display()))?;
    let version = String::from_utf8_lossy(&output.stdout);
    println!("{} (compatible with GNU linkers)", version.trim_end());
    Ok(exit_code(output.status))
}

/// Checks finished modules, prints what is wrong, and returns the exit status.
pub fn check_files(files: &[PathBuf], rules: &Rules) -> u8 {
    let mut status = 0;
    for path in files {
        let file = path.display();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("wali-cc: error: reading {file}: {error}");
                status = 1;
                continue;
            }
        };
        let problems = all_problems(&bytes, rules);
        if problems.is_empty() {
            println!("{file}: runs on a WALI engine");
        } else {
            eprint!(
                "{}",
                check::report(&file.to_string(), &problems, &Origins::of_module(&bytes))
            );
            status = 1;
        }
    }
    status
}

fn all_problems(bytes: &[u8], rules: &Rules) -> Vec<Problem> {
    match Module::parse(bytes) {
        Ok(module) => {
            let invalid = check::validate(bytes, rules.compat)
                .err()
                .map(Problem::Other);
            check::problems(&module, rules)
                .into_iter()
                .chain(invalid)
                .collect()
        }
        Err(error) => vec![Problem::Other(error.to_string())],
    }
}

/// What a shell would report of a child that ended so.
fn exit_code(status: ExitStatus) -> u8 {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
