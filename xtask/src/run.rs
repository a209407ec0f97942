//! `cargo xtask run FILE.c [ARGS]`: sets up what is missing, compiles the program and runs it.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::setup;
use crate::stamp::Stamp;

/// Command line of `cargo xtask run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The program: one C file, or a module that is compiled already
    file: PathBuf,
    /// Its arguments
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

/// Runs the program; what it ends with is what we end with.
///
/// # Errors
/// When the set-up fails, the file is no program or does not compile.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    if !args.file.is_file() {
        bail!("{}: no such file", args.file.display());
    }
    setup::ensure(cx)?;
    let module = match args
        .file
        .extension()
        .and_then(|extension| extension.to_str())
    {
        Some("wasm") => args.file.clone(),
        Some("c") => compile(cx, &args.file)?,
        _ => bail!(
            "{}: neither a C file nor a module (.c, .wasm)",
            args.file.display()
        ),
    };
    let engine = cx.cmd(cx.out("bin/wali-engine"), "run").quiet();
    let status = engine.arg("run").arg(module).args(&args.args).attached()?;
    Ok(exit_code(status))
}

/// Compiles `file` into the build folder and returns the module.
fn compile(cx: &Cx, file: &Path) -> Result<PathBuf> {
    let file = std::path::absolute(file)?;
    let stem = file
        .file_stem()
        .context("a file without a name")?
        .to_string_lossy();
    // Files of one name in two folders are two programs.
    let sum = Stamp::new().text("file", &file.to_string_lossy()).finish();
    let folder = cx.out("run").join(format!("{stem}-{}", &sum[..12]));
    cx.make_folder(&folder)?;
    let (new, module) = (folder.join(".new"), folder.join(format!("{stem}.wasm")));
    let compiler = cx.cmd(cx.out("bin/wali-cc"), "run").quiet();
    let status = compiler
        .arg("-O2")
        .arg("-o")
        .arg(&new)
        .arg(&file)
        .attached()?;
    if !status.success() {
        bail!("{} does not compile", file.display());
    }
    std::fs::rename(&new, &module).with_context(|| format!("keeping {}", module.display()))?;
    Ok(module)
}

/// `status` as a shell tells it.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| Some(128 + status.signal()?));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
