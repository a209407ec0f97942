//! Runs the builds of a case in turn and keeps what each printed.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use super::case::Case;
use crate::cx::Cx;

/// Something that runs programs: the host itself, or an engine.
pub(super) struct Engine {
    /// What the tables call it.
    pub(super) name: String,
    command: Vec<OsString>,
    native: bool,
    caches: bool,
}

impl Engine {
    /// The host, which runs native builds.
    pub(super) fn native() -> Engine {
        Engine {
            name: "native".to_owned(),
            command: vec!["{wasm}".into()],
            native: true,
            caches: false,
        }
    }

    /// Our engine, the program at `path`.
    pub(super) fn wali(path: &Path) -> Engine {
        let command = vec![path.into(), "run".into(), "{wasm}".into()];
        Engine {
            name: "wali-engine".to_owned(),
            command,
            native: false,
            caches: true,
        }
    }

    /// The interpreter of the engine at `path`.
    pub(super) fn interpreter(path: &Path) -> Engine {
        let words = ["run", "--interp", "{wasm}"].map(OsString::from);
        Engine {
            name: "--interp".to_owned(),
            command: std::iter::once(path.into()).chain(words).collect(),
            native: false,
            caches: false,
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
            caches: false,
        })
    }

    /// `command` is split at spaces; `{wasm}` stands for the module, `{args}` for its arguments, which
    /// come last when it says nothing of them.
    pub(super) fn other(name: &str, command: &str) -> Engine {
        Engine {
            name: name.to_owned(),
            command: command.split_whitespace().map(OsString::from).collect(),
            native: false,
            caches: true,
        }
    }

    fn start(&self, program: &Path, args: &[String]) -> Command {
        let mut words: Vec<OsString> = Vec::new();
        let args = || args.iter().map(OsString::from);
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
    /// The engine's name.
    pub(super) engine: String,
    /// The figures in the order of the runs.
    pub(super) runs: Vec<f64>,
}

impl Figures {
    /// The smallest figure. Whatever else the machine does only adds to the others.
    pub(super) fn least(&self) -> f64 {
        self.runs.iter().copied().fold(f64::INFINITY, f64::min)
    }
}

/// What was measured of one case; the first entry is native.
#[derive(Serialize)]
pub(super) struct Measured {
    /// The case's suite.
    pub(super) suite: String,
    /// The case's name in the suite.
    pub(super) name: String,
    /// The size that the program was built for.
    pub(super) size: Option<u64>,
    /// What the figures are numbers of.
    pub(super) unit: Unit,
    /// The figures of each engine.
    pub(super) figures: Vec<Figures>,
}

/// How many rounds a case is run for.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Rounds that every case gets.
    pub(super) least: usize,
    /// Rounds that a case gets at most, when all of them take no longer than `limit`.
    pub(super) most: usize,
    /// How long all rounds beyond the least may take.
    pub(super) limit: Duration,
}

/// Runs every build of `case` in turn, for as many rounds as `effort` says.
///
/// # Errors
/// When a program fails, or two builds computed something different.
pub(super) fn case(cx: &Cx, case: &Case, engines: &[Engine], effort: Effort) -> Result<Measured> {
    let mut measured = Measured::empty(case, engines);
    let args = case.args();
    let run = |engine: &Engine| {
        let program = match engine.native {
            true => case.native(cx),
            false => case.wasm(cx),
        };
        let command = engine.start(&program, &args);
        once(command, case.is_whole_process())
            .with_context(|| format!("{} by {}", case.full_name(), engine.name))
    };
    // Fills the engines' caches of compiled code.
    for engine in engines.iter().filter(|engine| engine.caches) {
        run(engine)?;
    }
    let begin = Instant::now();
    for round in 0..effort.most {
        if round >= effort.least && begin.elapsed() > effort.limit {
            break;
        }
        let mut native_check = None;
        for (engine, figures) in engines.iter().zip(&mut measured.figures) {
            let Run {
                figure,
                unit,
                check,
            } = run(engine)?;
            figures.runs.push(figure);
            measured.unit = unit;
            let native = native_check.get_or_insert_with(|| check.clone());
            if *native != check {
                bail!(
                    "{}: {} computed {native:?}, {} computed {check:?}",
                    case.full_name(),
                    engines[0].name,
                    engine.name
                );
            }
        }
    }
    Ok(measured)
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
    fn a_program_that_prints_no_figure_is_an_error() {
        let mut command = Command::new("echo");
        command.arg("hello");
        let error = once(command, false).err().expect("no figure").to_string();
        assert!(error.contains("hello"), "{error}");
    }
}
