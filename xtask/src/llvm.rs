//! `cargo xtask llvm`: finds LLVM or installs it, and links its programs into `build/llvm/bin`.

mod find;
mod install;
mod tools;

use std::os::unix::fs::symlink;

use anyhow::{Context, Result};

use crate::cx::Cx;
use crate::stamp::Stamp;
use crate::toolchain::Toolchain;
pub(crate) use find::find;
pub(crate) use tools::Llvm;

/// Command line of `cargo xtask llvm`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install nothing; only say what there is
    #[arg(long)]
    check: bool,
}

/// Says which LLVM is used, after installing one when there is none.
///
/// # Errors
/// When there is none and it cannot be installed; the error has the command that would.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let llvm = if args.check { find(cx)? } else { ensure(cx)? };
    cx.say(format!(
        "llvm: {} in {}",
        llvm.version(),
        llvm.bin().display()
    ));
    Ok(())
}

/// Returns LLVM, installed when there is none, with `build/llvm/bin` pointing to its programs.
///
/// # Errors
/// As [`run`].
pub(crate) fn ensure(cx: &Cx) -> Result<Llvm> {
    let llvm = match find(cx) {
        Ok(llvm) => llvm,
        Err(missing) => {
            install::install(cx).with_context(|| missing.to_string())?;
            find(cx)?
        }
    };
    link(cx, &llvm)?;
    Ok(llvm)
}

/// Links the programs under names without versions, so that other tools need not search again.
fn link(cx: &Cx, llvm: &Llvm) -> Result<()> {
    if cx.out("llvm/bin") == llvm.bin() {
        return Ok(());
    }
    let stamp = Stamp::new()
        .text("bin", &llvm.bin().to_string_lossy())
        .text("version", &llvm.version().to_string());
    cx.product("llvm", &stamp.finish(), false, |staging| {
        let bin = staging.join("bin");
        cx.make_folder(&bin)?;
        for program in find::programs(&Toolchain::read(cx.root())?) {
            let link = bin.join(&program);
            symlink(llvm.tool(&program)?, &link)
                .with_context(|| format!("linking {}", link.display()))?;
        }
        Ok(())
    })?;
    Ok(())
}
