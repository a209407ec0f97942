//! `cargo xtask engine`: builds wali-cc and wali-engine and installs the tools into `build/bin`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cx::Cx;
use crate::files::lock_file;
use crate::llvm;
use crate::toolchain::Toolchain;

/// Command line of `cargo xtask engine`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Selects the packages that are built for users. Always these, so that cargo chooses the same
/// features each time and wasmtime is compiled once.
pub(crate) const PACKAGES: [&str; 4] = ["--release", "--workspace", "--exclude", "xtask"];

/// Builds and installs the tools and says where they are.
///
/// # Errors
/// When they do not compile or the build folder cannot be written.
pub(crate) fn run(cx: &Cx, _args: &Args) -> Result<()> {
    llvm::ensure(cx)?;
    ensure(cx)?;
    cx.say(format!(
        "engine: the tools are in {}",
        cx.out("bin").display()
    ));
    Ok(())
}

/// Builds the tools and installs those that changed.
///
/// # Errors
/// As [`run`].
pub(crate) fn ensure(cx: &Cx) -> Result<()> {
    let programs = build(cx)?;
    let bin = cx.out("bin");
    cx.make_folder(&bin)?;
    let _lock = lock_file(&bin.join(".lock"), || {
        cx.say("engine: waiting for another run")
    })?;
    for program in programs {
        install(&program, &bin)?;
    }
    for (name, target) in links(&Toolchain::read(cx.root())?) {
        let link = bin.join(&name);
        if fs::read_link(&link).is_ok_and(|old| old == Path::new(&target)) {
            continue;
        }
        let new = bin.join(format!(".{name}.new"));
        let _ = fs::remove_file(&new);
        symlink(&target, &new).with_context(|| format!("linking {}", new.display()))?;
        fs::rename(&new, &link).with_context(|| format!("installing {}", link.display()))?;
    }
    Ok(())
}

/// Returns the links beside the tools: their names, and what they lead to.
fn links(toolchain: &Toolchain) -> Vec<(String, String)> {
    let drivers = toolchain.drivers.iter();
    let drivers = drivers.map(|name| (format!("wali-{name}"), "wali-cc".to_owned()));
    let tools = toolchain.tools.iter();
    let tools = tools.map(|name| (format!("wali-{name}"), format!("../llvm/bin/llvm-{name}")));
    drivers.chain(tools).collect()
}

/// Copies `program` into `bin` unless the same is there.
fn install(program: &Path, bin: &Path) -> Result<()> {
    let name = program.file_name().context("a program without a name")?;
    let place = bin.join(name);
    let installing = || format!("installing {}", place.display());
    let source = fs::metadata(program).with_context(installing)?;
    let is_same = |old: fs::Metadata| {
        old.len() == source.len()
            && matches!((old.modified(), source.modified()), (Ok(a), Ok(b)) if a == b)
    };
    if fs::metadata(&place).is_ok_and(is_same) {
        return Ok(());
    }
    let new = bin.join(".installing");
    fs::copy(program, &new).with_context(installing)?;
    let times = fs::FileTimes::new().set_modified(source.modified()?);
    fs::File::options()
        .write(true)
        .open(&new)?
        .set_times(times)
        .with_context(installing)?;
    fs::rename(&new, &place).with_context(installing)
}

/// What cargo says of a step of its own, one JSON object a line.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds the programs and returns where cargo put them.
fn build(cx: &Cx) -> Result<Vec<PathBuf>> {
    let log = cx.out("logs/engine.log");
    cx.make_folder(&cx.out("logs"))?;
    let errors = fs::File::create(&log).with_context(|| format!("writing {}", log.display()))?;
    let mut cargo = cargo(cx);
    cargo
        .arg("build")
        .args(PACKAGES)
        .args(["--bins", "--message-format=json-render-diagnostics"]);
    cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(errors);
    let mut child = cargo.spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let programs = watch(cx, output)?;
    if !child.wait()?.success() {
        let text = fs::read_to_string(&log).unwrap_or_default();
        bail!(
            "building the tools failed:\n{}full output: {}",
            text,
            log.display()
        );
    }
    Ok(programs)
}

/// cargo, told what our own options say.
pub(crate) fn cargo(cx: &Cx) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(program);
    cargo
        .current_dir(cx.root())
        .env("CARGO_BUILD_JOBS", cx.jobs().to_string());
    if cx.offline() {
        cargo.env("CARGO_NET_OFFLINE", "true");
    }
    cargo
}

/// Follows cargo's messages, with a step when there is something to compile.
fn watch(cx: &Cx, output: impl Read + Send + 'static) -> Result<Vec<PathBuf>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let mut programs = Vec::new();
    let mut step = None;
    let mut n_crates = 0;
    loop {
        let line = match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                // Only what takes a while is worth a bar.
                step.get_or_insert_with(|| cx.step("engine: compiling", count_crates(cx)));
                continue;
            }
        };
        let Ok(Message {
            executable,
            target: Some(target),
        }) = serde_json::from_str(&line)
        else {
            continue;
        };
        programs.extend(executable);
        if target.kind.iter().all(|kind| kind != "custom-build") {
            n_crates += 1;
        }
        if let Some(step) = &step {
            step.reach(n_crates, &format!("engine: compiled {}", target.name));
        }
    }
    if let Some(step) = step {
        step.finish("engine: compiled");
    }
    Ok(programs)
}

/// How many crates the tools are made of; 0 when cargo does not say.
fn count_crates(cx: &Cx) -> usize {
    let mut tree = cargo(cx);
    tree.args(["tree", "--quiet", "--prefix=none", "--edges=normal,build"])
        .args(&PACKAGES[1..]);
    let output = tree.stdin(Stdio::null()).stderr(Stdio::null()).output();
    let text = output.map(|output| output.stdout).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    // A crate that was listed before is marked with a star.
    let names = text.lines().map(|line| line.trim_end_matches(" (*)"));
    names
        .filter(|name| !name.is_empty())
        .collect::<BTreeSet<_>>()
        .len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::Options;

    /// The crates that the tools are made of with their features, when tests are built or not.
    fn crates(cx: &Cx, edges: &str) -> BTreeSet<String> {
        let mut tree = cargo(cx);
        tree.args([
            "tree",
            "--quiet",
            "--locked",
            "--prefix=none",
            "--format={p} {f}",
            edges,
        ]);
        let output = tree.args(&PACKAGES[1..]).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| line.trim_end_matches(" (*)").to_owned())
            .collect()
    }

    #[test]
    fn tests_are_built_with_the_crates_of_the_tools() {
        let cx = Cx::new(&Options::default()).unwrap();
        let tools = crates(&cx, "--edges=normal,build");
        let tests = crates(&cx, "--edges=normal,build,dev");
        let lost: Vec<&String> = tools.difference(&tests).collect();
        // Such a crate, and wasmtime if it uses it, is compiled once more for the tests.
        assert!(
            lost.is_empty(),
            "built with other features for tests: {lost:?}"
        );
    }
}
