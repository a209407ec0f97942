//! Runs the builds of a case in turn and keeps what each printed.

use std::ffi::OsString;
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

    /// The engine at `path` with modules that have no signal handler, and so no safepoints, and with
    /// the same modules that have one.
    pub(super) fn safepoints(path: &Path) -> Vec<Engine> {
        let without = Engine {
            name: "without".to_owned(),
            native: true,
            ..Engine::wali(path)
        };
        let with = Engine {
            name: "safepoints".to_owned(),
            ..Engine::wali(path)
        };
        vec![without, with]
    }

    /// qemu's user mode with the native programs, where it is installed.
    pub(super) fn qemu() -> Option<Engine> {
        let name = format!("qemu-{}", std::env::consts::ARCH);
        let path = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&path)
            .map(|folder| folder.join(&name))
            .find(|program| program.is_file())?;
        Some(Engine {
            name,
            command: vec![program.into(), "{wasm}".into()],
            native: true,
        })
    }

    /// `command` is split at spaces; `{wasm}` stands for the module, `{args}` for its arguments, which
    /// come last when it says nothing of them.
    pub(super) fn other(name: &str, command: &str) -> Engine {
        Engine {
            name: name.to_owned(),
            command: command.split_whitespace().map(OsString::from).collect(),
            native: false,
        }
    }

    fn start(&self, program: &Path, args: &[&Path]) -> Command {
        let mut words: Vec<OsString> = Vec::new();
        let args = || args.iter().map(|arg| arg.as_os_str().to_owned());
        for word in &self.command {
            match word.to_str() {
                Some("{wasm}") => words.push(program.into()),
                Some("{args}") => words.extend(args()),
                _ => words.push(word.clone()),
            }
        }
        if !self.command.iter().any(|word| word == "{args}") {
            words.extend(args());
        }
        let mut words = words.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        command
    }
}

/// What a case's figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Unit {
    /// Nanoseconds a round, or of the whole process.
    #[serde(rename = "ns")]
    Nanoseconds,
    /// KiB of memory that are resident.
    #[serde(rename = "KiB")]
    Kibibytes,
}

/// The figures of one engine for one case, one a run.
#[derive(Serialize)]
pub(super) struct Figures {
    pub(super) engine: String,
    pub(super) runs: Vec<f64>,
}

impl Figures {
    /// The figure in the middle.
    pub(super) fn median(&self) -> f64 {
        let mut sorted = self.runs.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            (sorted[middle - 1] + sorted[middle]) / 2.0
        }
    }

    /// The smallest and the largest figure.
    pub(super) fn spread(&self) -> (f64, f64) {
        let least = self.runs.iter().copied().fold(f64::INFINITY, f64::min);
        let most = self.runs.iter().copied().fold(0.0, f64::max);
        (least, most)
    }
}

/// What was measured of one case; the first entry is native.
#[derive(Serialize)]
pub(super) struct Measured {
    pub(super) suite: String,
    pub(super) name: String,
    /// The size that the program was built for.
    pub(super) size: Option<u64>,
    pub(super) unit: Unit,
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
            runs: Vec::new(),
        })
        .collect();
    let mut checks = vec![String::new(); engines.len()];
    let mut unit = Unit::Nanoseconds;
    // The first round fills caches, the engine's own among them, and is not counted.
    for round in 0..=rounds {
        for (i, engine) in engines.iter().enumerate() {
            let context = || format!("{} by {}", case.full_name(), engine.name);
            let command = engine.start(&programs[i], &case.args());
            let run = once(command, case.is_whole_process()).with_context(context)?;
            if round > 0 {
                figures[i].runs.push(run.figure);
            }
            unit = run.unit;
            checks[i] = run.check;
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
        size: case.size(),
        unit,
        figures,
    })
}

/// What one run told.
struct Run {
    figure: f64,
    unit: Unit,
    /// What it computed.
    check: String,
}

/// Runs a program once.
fn once(mut command: Command, whole_process: bool) -> Result<Run> {
    let begin = Instant::now();
    let output = command.output().context("the program cannot be started")?;
    let wall_ns = begin.elapsed().as_nanos() as f64;
    if !output.status.success() {
        bail!("the program ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout).context("the program's output")?;
    if whole_process {
        return Ok(Run {
            figure: wall_ns,
            unit: Unit::Nanoseconds,
            check: text,
        });
    }
    let mut words = text.split_whitespace();
    let unit = match words.next() {
        Some("ns_per_round") => Some(Unit::Nanoseconds),
        Some("kib_resident") => Some(Unit::Kibibytes),
        _ => None,
    };
    match (unit, words.next().map(str::parse)) {
        (Some(unit), Some(Ok(figure))) => Ok(Run {
            figure,
            unit,
            check: words.collect(),
        }),
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
            runs: vec![4.0, 1.0, 3.0, 2.0],
        };
        assert_eq!(figures.median(), 2.5);
        assert_eq!(figures.spread(), (1.0, 4.0));
    }

    #[test]
    fn a_program_that_prints_no_figure_is_an_error() {
        let mut command = Command::new("echo");
        command.arg("hello");
        let error = once(command, false).err().expect("no figure").to_string();
        assert!(error.contains("hello"), "{error}");
    }
}
