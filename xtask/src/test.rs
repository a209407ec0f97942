//! `cargo xtask test`: all tests of the project, suite by suite, with one tally at the end.

mod emulated;
mod headers;
mod interpreted;
pub(crate) mod pointers;
mod programs;
mod scripts;
mod syscalls;
mod unit;

pub(crate) use emulated::run as run_emulated;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::builder::PossibleValuesParser;

use crate::bounded;
use crate::cx::Cx;
use crate::harness::case::{Tally, conclude};
use crate::{apps, codegen, setup};

/// Command line of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Suites to run, all when none is given
    #[arg(value_parser = PossibleValuesParser::new(SUITES.map(|suite| suite.name)))]
    suites: Vec<String>,
    /// Run only the tests whose names contain TEXT
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TEXT"
    )]
    filter: String,
}

/// A number of tests that belong together.
pub(crate) struct Suite {
    /// What the command line calls it.
    pub(crate) name: &'static str,
    /// Runs the tests whose names contain `filter`.
    pub(crate) run: fn(&Cx, filter: &str) -> Result<Tally>,
}

/// All suites, in the order in which they run: what fails fast and explains most comes first.
pub(crate) const SUITES: [Suite; 12] = [
    Suite {
        name: "generated",
        run: codegen::test,
    },
    Suite {
        name: "unit",
        run: unit::run,
    },
    Suite {
        name: "headers",
        run: headers::run,
    },
    Suite {
        name: "libc",
        run: programs::run_libc,
    },
    Suite {
        name: "syscalls",
        run: syscalls::run,
    },
    Suite {
        name: "pointers",
        run: pointers::run,
    },
    Suite {
        name: "signals",
        run: programs::run_signals,
    },
    Suite {
        name: "threads",
        run: programs::run_threads,
    },
    Suite {
        name: "processes",
        run: programs::run_processes,
    },
    Suite {
        name: "interpreted",
        run: interpreted::run,
    },
    Suite {
        name: "e2e",
        run: scripts::run,
    },
    Suite {
        name: "apps",
        run: apps::test_all,
    },
];

/// Sets up what is missing and runs the suites.
///
/// # Errors
/// When nothing matches the filter, or the set-up fails.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    let suites = choose(&args.suites);
    bounded::end_with_us()?;
    setup::ensure(cx)?;
    let tally = run_suites(cx, &suites, &args.filter)?;
    if tally == Tally::default() {
        bail!("no test's name contains `{}`", args.filter);
    }
    Ok(conclude(tally))
}

/// Runs `suites` one after the other. A suite that cannot run counts as one failure.
///
/// # Errors
/// When a worker panics.
pub(crate) fn run_suites(cx: &Cx, suites: &[&Suite], filter: &str) -> Result<Tally> {
    let mut tally = Tally::default();
    for suite in suites {
        let started = Instant::now();
        let own = (suite.run)(cx, filter).unwrap_or_else(|error| {
            cx.say(format!("FAILED  {}: {error:#}", suite.name));
            Tally {
                failed: 1,
                ..Tally::default()
            }
        });
        cx.say(format!(
            "{}: {own} ({:.1} s)",
            suite.name,
            started.elapsed().as_secs_f64()
        ));
        tally += own;
    }
    Ok(tally)
}

/// The suites called `names`, all when there are none.
fn choose(names: &[String]) -> Vec<&'static Suite> {
    let is_chosen = |suite: &&Suite| names.is_empty() || names.iter().any(|n| n == suite.name);
    SUITES.iter().filter(is_chosen).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The folders below `folder`, by their paths from `tests`, with a slash behind.
    fn folders(folder: &Path, name: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                let name = format!("{name}{}/", path.file_name().unwrap().display());
                folders(&path, &name, found);
                found.insert(name);
            }
        }
    }

    #[test]
    fn the_readme_lists_every_folder_and_every_suite_once() {
        let tests = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests"));
        let text = std::fs::read_to_string(tests.join("README.md")).unwrap();
        let rows = text.lines().filter_map(|line| {
            let (name, what) = line.strip_prefix("| `")?.split_once("` |")?;
            assert!(what.len() > 10, "README.md says nothing of `{name}`");
            Some(name)
        });
        let (listed, suites): (Vec<&str>, Vec<&str>) = rows.partition(|name| name.ends_with('/'));
        assert_eq!(suites, SUITES.map(|suite| suite.name));
        let mut there = BTreeSet::new();
        folders(tests, "", &mut there);
        assert_eq!(listed, Vec::from_iter(&there), "README.md and the folders");
    }
}
