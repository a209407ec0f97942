//! `cargo xtask doctor`: what was found, where and in which version; what is missing and its cure.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use which::which;
use xshell::{Shell, cmd};

use crate::cx::Cx;
use crate::progress::answer;
use crate::sources::Sources;
use crate::sysroot::kernel::KernelHeaders;
use crate::{llvm, stamp};

/// Command line of `cargo xtask doctor`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// One line of the report.
struct Finding {
    name: String,
    /// What there is, or what it takes to have it.
    state: Result<String, String>,
    /// The command that cures it; empty when `state` is fine.
    cure: String,
}

/// Prints the report; ends with 1 when something is missing.
///
/// # Errors
/// Never; what cannot be found out is reported as missing.
pub(crate) fn run(cx: &Cx, _args: &Args) -> Result<ExitCode> {
    let findings = findings(cx);
    for Finding { name, state, cure } in &findings {
        match state {
            Ok(found) => answer(&format!("ok       {name:10} {found}")),
            Err(lack) => {
                answer(&format!(
                    "MISSING  {name:10} {}",
                    lack.replace('\n', "\n         ")
                ));
                answer(&format!("         {:10} cure: {cure}", ""));
            }
        }
    }
    let n_missing = findings
        .iter()
        .filter(|finding| finding.state.is_err())
        .count();
    if n_missing == 0 {
        answer("everything is there");
        return Ok(ExitCode::SUCCESS);
    }
    answer(&format!(
        "{n_missing} missing; `cargo xtask setup` sets up all that it can"
    ));
    Ok(ExitCode::FAILURE)
}

fn findings(cx: &Cx) -> Vec<Finding> {
    let mut findings = vec![
        program("cargo", "install Rust: https://rustup.rs"),
        program(
            "cc",
            "install a C compiler, e.g. apt-get install gcc libc6-dev",
        ),
        program("make", "apt-get install make"),
        program("patch", "apt-get install patch"),
        program("setsid", "apt-get install util-linux"),
        kernel_headers(cx),
        compiler(cx),
    ];
    findings.extend(sources(cx));
    findings.push(product(
        cx,
        "sysroot",
        "sysroot/include/stdio.h",
        "cargo xtask sysroot",
    ));
    findings.push(tool(cx, "wali-cc"));
    findings.push(tool(cx, "wali-engine"));
    findings
}

fn program(name: &str, cure: &str) -> Finding {
    let state = match which(name) {
        Err(_) => Err("not on PATH".to_owned()),
        Ok(path) => Ok(format!(
            "{} ({})",
            version(&path).unwrap_or_default(),
            path.display()
        )),
    };
    Finding {
        name: name.to_owned(),
        state,
        cure: cure.to_owned(),
    }
}

fn kernel_headers(cx: &Cx) -> Finding {
    let found = KernelHeaders::find(cx);
    let state = found.map(|found| format!("{} ({})", found.version, found.folder().display()));
    Finding {
        name: "kernel headers".to_owned(),
        state: state.map_err(|error| error.to_string()),
        cure: "apt-get install linux-libc-dev".to_owned(),
    }
}

fn compiler(cx: &Cx) -> Finding {
    let state = match llvm::find(cx) {
        Ok(llvm) => Ok(format!("{} ({})", llvm.version(), llvm.bin().display())),
        Err(error) => Err(error
            .to_string()
            .lines()
            .take(2)
            .collect::<Vec<_>>()
            .join("\n")),
    };
    Finding {
        name: "llvm".to_owned(),
        state,
        cure: "cargo xtask llvm".to_owned(),
    }
}

/// A finding for each source, or one for the list of them when it cannot be read.
fn sources(cx: &Cx) -> Vec<Finding> {
    match Sources::read(cx) {
        Ok(sources) => {
            let names = sources.names().into_iter();
            names.map(|name| source(&sources, name)).collect()
        }
        Err(error) => vec![Finding {
            name: "sources".to_owned(),
            state: Err(format!("{error:#}")),
            cure: "git checkout toolchains/sources.toml".to_owned(),
        }],
    }
}

fn source(sources: &Sources, name: &str) -> Finding {
    let state = match sources.cached(name) {
        Ok(Some(source)) => Ok(format!("{} ({})", source.version, source.dir.display())),
        Ok(None) => Ok("not in the cache; it is fetched when it is needed".to_owned()),
        Err(error) => Err(format!("{error:#}")),
    };
    Finding {
        name: name.to_owned(),
        state,
        cure: format!("cargo xtask fetch {name}"),
    }
}

fn product(cx: &Cx, name: &str, file: &str, cure: &str) -> Finding {
    let path = cx.out(file);
    let is_there = path.exists() && stamp::read(&cx.out(name)).is_some();
    let state = if is_there {
        Ok(cx.out(name).display().to_string())
    } else {
        Err(format!("{} is not there", cx.out(name).display()))
    };
    Finding {
        name: name.to_owned(),
        state,
        cure: cure.to_owned(),
    }
}

fn tool(cx: &Cx, name: &str) -> Finding {
    let path = cx.out("bin").join(name);
    let state = match version(&path) {
        Ok(version) => Ok(format!("{version} ({})", path.display())),
        Err(_) if !path.exists() => Err(format!("{} is not there", path.display())),
        Err(error) => Err(format!("{error:#}")),
    };
    Finding {
        name: name.to_owned(),
        state,
        cure: "cargo xtask engine".to_owned(),
    }
}

/// The first line that the program at `path` prints when asked for its version.
fn version(path: &Path) -> Result<String> {
    let shell = Shell::new()?;
    let output = cmd!(shell, "{path} --version")
        .quiet()
        .ignore_stderr()
        .read()?;
    Ok(output.lines().next().unwrap_or_default().to_owned())
}
