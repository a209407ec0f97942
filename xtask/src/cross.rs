//! `cargo xtask cross`: whether the workspace compiles for the other instruction sets, and whether programs
//! run there as they do here.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::bounded;
use crate::cx::Cx;
use crate::engine::GROUPS;
use crate::harness::case::{Tally, conclude};
use crate::harness::sandbox::Emulated;
use crate::setup;
use crate::test;

/// Command line of `cargo xtask cross`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The target; all when none is given
    #[arg(long)]
    target: Vec<String>,
    /// Build the engine too, and run programs with it under qemu
    #[arg(long)]
    run: bool,
    /// Run only the programs whose names contain TEXT
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT",
        requires = "run"
    )]
    filter: String,
}

/// The targets, what their tools' names begin with, and the processor that qemu has to be.
const TARGETS: [Target; 2] = [
    Target {
        name: "aarch64-unknown-linux-gnu",
        arch: "aarch64",
        processor: "max",
    },
    Target {
        name: "riscv64gc-unknown-linux-gnu",
        arch: "riscv64",
        // The compiler makes SIMD of vector instructions.
        processor: "rv64,v=true,vext_spec=v1.0",
    },
];

#[derive(Clone, Copy)]
struct Target {
    name: &'static str,
    arch: &'static str,
    processor: &'static str,
}

/// Checks each target, and with `--run` runs programs.
///
/// # Errors
/// A target is unknown, its Rust library is missing, or something does not compile.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    bounded::end_with_us()?;
    let targets = chosen(&args.target)?;
    if args.run {
        targets.iter().try_for_each(Target::check_emulator)?;
    }
    let mut folders = Vec::new();
    for target in targets {
        folders.push((target, cargo(cx, target, args.run)?));
        cx.say(format!("{}: compiles", target.name));
    }
    if !args.run {
        return Ok(ExitCode::SUCCESS);
    }
    setup::ensure(cx)?;
    let mut tally = Tally::default();
    for (target, folder) in folders {
        let started = Instant::now();
        let own = test::run_emulated(cx, target.arch, &target.emulated(&folder)?, &args.filter)?;
        let seconds = started.elapsed().as_secs_f64();
        cx.say(format!("{}: {own} ({seconds:.1} s)", target.arch));
        tally += own;
    }
    if tally == Tally::default() {
        bail!("no program's name contains `{}`", args.filter);
    }
    Ok(conclude(tally))
}

/// The targets that are asked for.
fn chosen(names: &[String]) -> Result<Vec<Target>> {
    let is_known = |name: &&String| TARGETS.iter().any(|target| target.name == **name);
    if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
        bail!(
            "no target {unknown}; known: {}, {}",
            TARGETS[0].name,
            TARGETS[1].name
        );
    }
    let is_chosen =
        |target: &Target| names.is_empty() || names.iter().any(|name| name == target.name);
    Ok(TARGETS.into_iter().filter(is_chosen).collect())
}

impl Target {
    fn emulator(&self) -> String {
        format!("qemu-{}", self.arch)
    }

    fn check_emulator(&self) -> Result<()> {
        let emulator = self.emulator();
        if Command::new(&emulator).arg("--version").output().is_err() {
            bail!("no {emulator}; it is in the package qemu-user");
        }
        Ok(())
    }

    /// What runs the program at `path` here.
    fn emulating(&self, path: PathBuf) -> Vec<OsString> {
        vec![
            self.emulator().into(),
            "-cpu".into(),
            self.processor.into(),
            // The libraries of a program that is linked dynamically.
            "-L".into(),
            format!("/usr/{}-linux-gnu", self.arch).into(),
            path.into(),
        ]
    }

    /// What runs the engine in `folder` here. It starts the compiler through a script: the kernel executes
    /// no program of the other instruction set.
    fn emulated(&self, folder: &Path) -> Result<Emulated> {
        let [compiler, tools] =
            GROUPS.map(|group| folder.join(self.name).join("release").join(group.program));
        let script = folder.join(format!("wali-compiler-{}", self.arch));
        let command: Vec<String> = self
            .emulating(compiler)
            .iter()
            .map(|word| word.display().to_string())
            .collect();
        let text = format!("#!/bin/sh\nexec {} \"$@\"\n", command.join(" "));
        fs::write(&script, text)
            .and_then(|()| fs::set_permissions(&script, fs::Permissions::from_mode(0o755)))
            .with_context(|| format!("writing {}", script.display()))?;
        Ok(Emulated {
            command: self.emulating(tools),
            options: vec!["--compiler".into(), script.into()],
        })
    }
}

/// Compiles the workspace for `target` in a folder of its own, and links it if asked to. Returns that
/// folder.
fn cargo(cx: &Cx, target: Target, links: bool) -> Result<PathBuf> {
    let Target { name, arch, .. } = target;
    let command = if links { "build" } else { "check" };
    let folder = cx.out("cross");
    let linker = format!(
        "CARGO_TARGET_{}_LINKER",
        name.to_uppercase().replace('-', "_")
    );
    for group in GROUPS {
        let status = group
            .cargo(cx, command)
            .args(["--target", name])
            .env("CARGO_TARGET_DIR", &folder)
            .env(&linker, format!("{arch}-linux-gnu-gcc"))
            .stdin(Stdio::null())
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!(
                "`cargo {command} --target {name}` failed; it needs `rustup target add {name}` and, to \
                 link, the packages gcc-{arch}-linux-gnu and libc6-dev-{}-cross",
                if arch == "aarch64" { "arm64" } else { arch }
            );
        }
    }
    Ok(folder)
}
