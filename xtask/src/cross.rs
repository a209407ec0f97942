//! `cargo xtask cross`: whether the workspace compiles for the other instruction sets, and whether programs
//! run there as they do here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::bounded::{self, Outcome, Program};
use crate::cx::Cx;
use crate::engine;
use crate::setup;
use crate::test::sandbox;

/// Command line of `cargo xtask cross`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The target; all when none is given
    #[arg(long)]
    target: Vec<String>,
    /// Build the engine too, and run programs with it under qemu
    #[arg(long)]
    run: bool,
}

/// The targets, and what their tools' names begin with.
const TARGETS: [(&str, &str); 2] = [
    ("aarch64-unknown-linux-gnu", "aarch64"),
    ("riscv64gc-unknown-linux-gnu", "riscv64"),
];

/// Programs of `tests/syscalls` whose calls qemu serves as the kernel does.
const PROGRAMS: [&str; 6] = [
    "clocks",
    "limits",
    "older",
    "process_memory_threads",
    "refused",
    "system_v",
];

/// Checks each target, and with `--run` runs programs.
///
/// # Errors
/// A target is unknown, its Rust library is missing, or something does not compile.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    bounded::end_with_us()?;
    let mut differ = 0;
    for (target, arch) in chosen(&args.target)? {
        let built = cargo(cx, if args.run { "build" } else { "check" }, target, arch)?;
        cx.say(format!("{target}: compiles"));
        if args.run {
            differ += compare(cx, arch, &built)?;
        }
    }
    Ok(ExitCode::from(u8::from(differ > 0)))
}

/// The targets that are asked for.
fn chosen(names: &[String]) -> Result<Vec<(&'static str, &'static str)>> {
    if let Some(unknown) = (names.iter()).find(|name| !TARGETS.iter().any(|known| known.0 == *name))
    {
        bail!(
            "no target {unknown}; known: {}, {}",
            TARGETS[0].0,
            TARGETS[1].0
        );
    }
    let is_chosen = |target: &str| names.is_empty() || names.iter().any(|name| name == target);
    Ok(TARGETS
        .into_iter()
        .filter(|known| is_chosen(known.0))
        .collect())
}

/// Runs cargo for `target` in a folder of its own and answers where the engine would be.
fn cargo(cx: &Cx, command: &str, target: &str, arch: &str) -> Result<PathBuf> {
    let folder = cx.out("cross");
    let linker = format!(
        "CARGO_TARGET_{}_LINKER",
        target.to_uppercase().replace('-', "_")
    );
    let status = engine::cargo(cx)
        .args([command, "--release", "--workspace", "--exclude", "xtask"])
        .args(["--target", target])
        .env("CARGO_TARGET_DIR", &folder)
        .env(linker, format!("{arch}-linux-gnu-gcc"))
        .stdin(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!(
            "`cargo {command} --target {target}` failed; it needs `rustup target add {target}` and, to \
             link, the packages gcc-{arch}-linux-gnu and libc6-dev-{}-cross",
            if arch == "aarch64" { "arm64" } else { arch }
        );
    }
    Ok(folder.join(target).join("release/wali-engine"))
}

/// Runs the programs here and under qemu; answers how many differ.
fn compare(cx: &Cx, arch: &str, built: &Path) -> Result<usize> {
    let qemu = format!("qemu-{arch}");
    if Command::new(&qemu).arg("--version").output().is_err() {
        bail!("no {qemu}; it is in the package qemu-user");
    }
    setup::ensure(cx)?;
    let mut differ = 0;
    for name in PROGRAMS {
        let module = compile(cx, name)?;
        let here = start(cx, &[cx.out("bin/wali-engine").into()], &module)?;
        let there = start(cx, &[qemu.clone().into(), built.into()], &module)?;
        let same = here.end == there.end && here.stdout == there.stdout;
        differ += usize::from(!same);
        let found = if same { "the same" } else { "DIFFERS" };
        cx.say(format!("{arch}: {name}: {found}"));
        if !same {
            cx.say(String::from_utf8_lossy(&there.stdout).trim_end());
            cx.say(String::from_utf8_lossy(&there.stderr).trim_end());
        }
    }
    Ok(differ)
}

fn compile(cx: &Cx, name: &str) -> Result<PathBuf> {
    let folder = cx.out("cross/programs");
    cx.make_folder(&folder)?;
    let module = folder.join(format!("{name}.wasm"));
    let source = cx.root().join("tests/syscalls").join(format!("{name}.c"));
    cx.cmd(cx.out("bin/wali-cc"), "cross")
        .quiet()
        .args(["-O1", "-pthread", "-o"])
        .arg(&module)
        .arg(source)
        .run()?;
    Ok(module)
}

/// Runs `module` in an empty folder by the engine that `words` start.
fn start(cx: &Cx, words: &[OsString], module: &Path) -> Result<Outcome> {
    let folder = sandbox::folder()?;
    let mut words = words.iter();
    let program = words.next().context("a command without words")?;
    Program::new(program, &sandbox::environment(cx))
        .args(words)
        .args(["run".as_ref(), module.as_os_str()])
        .run(folder.path())
}
