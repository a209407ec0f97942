//! The cases there are: C programs and scripts, a folder a suite.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::program::Program;
use crate::apps::{App, Flavour};
use crate::cx::Cx;
use crate::llvm::Llvm;

/// What runs scripts.
struct Interpreter {
    /// What the scripts' names end in.
    ending: &'static str,
    app: &'static str,
    /// The application's program.
    program: &'static str,
    args: &'static [&'static str],
}

static INTERPRETERS: [Interpreter; 3] = [
    Interpreter {
        ending: "lua",
        app: "lua",
        program: "lua",
        args: &["{file}"],
    },
    Interpreter {
        ending: "sh",
        app: "bash",
        program: "bash",
        args: &["{file}"],
    },
    Interpreter {
        ending: "sql",
        app: "sqlite",
        program: "sqlite3",
        args: &[":memory:", ".read {file}"],
    },
];

/// The suites whose programs are timed as whole processes, not in a loop of their own.
const WHOLE_PROCESSES: [&str; 2] = ["startup", "pipeline"];

/// The suites whose programs have one thread that never waits: they count the processor's time.
const PROCESSOR_TIME: [&str; 5] = ["compute", "memory", "safepoints", "signals", "syscalls"];

/// The suite whose programs, those of `compute` among them, are timed as modules with a signal handler
/// and without.
const SAFEPOINTS: &str = "safepoints";

/// One program to time.
pub(super) struct Case {
    /// The folder it lies in.
    pub(super) suite: String,
    /// Its file name without the ending.
    pub(super) name: String,
    source: PathBuf,
    kind: Kind,
}

enum Kind {
    /// A C program; with a size it is built with `-DSIZE=…`.
    Program(Option<u64>),
    /// A C program: the module without a signal handler takes the place of the native build.
    Looping,
    /// A script.
    Script(&'static Interpreter),
}

impl Case {
    /// `suite/name`, with the size behind it when there is one.
    pub(super) fn full_name(&self) -> String {
        match self.size() {
            Some(size) => format!("{}/{}@{size}", self.suite, self.name),
            None => format!("{}/{}", self.suite, self.name),
        }
    }

    /// The size that it is built for.
    pub(super) fn size(&self) -> Option<u64> {
        match self.kind {
            Kind::Program(size) => size,
            Kind::Looping | Kind::Script(_) => None,
        }
    }

    /// Whether the module without a signal handler is what the other is compared with.
    pub(super) fn is_of_safepoints(&self) -> bool {
        matches!(self.kind, Kind::Looping)
    }

    /// Whether the interpreter runs it too, where that is asked for.
    pub(super) fn is_interpreted(&self) -> bool {
        self.suite == "compute"
    }

    /// Whether the whole process is timed, not a loop inside it.
    pub(super) fn is_whole_process(&self) -> bool {
        WHOLE_PROCESSES.contains(&self.suite.as_str())
    }

    /// Where its native build is; the module without a signal handler where that takes its place.
    pub(super) fn native(&self, cx: &Cx) -> PathBuf {
        match self.kind {
            Kind::Program(_) => cx.out(&self.product()).join("native"),
            Kind::Looping => cx.out(&self.product()).join("without.wasm"),
            Kind::Script(with) => {
                let folder = cx.out("apps").join(with.app).join("native");
                folder.join(with.program)
            }
        }
    }

    /// Where its Wasm build is.
    pub(super) fn wasm(&self, cx: &Cx) -> PathBuf {
        match self.kind {
            Kind::Program(_) => cx.out(&self.product()).join("module.wasm"),
            Kind::Looping => cx.out(&self.product()).join("with.wasm"),
            Kind::Script(with) => {
                let folder = cx.out("apps").join(with.app).join("wasm");
                folder.join(format!("{}.wasm", with.program))
            }
        }
    }

    /// The product that a C program is built as.
    fn product(&self) -> String {
        format!("bench/{}", self.full_name())
    }

    /// Its arguments.
    pub(super) fn args(&self) -> Vec<String> {
        let Kind::Script(with) = self.kind else {
            return Vec::new();
        };
        let file = self.source.display().to_string();
        let args = with.args.iter();
        args.map(|arg| arg.replace("{file}", &file)).collect()
    }

    /// The application it needs: the one that runs it, or whose source it includes.
    fn app(&self) -> Result<Option<String>> {
        match self.kind {
            Kind::Script(with) => Ok(Some(with.app.to_owned())),
            Kind::Program(_) | Kind::Looping => Ok(Program::read(&self.source)?.app()),
        }
    }

    /// Builds a C program for the host and as Wasm, with the same clang and the same options, unless it
    /// was built from the same already.
    ///
    /// # Errors
    /// When a compiler refuses the program.
    pub(super) fn build(&self, cx: &Cx, llvm: &Llvm) -> Result<()> {
        let program = match self.kind {
            Kind::Script(_) => return Ok(()),
            Kind::Program(_) | Kind::Looping => Program::read(&self.source)?,
        };
        let clock = match PROCESSOR_TIME.contains(&self.suite.as_str()) {
            true => "-DBENCH_CLOCK=CLOCK_PROCESS_CPUTIME_ID",
            false => "-DBENCH_CLOCK=CLOCK_MONOTONIC",
        };
        let mut flags = vec![clock.to_owned()];
        flags.extend(self.size().map(|size| format!("-DSIZE={size}")));
        if let Kind::Looping = self.kind {
            return program.build_looping(cx, llvm, &self.product(), &flags);
        }
        program.build(cx, llvm, &self.product(), &flags)
    }
}

/// Builds the applications that the cases need: those that run scripts as both kinds of program, and those
/// whose sources are included natively.
///
/// # Errors
/// When one cannot be built.
pub(super) fn build_apps(cx: &Cx, cases: &[Case]) -> Result<()> {
    let mut built: Vec<(String, Flavour)> = Vec::new();
    for case in cases {
        let Some(name) = case.app()? else { continue };
        let flavours: &[Flavour] = match case.kind {
            Kind::Script(_) => &[Flavour::Native, Flavour::Wasm],
            Kind::Program(_) | Kind::Looping => &[Flavour::Native],
        };
        for flavour in flavours {
            let wanted = (name.clone(), *flavour);
            if !built.contains(&wanted) {
                let app = App::read(&cx.root().join("applications"), &name)?;
                crate::apps::build(cx, &app, *flavour)?;
                built.push(wanted);
            }
        }
    }
    Ok(())
}

/// The cases of `tests/bench` that `only` names, by suite or by full name; all when it is empty.
///
/// # Errors
/// When a name fits no case; the error lists the suites.
pub(super) fn find(cx: &Cx, only: &[String]) -> Result<Vec<Case>> {
    let all = all(cx)?;
    for name in only {
        if !all.iter().any(|case| matches(case, name)) {
            let mut suites: Vec<&str> = all.iter().map(|case| case.suite.as_str()).collect();
            suites.dedup();
            bail!(
                "no benchmark is called {name}; suites: {}",
                suites.join(", ")
            );
        }
    }
    Ok(all
        .into_iter()
        .filter(|case| only.is_empty() || only.iter().any(|name| matches(case, name)))
        .collect())
}

fn matches(case: &Case, name: &str) -> bool {
    let full_name = case.full_name();
    // What safepoints cost is a question about signals.
    let about_signals = name == "signals" && case.is_of_safepoints();
    let named = full_name == name || full_name.split('@').next() == Some(name);
    about_signals || case.suite == name || named
}

fn all(cx: &Cx) -> Result<Vec<Case>> {
    let folder = cx.root().join("tests/bench");
    let reading = || format!("reading {}", folder.display());
    let mut cases = Vec::new();
    for suite in std::fs::read_dir(&folder).with_context(reading)? {
        let suite = suite?.path();
        if !suite.is_dir() {
            continue;
        }
        for source in std::fs::read_dir(&suite).with_context(reading)? {
            cases.extend(of_file(&suite, &source?.path())?);
        }
    }
    let mut loops = Vec::new();
    for case in cases.iter().filter(|case| case.suite == "compute") {
        if matches!(case.kind, Kind::Program(_)) && Program::read(&case.source)?.is_alone() {
            loops.push(Case {
                suite: SAFEPOINTS.to_owned(),
                name: case.name.clone(),
                source: case.source.clone(),
                kind: Kind::Looping,
            });
        }
    }
    cases.extend(loops);
    cases.sort_by_key(|case| (case.suite.clone(), case.name.clone(), case.size()));
    Ok(cases)
}

/// The cases that a file of the folder `suite` makes; none when it is something that others include.
fn of_file(suite: &Path, source: &Path) -> Result<Vec<Case>> {
    let text =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let case = |kind| Case {
        suite: text(suite.file_name()),
        name: text(source.file_stem()),
        source: source.to_owned(),
        kind,
    };
    let ending = text(source.extension());
    if let Some(with) = INTERPRETERS.iter().find(|with| with.ending == ending) {
        return Ok(vec![case(Kind::Script(with))]);
    }
    if ending != "c" {
        return Ok(Vec::new());
    }
    if suite.file_name() == Some(SAFEPOINTS.as_ref()) {
        return Ok(vec![case(Kind::Looping)]);
    }
    let program = Program::read(source)?;
    if program.sizes.is_empty() {
        return Ok(vec![case(Kind::Program(None))]);
    }
    let sizes = program.sizes.iter();
    Ok(sizes.map(|&size| case(Kind::Program(Some(size)))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_line_with_sizes_makes_a_case_of_each() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.c");
        std::fs::write(&source, "// sizes: 1 20\nint main;\n").unwrap();
        let cases = of_file(folder.path(), &source).unwrap();
        let sizes: Vec<_> = cases.iter().map(Case::size).collect();
        assert_eq!(sizes, [Some(1), Some(20)]);
        assert!(cases[1].full_name().ends_with("/a@20"));
        std::fs::write(&source, "// sizes: x\n").unwrap();
        assert!(of_file(folder.path(), &source).is_err());
        assert!(
            of_file(folder.path(), &folder.path().join("a.h"))
                .unwrap()
                .is_empty()
        );
    }
}
