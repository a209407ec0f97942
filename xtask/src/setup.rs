//! `cargo xtask setup`: everything it takes to compile and run a program.

use anyhow::{Result, anyhow};

use crate::cx::Cx;
use crate::{engine, sysroot};

/// Command line of `cargo xtask setup`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Sets everything up and says where it is.
///
/// # Errors
/// When a part cannot be set up.
pub(crate) fn run(cx: &Cx, _args: &Args) -> Result<()> {
    ensure(cx)?;
    let bin = cx.out("bin");
    cx.say(format!("ready: the tools are in {}", bin.display()));
    if !std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|p| p == bin))
    {
        cx.say(format!("  export PATH={}:\"$PATH\"", bin.display()));
    }
    Ok(())
}

/// Sets up what is missing: LLVM, then the C library, while cargo builds the engine beside them.
///
/// # Errors
/// As [`run`].
pub(crate) fn ensure(cx: &Cx) -> Result<()> {
    std::thread::scope(|scope| {
        let engine = scope.spawn(|| engine::ensure(cx));
        let sysroot = sysroot::ensure(cx);
        // Both are waited for; the first to fail in this order is reported.
        let engine = engine
            .join()
            .unwrap_or_else(|_| Err(anyhow!("building the tools panicked")));
        sysroot.and(engine)
    })
}
