//! The cases there are: C programs and scripts, a folder a suite.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::apps::{App, Flavour};
use crate::cx::Cx;

/// What a C program's first line begins with when it is built once for each of several sizes.
const SIZES: &str = "// sizes: ";

/// The applications that run scripts, by the scripts' ending.
const INTERPRETERS: [(&str, &str); 2] = [("lua", "lua"), ("sh", "bash")];

/// The suites whose programs are timed as whole processes, not in a loop of their own.
const WHOLE_PROCESSES: [&str; 2] = ["startup", "pipeline"];

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
    /// A script of this application's program of the same name.
    Script(&'static str),
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

    /// Whether the whole process is timed, not a loop inside it.
    pub(super) fn is_whole_process(&self) -> bool {
        WHOLE_PROCESSES.contains(&self.suite.as_str())
    }

    /// Where its native build is.
    pub(super) fn native(&self, cx: &Cx) -> PathBuf {
        match self.kind {
            Kind::Program(_) => cx.out("bench").join(self.full_name()),
            Kind::Looping => cx.out("bench").join(self.full_name() + ".without.wasm"),
            Kind::Script(app) => cx.out("apps").join(app).join("native").join(app),
        }
    }

    /// Where its Wasm build is.
    pub(super) fn wasm(&self, cx: &Cx) -> PathBuf {
        match self.kind {
            Kind::Program(_) | Kind::Looping => {
                cx.out("bench").join(format!("{}.wasm", self.full_name()))
            }
            Kind::Script(app) => {
                let product = format!("{app}.wasm");
                cx.out("apps").join(app).join("wasm").join(product)
            }
        }
    }

    /// Its arguments.
    pub(super) fn args(&self) -> Vec<&Path> {
        match self.kind {
            Kind::Program(_) | Kind::Looping => Vec::new(),
            Kind::Script(_) => vec![&self.source],
        }
    }

    /// The application that runs it, if it is a script.
    pub(super) fn app(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Program(_) | Kind::Looping => None,
            Kind::Script(app) => Some(app),
        }
    }

    /// Builds a C program for the host and as Wasm, with the same clang and the same options.
    ///
    /// # Errors
    /// When a compiler refuses the program.
    pub(super) fn build(&self, cx: &Cx) -> Result<()> {
        let size = match self.kind {
            Kind::Program(size) => size,
            Kind::Looping => return self.build_looping(cx),
            Kind::Script(_) => return Ok(()),
        };
        let folder = self.native(cx);
        let folder = folder.parent().context("a case lies in a suite's folder")?;
        cx.make_folder(folder)?;
        let builds = [
            (cx.llvm()?.tool("clang")?, self.native(cx)),
            (cx.out("bin/wali-cc"), self.wasm(cx)),
        ];
        for (compiler, output) in builds {
            let command = cx.cmd(compiler, "bench").quiet();
            let command = command.args(["-O2", "-pthread"]);
            let command = command.args(size.map(|size| format!("-DSIZE={size}")));
            command
                .arg("-o")
                .arg(output)
                .arg(&self.source)
                .arg("-lm")
                .run()?;
        }
        Ok(())
    }

    /// Builds the module without a signal handler and the one with.
    fn build_looping(&self, cx: &Cx) -> Result<()> {
        cx.make_folder(&cx.out("bench").join(&self.suite))?;
        let handler = cx.root().join("tests/bench/safepoints/handler.h");
        let source = match first_line(&self.source)?.strip_prefix(INCLUDED) {
            Some(name) => Some(cx.source(name)?.dir.join("src")),
            None => None,
        };
        for (output, header) in [(self.native(cx), None), (self.wasm(cx), Some(handler))] {
            let includes = header
                .iter()
                .flat_map(|file| ["-include".as_ref(), file.as_os_str()]);
            let folders = source
                .iter()
                .flat_map(|folder| ["-I".as_ref(), folder.as_os_str()]);
            let command = cx.cmd(cx.out("bin/wali-cc"), "bench").quiet();
            let command = command.args(["-O2", "-w", "-o"]).arg(output);
            let command = command.args(includes).args(folders);
            command.arg(&self.source).arg("-lm").run()?;
        }
        Ok(())
    }
}

/// What a program's first line begins with that includes files of a source of this name.
const INCLUDED: &str = "// source: ";

fn first_line(program: &Path) -> Result<String> {
    let text = std::fs::read_to_string(program)
        .with_context(|| format!("reading {}", program.display()))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Builds the applications that run the scripts among `cases`.
///
/// # Errors
/// When one cannot be built.
pub(super) fn build_apps(cx: &Cx, cases: &[Case]) -> Result<()> {
    for (_, name) in INTERPRETERS {
        if cases.iter().any(|case| case.app() == Some(name)) {
            let app = App::read(&cx.root().join("applications"), name)?;
            for flavour in [Flavour::Native, Flavour::Wasm] {
                crate::apps::build(cx, &app, flavour)?;
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
    let loops: Vec<Case> = cases
        .iter()
        .filter(|case| case.suite == "compute" && matches!(case.kind, Kind::Program(_)))
        .map(|case| Case {
            suite: SAFEPOINTS.to_owned(),
            name: case.name.clone(),
            source: case.source.clone(),
            kind: Kind::Looping,
        })
        .collect();
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
    if let Some((_, app)) = INTERPRETERS.iter().find(|(known, _)| *known == ending) {
        return Ok(vec![case(Kind::Script(app))]);
    }
    if ending != "c" {
        return Ok(Vec::new());
    }
    if suite.file_name() == Some(SAFEPOINTS.as_ref()) {
        return Ok(vec![case(Kind::Looping)]);
    }
    let first = first_line(source)?;
    let Some(sizes) = first.strip_prefix(SIZES) else {
        return Ok(vec![case(Kind::Program(None))]);
    };
    sizes
        .split_whitespace()
        .map(|size| {
            let size = size
                .parse()
                .with_context(|| format!("{}: the size {size}", source.display()))?;
            Ok(case(Kind::Program(Some(size))))
        })
        .collect()
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
