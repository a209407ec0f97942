//! `cargo xtask bench`: times programs built natively and as Wasm, in turn, and shows the ratios.
//!
//! A case is a C program or a script in `tests/bench/<suite>/`. It times a loop of its own and prints
//! `ns_per_round N check M`, or `kib_resident N check M` when it measures memory; those of the suites
//! `startup` and `pipeline` are timed as whole processes. What the lines at a C program's top may ask
//! for stands in `program.rs`. Those of `safepoints` are modules with a signal handler, timed against
//! the same without; those of `compute` are also interpreted on request.
//!
//! The builds take turns. What else a machine does only makes runs longer, so a figure is the least of
//! several, and a ratio is that of two such figures; `docs/benchmarks.md` describes it all.

mod case;
mod growth;
mod html;
mod measure;
mod program;
mod report;

use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::files::lock_file;
use crate::{llvm, setup};
use case::Case;
use measure::{Effort, Engine};
use report::{Report, Section};

/// Time programs against their native builds
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suites or single cases (`compute`, `syscalls/read_1`); all when none is named
    #[arg(value_name = "SUITE")]
    only: Vec<String>,
    /// Fewer rounds, and nothing by qemu
    #[arg(long)]
    quick: bool,
    /// Time the interpreter too, with the suite `compute`
    #[arg(long)]
    interp: bool,
    /// Time another engine too: `NAME=COMMAND`, with `{wasm}` and `{args}` in the command
    #[arg(long = "engine", value_name = "NAME=COMMAND")]
    engines: Vec<String>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page with bars of the ratios
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write docs/performance.md from this run, which has to be one of all suites; times the
    /// interpreter too
    #[arg(long, conflicts_with = "only")]
    docs: bool,
}

/// How long the suites are run.
const WHOLE: Effort = Effort {
    least: 3,
    most: 15,
    limit: Duration::from_secs(3),
};
const QUICK: Effort = Effort {
    least: 2,
    most: 5,
    limit: Duration::from_secs(1),
};
/// How long the interpreter and qemu are, which take many times as long.
const SLOW: Effort = Effort {
    least: 1,
    most: 3,
    limit: Duration::from_secs(2),
};

/// Builds and times the cases asked for, and shows the ratios.
///
/// # Errors
/// When no case has a name asked for, a case cannot be built, builds disagree in what they computed, or
/// a file cannot be written.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let cases = case::find(cx, &args.only)?;
    let engines = engines(cx, &args.engines)?;
    let docs = args.docs.then(|| cx.root().join("docs/performance.md"));
    for file in [&args.json, &args.html, &docs].into_iter().flatten() {
        // Known now, not after a quarter of an hour.
        staging(file)?;
    }
    setup::ensure(cx)?;
    case::build_apps(cx, &cases)?;
    let llvm = llvm::find(cx)?;
    cx.parallel("build the benchmarks", &cases, |case| case.build(cx, &llvm))?;
    let _lock = lock_file(&cx.out(".staging/bench.lock"), || {
        cx.say("bench: waiting for another run, which would disturb this one");
    })?;
    let report = measured(cx, args, cases, &engines)?;
    cx.say(report.table());
    let files = [
        (args.json.clone(), report.json()?),
        (args.html.clone(), html::page(&report)),
        (docs, report.markdown()),
    ];
    for (path, text) in files {
        let Some(path) = path else { continue };
        write(&path, &text)?;
        cx.say(format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Times everything asked for.
fn measured(cx: &Cx, args: &Args, cases: Vec<Case>, engines: &[Engine]) -> Result<Report> {
    let ours = cx.out("bin/wali-engine");
    let effort = if args.quick { QUICK } else { WHOLE };
    let (loops, cases): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(Case::is_of_safepoints);
    let mut report = Report::new();
    let mut add = |title, cases: &[&Case], engines: &[Engine], effort| -> Result<()> {
        if !cases.is_empty() {
            let section = section(cx, title, cases, engines, effort)?;
            report.sections.push(section);
        }
        Ok(())
    };
    add("Suites", &cases.iter().collect::<Vec<_>>(), engines, effort)?;
    if args.interp || args.docs {
        let cases: Vec<&Case> = cases.iter().filter(|case| case.is_interpreted()).collect();
        let engines = [Engine::native(), Engine::interpreter(&ours)];
        add("Interpreter", &cases, &engines, SLOW)?;
    }
    if let (Some(qemu), false) = (Engine::qemu(), args.quick) {
        let cases: Vec<&Case> = cases.iter().collect();
        add("Emulator", &cases, &[Engine::native(), qemu], SLOW)?;
    }
    let loops: Vec<&Case> = loops.iter().collect();
    add("Safepoints", &loops, &Engine::safepoints(&ours), effort)?;
    Ok(report)
}

/// Times every case by every engine, the first of which is what the others are compared with.
fn section(
    cx: &Cx,
    title: &str,
    cases: &[&Case],
    engines: &[Engine],
    effort: Effort,
) -> Result<Section> {
    let mut section = Section::new(title, engines, effort);
    let step = cx.step(title, cases.len());
    for case in cases {
        let measured = measure::case(cx, case, engines, effort)?;
        section.cases.push(measured);
        step.advance(1);
    }
    step.finish(title);
    Ok(section)
}

/// A file beside `path` that becomes it once it is complete.
fn staging(path: &Path) -> Result<tempfile::NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    if path.is_dir() {
        bail!("writing {}: it is a folder", path.display());
    }
    tempfile::Builder::new()
        .prefix(".bench-")
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)
        .with_context(|| format!("writing {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    let writing = || format!("writing {}", path.display());
    let mut file = staging(path)?;
    file.write_all(text.as_bytes()).with_context(writing)?;
    file.persist(path).with_context(writing)?;
    Ok(())
}

/// The engines of the suites: native first, ours second, then those asked for.
fn engines(cx: &Cx, asked: &[String]) -> Result<Vec<Engine>> {
    let ours = cx.out("bin/wali-engine");
    let mut engines = vec![Engine::native(), Engine::wali(&ours)];
    for text in asked {
        match text.split_once('=') {
            Some((name, command)) if command.contains("{wasm}") => {
                engines.push(Engine::other(name, command));
            }
            _ => bail!("--engine {text}: write NAME=COMMAND with {{wasm}} in the command"),
        }
    }
    Ok(engines)
}
