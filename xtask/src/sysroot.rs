//! `cargo xtask sysroot`: builds headers, C library, runtime libraries and start files.
//!
//! `sysroot/` holds our part: `musl/` replaces and adds files of musl's source, `patches/` changes
//! the few that neither can, `setjmp/`, `simd/` and `crt/` stand beside it. [`tree`] puts the source
//! together, [`headers`] makes what is generated, [`kernel`] takes the kernel's headers, [`libc`] and
//! [`builtins`] compile, [`check`] tries the result.

mod builtins;
mod check;
mod compile;
mod folders;
mod headers;
pub(crate) mod kernel;
mod libc;
mod patch;
mod tree;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cx::Cx;
use crate::files::remove;
use crate::llvm::{self, Llvm};
use crate::sources::Sources;
use crate::stamp::Stamp;
use crate::toolchain::Toolchain;
use compile::Compiler;
use folders::Folders;
use kernel::KernelHeaders;

/// Command line of `cargo xtask sysroot`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Build even when no input changed
    #[arg(long)]
    force: bool,
}

/// Builds the sysroot when an input changed, and says where it is.
///
/// # Errors
/// When a source cannot be had or does not compile.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let built = make(cx, args.force)?;
    let state = if built { "built" } else { "nothing to do" };
    cx.say(format!("sysroot: {state}: {}", cx.out("sysroot").display()));
    Ok(())
}

/// Builds the sysroot when an input changed.
///
/// # Errors
/// As [`run`].
pub(crate) fn ensure(cx: &Cx) -> Result<()> {
    make(cx, false).map(|_| ())
}

fn make(cx: &Cx, force: bool) -> Result<bool> {
    let inputs = Inputs {
        llvm: llvm::ensure(cx)?,
        sources: Sources::read(cx)?,
        kernel: KernelHeaders::find(cx)?,
    };
    let stamp = stamp(cx, &inputs)?;
    cx.product("sysroot", &stamp, force, |staging| {
        build(cx, &inputs, staging)
    })
}

/// What the sysroot is made with and from, beside this repository.
struct Inputs {
    llvm: Llvm,
    sources: Sources,
    kernel: KernelHeaders,
}

/// Everything that decides what the sysroot is, this code included.
fn stamp(cx: &Cx, inputs: &Inputs) -> Result<String> {
    let Inputs {
        llvm,
        sources,
        kernel,
    } = inputs;
    let stamp = Stamp::new()
        .path(&cx.root().join("sysroot"))?
        .path(&cx.root().join("xtask/src/sysroot.rs"))?
        .path(&cx.root().join("xtask/src/sysroot"))?
        .path(&cx.root().join("toolchains/wali.toml"))?
        .text("musl", &sources.identity("musl")?)
        .text("compiler-rt", &sources.identity("compiler-rt")?)
        .text("kernel", &kernel.version)
        .text("kernel's folder", &kernel.folder().to_string_lossy())
        .text("llvm", &llvm.version().to_string())
        .text("imports", &wali_abi::codegen::libc_imports_header())
        .text("numbers", &wali_abi::codegen::bits_syscall_h())
        .text("layouts", &check::layouts());
    Ok(stamp.finish())
}

fn build(cx: &Cx, inputs: &Inputs, staging: &Path) -> Result<()> {
    let Inputs {
        llvm,
        sources,
        kernel,
    } = inputs;
    let toolchain = Toolchain::read(cx.root())?;
    let folders = Folders::new(cx.root(), staging, &toolchain);
    for folder in [&folders.work, &folders.include, &folders.lib] {
        cx.make_folder(folder)?;
    }
    let musl = sources.get(cx, "musl")?;
    let compiler_rt = sources.get(cx, "compiler-rt")?;
    let compiler = Compiler::new(cx, llvm, &toolchain, &folders)?;

    tree::assemble(&musl.dir, &folders).context("putting musl's source together")?;
    headers::install(&folders).context("installing the headers")?;
    kernel
        .install(&folders)
        .context("installing the kernel's headers")?;
    check::compile_layouts(&compiler, &folders)?;
    libc::build(&compiler, &folders).context("building libc")?;
    builtins::build(&compiler, &compiler_rt.dir, &folders)
        .context("building the compiler's runtime library")?;
    check::link_everything(&compiler, &folders)?;

    let version = format!(
        "musl {}\ncompiler-rt {}\nkernel headers {}\nLLVM {}\n",
        musl.version,
        compiler_rt.version,
        kernel.version,
        llvm.version()
    );
    fs::write(staging.join("VERSION"), version)?;
    remove(&folders.work)
}
