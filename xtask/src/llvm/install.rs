//! Installing LLVM from the distribution's packages: as root directly, else through sudo when the
//! user agrees, else the command is left to the user.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Result, bail};
use which::which;

use crate::cx::Cx;
use crate::process::Cmd;
use crate::toolchain::Toolchain;

/// Installs what the target needs.
///
/// # Errors
/// When no package manager that we know is here, it has no such packages, or we may not use it.
pub(super) fn install(cx: &Cx) -> Result<()> {
    if cx.offline() {
        bail!("--offline: nothing is installed");
    }
    let min = Toolchain::read(cx.root())?.min_llvm;
    if which("apt-get").is_err() {
        bail!(
            "the only package manager known here is apt-get, and this machine has none; install \
             LLVM {min} with lld and the wasm32 compiler-rt by hand"
        );
    }
    let packages = packages(min);
    let rights = Rights::find(cx, &packages)?;
    let mut updated = false;
    if !is_listed(cx, &packages) {
        update(cx, rights)?;
        updated = true;
        if !is_listed(cx, &packages) {
            bail!(
                "the distribution's packages have no {}; install LLVM {min} by hand",
                packages.join(" ")
            );
        }
    }
    match apt_install(cx, rights, &packages) {
        // Old lists name files that the mirror no longer has.
        Err(_) if !updated => {
            update(cx, rights)?;
            apt_install(cx, rights, &packages)
        }
        result => result,
    }
}

/// What Debian and Ubuntu call the packages of LLVM `major`.
fn packages(major: u32) -> Vec<String> {
    vec![
        format!("clang-{major}"),
        format!("lld-{major}"),
        format!("llvm-{major}"),
        format!("libclang-rt-{major}-dev-wasm32"),
    ]
}

/// How we may change the system.
#[derive(Clone, Copy)]
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn find(cx: &Cx, packages: &[String]) -> Result<Self> {
        if rustix::process::geteuid().is_root() {
            return Ok(Self::Root);
        }
        let by_hand = format!("sudo apt-get install {}", packages.join(" "));
        let can_ask = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if which("sudo").is_err() || !can_ask {
            bail!("installing packages takes root's rights; run: {by_hand}");
        }
        cx.say(format!(
            "LLVM is missing and would be installed with: {by_hand}"
        ));
        eprint!("Run it now? [y/N] ");
        std::io::stderr().flush()?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            bail!("not installed; run: {by_hand}");
        }
        Ok(Self::Sudo)
    }
}

fn apt(cx: &Cx, rights: Rights, args: &[&str]) -> Cmd {
    let words = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-y",
    ];
    // Another package manager may be at work: wait for it.
    let patience = ["-o", "DPkg::Lock::Timeout=600"];
    let cmd = match rights {
        Rights::Root => cx.cmd("env", "llvm").args(&words[1..]),
        Rights::Sudo => cx.cmd("sudo", "llvm").args(words),
    };
    cmd.args(patience).args(args)
}

fn run(cmd: Cmd, rights: Rights) -> Result<()> {
    match rights {
        Rights::Root => cmd.run(),
        // sudo asks for the password on the terminal.
        Rights::Sudo => {
            let command = cmd.pasteable();
            let status = cmd.attached()?;
            if !status.success() {
                bail!("`{command}` ended with {status}");
            }
            Ok(())
        }
    }
}

fn update(cx: &Cx, rights: Rights) -> Result<()> {
    let step = cx.step("llvm: reading the package lists", 0);
    run(apt(cx, rights, &["update"]), rights)?;
    step.finish("llvm: read the package lists");
    Ok(())
}

fn apt_install(cx: &Cx, rights: Rights, packages: &[String]) -> Result<()> {
    let step = cx.step("llvm: installing packages", 0);
    let cmd = apt(cx, rights, &["install", "--no-install-recommends"]);
    run(cmd.args(packages), rights)?;
    step.finish("llvm: installed packages");
    Ok(())
}

/// Whether apt's lists have all `packages`.
fn is_listed(cx: &Cx, packages: &[String]) -> bool {
    let show = cx
        .cmd("apt-cache", "llvm")
        .quiet()
        .args(["show", "--no-all-versions"]);
    show.args(packages).read().is_ok()
}
