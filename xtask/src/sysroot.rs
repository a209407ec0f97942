//! `cargo xtask sysroot`: builds headers, C library, runtime libraries and start files.
//!
//! `sysroot/` holds our part: `musl/` replaces and adds files of musl's source, `patches/` changes
//! the few that neither can, `setjmp/`, `simd/` and `crt/` stand beside it. [`tree`] puts the source
//! together, [`headers`] makes what is generated, [`kernel`] takes the kernel's headers, [`libc`] and
//! [`builtins`] compile, [`check`] tries the result.

mod builtins;
mod check;
mod compile;
mod headers;
pub(crate) mod kernel;
mod libc;
mod patch;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cx::Cx;
use crate::llvm;
use crate::product::remove;
use crate::stamp::Stamp;
use compile::Compiler;
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
    llvm::ensure(cx)?;
    let kernel = KernelHeaders::find(cx)?;
    let stamp = stamp(cx, &kernel)?;
    cx.product("sysroot", &stamp, force, |staging| {
        build(cx, &kernel, staging)
    })
}

/// Everything the sysroot is made from, this code included.
fn stamp(cx: &Cx, kernel: &KernelHeaders) -> Result<String> {
    let stamp = Stamp::new()
        .path(&cx.root().join("sysroot"))?
        .path(&cx.root().join("xtask/src/sysroot.rs"))?
        .path(&cx.root().join("xtask/src/sysroot"))?
        .path(&cx.root().join("toolchains/wali.toml"))?
        .text("musl", &cx.sources().identity("musl")?)
        .text("compiler-rt", &cx.sources().identity("compiler-rt")?)
        .text("kernel", &kernel.version)
        .text("kernel's folder", &kernel.folder().to_string_lossy())
        .text("llvm", &cx.llvm()?.version().to_string())
        .text("imports", &wali_abi::codegen::libc_imports_header())
        .text("numbers", &wali_abi::codegen::bits_syscall_h())
        .text("layouts", &check::layouts());
    Ok(stamp.finish())
}

/// The folders of one build.
struct Folders {
    /// Ours, in the repository.
    own: PathBuf,
    /// The C library's source, put together.
    musl: PathBuf,
    /// What is generated for compiling the library, and objects.
    work: PathBuf,
    /// The sysroot's headers.
    include: PathBuf,
    /// The sysroot's libraries.
    lib: PathBuf,
}

fn build(cx: &Cx, kernel: &KernelHeaders, staging: &Path) -> Result<()> {
    let work = staging.join("work");
    let folders = Folders {
        own: cx.root().join("sysroot"),
        musl: work.join("musl"),
        include: staging.join("include"),
        lib: staging.join(&cx.toolchain().lib_dir),
        work,
    };
    for folder in [&folders.work, &folders.include, &folders.lib] {
        cx.make_folder(folder)?;
    }
    let musl = cx.source("musl")?;
    let compiler_rt = cx.source("compiler-rt")?;
    let compiler = Compiler::new(cx, &folders)?;

    tree::assemble(&musl.dir, &folders).context("putting musl's source together")?;
    headers::install(&folders).context("installing the headers")?;
    kernel
        .install(&folders)
        .context("installing the kernel's headers")?;
    check::compile_layouts(&compiler, &folders)?;
    libc::build(&compiler, &folders).context("building libc")?;
    builtins::build(cx, &compiler, &compiler_rt.dir, &folders)
        .context("building the compiler's runtime library")?;
    check::link_everything(cx, &folders)?;

    let version = format!(
        "musl {}\ncompiler-rt {}\nkernel headers {}\nLLVM {}\n",
        musl.version,
        compiler_rt.version,
        kernel.version,
        cx.llvm()?.version()
    );
    fs::write(staging.join("VERSION"), version)?;
    remove(&folders.work)
}
