//! `cargo xtask bench`: times programs built natively and as Wasm, in turn, and shows the ratios.
//!
//! A case is a C program or a script in `tests/bench/<suite>/`. It times a loop of its own and prints
//! `ns_per_round N check M`, or `kib_resident N check M` when it measures memory; those of the suites
//! `startup` and `pipeline` are timed as whole processes. A C program whose first line is
//! `// sizes: …` is built with each of these as `SIZE`, and the growth of its cost is fitted. Those of
//! `safepoints` are modules with a signal handler, timed against the same without. The builds
//! take turns, so a machine whose speed drifts slows both; the ratio is that of the medians.

mod case;
mod growth;
mod html;
mod measure;
mod report;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::setup;
use case::Case;
use measure::Engine;
use report::Report;

/// Time programs against their native builds
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suites or single cases (`compute`, `syscalls/read_1`); all when none is named
    #[arg(value_name = "SUITE")]
    only: Vec<String>,
    /// Two rounds instead of seven
    #[arg(long)]
    quick: bool,
    /// Time another engine too: `NAME=COMMAND`, with `{wasm}` and `{args}` in the command
    #[arg(long = "engine", value_name = "NAME=COMMAND")]
    engines: Vec<String>,
    /// Write the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write a page with bars of the ratios
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write docs/performance.md from this run
    #[arg(long)]
    docs: bool,
}

/// Rounds a case is run for, and with `--quick`.
const ROUNDS: usize = 7;
const QUICK_ROUNDS: usize = 2;

/// # Errors
/// When no case has a name asked for, a case cannot be built, or builds disagree in what they
/// computed.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<()> {
    let cases = case::find(cx, &args.only)?;
    let engines = engines(cx, &args.engines)?;
    let rounds = if args.quick { QUICK_ROUNDS } else { ROUNDS };
    setup::ensure(cx)?;
    case::build_apps(cx, &cases)?;
    cx.parallel("build the benchmarks", &cases, |case| case.build(cx))?;
    let (safepoints, cases): (Vec<Case>, Vec<Case>) =
        cases.into_iter().partition(Case::is_of_safepoints);
    if !safepoints.is_empty() {
        let engines = Engine::safepoints(&cx.out("bin/wali-engine"));
        cx.say(measured(cx, &safepoints, &engines, rounds)?.table());
    }
    if cases.is_empty() {
        return Ok(());
    }
    let report = measured(cx, &cases, &engines, rounds)?;
    cx.say(report.table());
    let files = [
        (args.json.clone(), report.json()?),
        (args.html.clone(), html::page(&report)),
        (
            args.docs.then(|| cx.root().join("docs/performance.md")),
            report.markdown(),
        ),
    ];
    for (path, text) in files {
        let Some(path) = path else { continue };
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        cx.say(format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Times every case by every engine, the first of which is what the others are compared with.
fn measured(cx: &Cx, cases: &[Case], engines: &[Engine], rounds: usize) -> Result<Report> {
    let mut report = Report::new(rounds, engines);
    let step = cx.step("bench", cases.len());
    for case in cases {
        report.add(measure::case(cx, case, engines, rounds)?);
        step.advance(1);
    }
    step.finish("bench");
    Ok(report)
}

/// The engines to time: native first, ours second, then those asked for.
fn engines(cx: &Cx, asked: &[String]) -> Result<Vec<Engine>> {
    let ours = cx.out("bin/wali-engine");
    let mut engines = vec![Engine::native(), Engine::wali(&ours)];
    engines.extend(Engine::qemu());
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
