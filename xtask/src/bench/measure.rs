//! Runs the builds of a case in turn and keeps what each printed.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::case::Case;
use crate::cx::Cx;

/// Something that runs programs: the host itself, or an engine.
pub(super) struct Engine {
    pub(super) name: String,
    command: Vec<OsString>,
    native: bool,
}

impl Engine {
    pub(super) fn native() -> Engine {
        Engine {
            name: "native".to_owned(),
            command: vec!["{wasm}".into()],
            native: true,
        }
    }

    pub(super) fn wali(path: &Path) -> Engine {
        let command = vec![path.into(), "run".into(), "{wasm}".into()];
        Engine {
            name: "wali-engine".to_owned(),
            command,
            native: false,
        }
    }

    /// `command` is split at spaces; `{wasm}` stands for the module. Programs get no arguments, so
    /// `{args}` is left out.
    pub(super) fn other(name: &str, command: &str) -> Engine {
        let words = command.split_whitespace().filter(|word| *word != "{args}");
        Engine {
            name: name.to_owned(),
            command: words.map(OsString::from).collect(),
            native: false,
        }
    }

    fn start(&self, program: &Path) -> Command {
        let word = |word: &OsString| {
            if word == "{wasm}" {
                program.as_os_str()
            } else {
                OsStr::new(word)
            }
            .to_owned()
        };
        let mut words = self.command.iter().map(word);
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        command
    }
}

/// The figures of one engine for one case: nanoseconds a round, one figure a run.
#[derive(Serialize)]
pub(super) struct Figures {
    pub(super) engine: String,
    pub(super) ns_per_round: Vec<f64>,
}

impl Figures {
    /// The figure in the middle.
    pub(super) fn median_ns(&self) -> f64 {
        let mut sorted = self.ns_per_round.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            (sorted[middle - 1] + sorted[middle]) / 2.0
        }
    }

    /// The smallest and the largest figure.
    pub(super) fn spread_ns(&self) -> (f64, f64) {
        let least = self
            .ns_per_round
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        let most = self.ns_per_round.iter().copied().fold(0.0, f64::max);
        (least, most)
    }
}

/// What was measured of one case; the first entry is native.
#[derive(Serialize)]
pub(super) struct Measured {
    pub(super) suite: String,
    pub(super) name: String,
    pub(super) figures: Vec<Figures>,
}

/// Runs every build of `case` `rounds` times, in turn.
///
/// # Errors
/// When a program fails, or two builds computed something different.
pub(super) fn case(cx: &Cx, case: &Case, engines: &[Engine], rounds: usize) -> Result<Measured> {
    let program = |engine: &Engine| {
        if engine.native {
            case.native(cx)
        } else {
            case.wasm(cx)
        }
    };
    let programs: Vec<PathBuf> = engines.iter().map(program).collect();
    let mut figures: Vec<Figures> = engines
        .iter()
        .map(|engine| Figures {
            engine: engine.name.clone(),
            ns_per_round: Vec::new(),
        })
        .collect();
    let mut checks = vec![String::new(); engines.len()];
    // The first round fills caches, the engine's own among them, and is not counted.
    for round in 0..=rounds {
        for (i, engine) in engines.iter().enumerate() {
            let context = || format!("{} by {}", case.full_name(), engine.name);
            let (ns, check) =
                once(engine.start(&programs[i]), case.is_whole_process()).with_context(context)?;
            if round > 0 {
                figures[i].ns_per_round.push(ns);
            }
            checks[i] = check;
        }
    }
    if let Some(i) = checks.iter().position(|check| *check != checks[0]) {
        bail!(
            "{}: native computed {:?}, {} computed {:?}",
            case.full_name(),
            checks[0],
            engines[i].name,
            checks[i]
        );
    }
    Ok(Measured {
        suite: case.suite.clone(),
        name: case.name.clone(),
        figures,
    })
}

/// One run: its nanoseconds, and the rest of what it printed.
fn once(mut command: Command, whole_process: bool) -> Result<(f64, String)> {
    let begin = Instant::now();
    let output = command.output().context("the program cannot be started")?;
    let wall_ns = begin.elapsed().as_nanos() as f64;
    if !output.status.success() {
        bail!("the program ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout).context("the program's output")?;
    if whole_process {
        return Ok((wall_ns, text));
    }
    let mut words = text.split_whitespace();
    match (words.next(), words.next().map(str::parse)) {
        (Some("ns_per_round"), Some(Ok(ns))) => Ok((ns, words.collect())),
        _ => bail!("expected `ns_per_round N check M`, the program printed {text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        let figures = Figures {
            engine: String::new(),
            ns_per_round: vec![4.0, 1.0, 3.0, 2.0],
        };
        assert_eq!(figures.median_ns(), 2.5);
        assert_eq!(figures.spread_ns(), (1.0, 4.0));
    }

    #[test]
    fn a_program_that_prints_no_figure_is_an_error() {
        let mut command = Command::new("echo");
        command.arg("hello");
        let error = once(command, false).expect_err("no figure").to_string();
        assert!(error.contains("hello"), "{error}");
    }
}
