//! Differential tests: C programs that are built natively and with wali-cc, run side by side, and compared
//! in output and exit status.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use super::case::{SKIPPED_STATUS, Verdict};
use super::compare::{compare, difference};
use super::directives::{self, Directives};
use super::sandbox::{self, Build, How};
use crate::bounded::{End, Outcome};
use crate::cx::Cx;
use crate::{files, llvm};

/// What a program ends with when one of its own checks failed (`tests/libc/check.h`).
const CHECK_FAILED_STATUS: i32 = 99;

/// A file of the suite.
pub(crate) struct Test {
    /// The file's name, without `.c`.
    pub(crate) name: String,
    /// The program's source.
    file: PathBuf,
    /// What the file says of itself.
    pub(crate) directives: Directives,
    /// What the native build did, or why there is none.
    native: OnceLock<Result<Outcome, String>>,
}

/// The programs of a suite.
///
/// # Errors
/// When the folder has no programs or a file's directives make no sense.
pub(crate) fn tests(cx: &Cx, suite: &str) -> Result<Vec<Test>> {
    read_all(&cx.root().join("tests").join(suite))
}

/// Reads the tests in `folder`.
fn read_all(folder: &Path) -> Result<Vec<Test>> {
    let files = files::tests(folder, "c")?;
    for expected in files::with_extension(folder, "expected")? {
        if !files.contains(&expected.with_extension("c")) {
            bail!("{}: no program prints this", expected.display());
        }
    }
    files.into_iter().map(read).collect()
}

/// Returns the compiler of the native builds: the same clang that wali-cc calls.
///
/// # Errors
/// When there is no LLVM.
pub(crate) fn native_compiler(cx: &Cx) -> Result<PathBuf> {
    llvm::find(cx)?.tool("clang")
}

/// Reads the test in `file`.
fn read(file: PathBuf) -> Result<Test> {
    let text = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    let directives = directives::parse(&String::from_utf8_lossy(&text), "//");
    let directives = directives.with_context(|| file.display().to_string())?;
    let name = file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Test {
        name,
        file,
        directives,
        native: OnceLock::new(),
    })
}

/// Builds a program natively with `clang` and as Wasm, runs both, the latter as `how` says, and compares.
///
/// # Errors
/// When it cannot be built or run.
pub(crate) fn judge(cx: &Cx, clang: &Path, test: &Test, level: &str, how: How) -> Result<Verdict> {
    if let Some(reason) = &test.directives.skip {
        return Ok(Verdict::Skipped(reason.clone()));
    }
    if test.directives.skip_native.is_none() {
        let native = test.native.get_or_init(|| {
            let built = build_native(cx, clang, test);
            let outcome =
                built.and_then(|file| start(cx, test, Build::Native(&file), How::default()));
            outcome.map_err(|error| format!("{error:#}"))
        });
        let native = match native {
            Ok(native) => native,
            Err(why) => return Ok(Verdict::Failed(format!("natively: {why}"))),
        };
        if native.end == End::Status(SKIPPED_STATUS) {
            return Ok(Verdict::skipped_by(native));
        }
        if let Some(why) = own_failure(native) {
            return Ok(Verdict::Failed(format!("natively: {why}")));
        }
    }
    let module = build_wasm(cx, test, level)?;
    let mut found = start(cx, test, Build::Wasm(&module), how)?;
    if how.emulated.is_some() {
        found.stderr = without_emulators_words(&found.stderr);
    }
    if let Some(why) = own_failure(&found) {
        return Ok(Verdict::Failed(why));
    }
    verdict(test, &found)
}

/// `stderr` without what qemu says of a program that a signal ended.
fn without_emulators_words(stderr: &[u8]) -> Vec<u8> {
    let lines = stderr.split_inclusive(|&byte| byte == b'\n');
    let is_own = |line: &&[u8]| !line.starts_with(b"qemu: uncaught target signal ");
    lines.filter(is_own).flatten().copied().collect()
}

/// Why the program itself says that it failed.
fn own_failure(outcome: &Outcome) -> Option<String> {
    let text = || String::from_utf8_lossy(&outcome.stdout).into_owned();
    match outcome.end {
        End::Status(CHECK_FAILED_STATUS) => {
            let lines: Vec<String> = text().lines().map(str::to_owned).collect();
            let from = lines
                .iter()
                .position(|line| line.starts_with("check failed"));
            let lines = &lines[from.unwrap_or(0)..];
            Some(lines[..lines.len().min(10)].join("\n"))
        }
        End::TimedOut(_) => Some(outcome.end.to_string()),
        _ => None,
    }
}

/// Compares with the native run, and with `NAME.expected` where there is one.
fn verdict(test: &Test, found: &Outcome) -> Result<Verdict> {
    if let Some(Ok(native)) = test.native.get() {
        let verdict = compare(native, found);
        if verdict != Verdict::Passed {
            return Ok(verdict);
        }
    }
    let expected = test.file.with_extension("expected");
    if expected.exists() {
        let text = std::fs::read(&expected)?;
        if let Some(why) = difference("standard output", &text, &found.stdout) {
            return Ok(Verdict::Failed(why));
        }
    } else if test.directives.skip_native.is_some() {
        bail!("has no native run, so it needs {}", expected.display());
    }
    if test.directives.skip_native.is_some() && found.end != End::Status(test.directives.status) {
        let status = test.directives.status;
        return Ok(Verdict::Failed(format!(
            "ended with {}, expected status {status}",
            found.end
        )));
    }
    Ok(Verdict::Passed)
}

/// Compiles the program natively and returns where it is.
fn build_native(cx: &Cx, clang: &Path, test: &Test) -> Result<PathBuf> {
    let out = build_folder(cx, test)?.join("native");
    let own = &test.directives.native_flags;
    compile(cx, clang, test, "-O2", own, &out)?;
    Ok(out)
}

/// Compiles the program with wali-cc at `level`, `-O0` for example, and returns where the module is.
fn build_wasm(cx: &Cx, test: &Test, level: &str) -> Result<PathBuf> {
    let name = level.trim_start_matches('-');
    let out = build_folder(cx, test)?.join(format!("{name}.wasm"));
    compile(cx, &cx.out("bin/wali-cc"), test, level, &[], &out)?;
    Ok(out)
}

/// Makes the folder that the builds of `test` lie in.
fn build_folder(cx: &Cx, test: &Test) -> Result<PathBuf> {
    let suite = test
        .file
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let folder = cx.out("test").join(suite).join(&test.name);
    cx.make_folder(&folder)?;
    Ok(folder)
}

/// Compiles the program into `out`; `own` are flags of this compiler alone.
fn compile(
    cx: &Cx,
    compiler: &Path,
    test: &Test,
    level: &str,
    own: &[String],
    out: &Path,
) -> Result<()> {
    let cmd = cx.cmd(compiler, "test-differential").quiet();
    let cmd = cmd.arg(level).arg("-o").arg(out).arg(&test.file);
    let cmd = cmd.args(&test.directives.flags).args(own);
    cmd.arg("-lm").run()
}

/// Runs a build of the program in an empty folder.
fn start(cx: &Cx, test: &Test, build: Build, how: How) -> Result<Outcome> {
    let folder = sandbox::folder()?;
    let mut program = sandbox::program(cx, build, &test.name, folder.path(), how)?;
    let Directives {
        args,
        stdin,
        env,
        limit,
        ..
    } = &test.directives;
    program = program.args(args);
    program
        .env
        .extend(env.iter().map(|(name, value)| (name.into(), value.into())));
    program.stdin.clone_from(stdin);
    program.limit = how.limit(*limit);
    program.run(Path::new(folder.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_missing_or_empty_fails_the_suite() {
        let folder = tempfile::tempdir().unwrap();
        let fails = |folder: &Path| {
            let Err(error) = read_all(folder) else {
                panic!("{} was taken for a suite", folder.display());
            };
            format!("{error:#}")
        };
        let error = fails(folder.path());
        assert!(error.contains("has no .c file to test"), "{error}");
        let error = fails(&folder.path().join("signal"));
        assert!(error.contains("/signal: No such file"), "{error}");
    }

    #[test]
    fn an_expectation_without_a_program_fails_the_suite() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.c", "a.expected", "b.expected"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let error = read_all(folder.path()).err().unwrap().to_string();
        assert!(
            error.ends_with("b.expected: no program prints this"),
            "{error}"
        );
    }

    #[test]
    fn a_directive_that_does_not_exist_fails_the_suite() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pipes.c");
        std::fs::write(&file, "// Pipes: both ends.\n// timeout: 5\n").unwrap();
        assert_eq!(read_all(folder.path()).unwrap().len(), 1);
        for line in ["tiemout: 5", "Timeout: 5", "skip_native: no pipes"] {
            std::fs::write(&file, format!("// {line}\n")).unwrap();
            let error = format!("{:#}", read_all(folder.path()).err().unwrap());
            assert!(
                error.contains("pipes.c") && error.contains(line) && error.contains("skip-native"),
                "{error}"
            );
        }
    }
}
