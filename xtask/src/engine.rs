//! `cargo xtask engine`: builds wali-cc, wali-engine and wali-compiler and installs the tools into `build/bin`.

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
use crate::progress::Step;
use crate::toolchain::Toolchain;

/// Command line of `cargo xtask engine`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Packages that are built together, with the same features of the crates they use.
///
/// The engine's wasmtime has no compiler, and the compiler's runs nothing. Cargo gives the packages of one
/// build the same features, so each group is a build of its own. Always these groups: then wasmtime is
/// compiled once for each, and what both use alike once for both.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The program that there is a group for.
    pub(crate) program: &'static str,
    /// Its packages.
    pub(crate) packages: &'static [&'static str],
}

/// The groups, the one first that takes longest: beside it there is most of the other things to do.
pub(crate) const GROUPS: [Group; 2] = [
    Group {
        name: "compiler",
        program: "wali-compiler",
        packages: &["wali-compiler"],
    },
    Group {
        name: "tools",
        program: "wali-engine",
        packages: &[
            "wali-abi",
            "wali-artifact",
            "wali-cc",
            "wali-contract",
            "wali-engine",
            "wali-features",
            "wali-link",
            "wali-module",
            "wali-runtime",
            "wali-text",
        ],
    },
];

impl Group {
    /// The options that select its packages, for any of cargo's commands that take packages.
    pub(crate) fn selection(&self) -> impl Iterator<Item = &'static str> {
        self.packages
            .iter()
            .flat_map(|package| ["--package", package])
    }

    /// cargo with `command` for the group, built as for users.
    pub(crate) fn cargo(&self, cx: &Cx, command: &str) -> Command {
        let mut cargo = cargo(cx);
        cargo.args([command, "--release"]).args(self.selection());
        cargo
    }
}

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

/// Builds the programs of all groups and returns where cargo put them.
fn build(cx: &Cx) -> Result<Vec<PathBuf>> {
    cx.make_folder(&cx.out("logs"))?;
    let mut progress = Building::default();
    for group in GROUPS {
        let log = cx.out(&format!("logs/{}.log", group.name));
        let errors =
            fs::File::create(&log).with_context(|| format!("writing {}", log.display()))?;
        let mut cargo = group.cargo(cx, "build");
        cargo
            .args(["--bins", "--message-format=json-render-diagnostics"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors);
        let mut child = cargo.spawn().context("cannot start cargo")?;
        let output = child.stdout.take().context("cargo has no output")?;
        progress.watch(cx, output);
        if !child.wait()?.success() {
            let text = fs::read_to_string(&log).unwrap_or_default();
            bail!(
                "building the tools failed:\n{text}full output: {}",
                log.display()
            );
        }
    }
    Ok(progress.finish())
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

/// What cargo has built so far.
#[derive(Default)]
struct Building {
    programs: Vec<PathBuf>,
    n_crates: usize,
    step: Option<Step>,
}

impl Building {
    /// Follows cargo's messages, with a step when there is something to compile.
    fn watch(&mut self, cx: &Cx, output: impl Read + Send + 'static) {
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        loop {
            match lines.recv_timeout(Duration::from_secs(1)) {
                Ok(line) => self.read(&line),
                Err(RecvTimeoutError::Disconnected) => break,
                // Only what takes a while is worth a bar.
                Err(RecvTimeoutError::Timeout) => {
                    self.step
                        .get_or_insert_with(|| cx.step("engine: compiling", count_crates(cx)));
                }
            }
        }
    }

    fn read(&mut self, line: &str) {
        let Ok(Message {
            executable,
            target: Some(target),
        }) = serde_json::from_str(line)
        else {
            return;
        };
        self.programs.extend(executable);
        if target.kind.iter().all(|kind| kind != "custom-build") {
            self.n_crates += 1;
        }
        if let Some(step) = &self.step {
            step.reach(self.n_crates, &format!("engine: compiled {}", target.name));
        }
    }

    /// Where the programs are.
    fn finish(self) -> Vec<PathBuf> {
        if let Some(step) = self.step {
            step.finish("engine: compiled");
        }
        self.programs
    }
}

/// How many crates the tools are made of; 0 when cargo does not say.
fn count_crates(cx: &Cx) -> usize {
    let count = |group: &Group| {
        let mut tree = cargo(cx);
        tree.args(["tree", "--quiet", "--prefix=none", "--edges=normal,build"])
            .args(group.selection());
        let output = tree.stdin(Stdio::null()).stderr(Stdio::null()).output();
        let text = output.map(|output| output.stdout).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        // A crate that was listed before is marked with a star.
        let names = text.lines().map(|line| line.trim_end_matches(" (*)"));
        names
            .filter(|name| !name.is_empty())
            .collect::<BTreeSet<_>>()
            .len()
    };
    GROUPS.iter().map(count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::Options;

    /// The crates that a group is made of with their features, when tests are built or not.
    fn crates(cx: &Cx, group: &Group, edges: &str) -> BTreeSet<String> {
        let mut tree = cargo(cx);
        tree.args([
            "tree",
            "--quiet",
            "--locked",
            "--prefix=none",
            "--format={p} {f}",
            edges,
        ]);
        let output = tree.args(group.selection()).output().unwrap();
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
        for group in &GROUPS {
            let tools = crates(&cx, group, "--edges=normal,build");
            let tests = crates(&cx, group, "--edges=normal,build,dev");
            let lost: Vec<&String> = tools.difference(&tests).collect();
            // Such a crate, and wasmtime if it uses it, is compiled once more for the tests.
            assert!(
                lost.is_empty(),
                "{}: built with other features for tests: {lost:?}",
                group.name
            );
        }
    }

    #[test]
    fn the_engine_has_no_compiler_in_it() {
        let cx = Cx::new(&Options::default()).unwrap();
        let [compiler, tools] = &GROUPS;
        let has = |group, name: &str| {
            crates(&cx, group, "--edges=normal")
                .iter()
                .any(|listed| listed.starts_with(name))
        };
        assert!(!has(tools, "cranelift-codegen "));
        assert!(has(compiler, "cranelift-codegen "));
    }

    #[test]
    fn every_package_is_in_one_group() {
        let cx = Cx::new(&Options::default()).unwrap();
        let manifest = fs::read_to_string(cx.root().join("Cargo.toml")).unwrap();
        let manifest: toml::Table = toml::from_str(&manifest).unwrap();
        let members = manifest["workspace"]["members"].as_array().unwrap();
        let mut members: Vec<&str> = members.iter().filter_map(|name| name.as_str()).collect();
        members.retain(|name| *name != "xtask");
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|group| group.packages)
            .copied()
            .collect();
        grouped.sort_unstable();
        assert_eq!(grouped, members);
    }
}
