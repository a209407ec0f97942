//! The suite `pointers`: every served call with pointers and lengths that go wrong, natively and as
//! Wasm. The calls and what is tried come from the spec; the program is in `tests/pointers`.

mod generate;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, Result};
use wali_abi::Syscall;

pub(crate) use self::generate::Arguments;
use crate::bounded::{End, Outcome};
use crate::cx::Cx;
use crate::harness::case::{Case, SKIPPED_STATUS, Tally, Verdict, run_all};
use crate::harness::compare::compare;
use crate::harness::sandbox::{self, Build, How};
use crate::llvm;

/// So many differences of a call are shown.
const MOST_SHOWN: usize = 12;

/// The program's two builds, made when the first call is tried.
struct Builds {
    native: PathBuf,
    wasm: PathBuf,
}

/// Runs the suite: a case a call.
///
/// # Errors
/// When the list of arguments cannot be read.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let arguments = arguments(cx)?;
    let calls = arguments.tried();
    let builds: OnceLock<Result<Builds, String>> = OnceLock::new();
    let builds = &builds;
    let (arguments, all) = (&arguments, &calls);
    let cases = calls.iter().map(|call| Case {
        name: format!("pointers/{}", call.name),
        run: Box::new(move || {
            let made = builds
                .get_or_init(|| build(cx, arguments, all).map_err(|error| format!("{error:#}")));
            match made {
                Ok(builds) => judge(cx, builds, call),
                Err(why) => Ok(Verdict::Failed(why.clone())),
            }
        }),
    });
    let cases = cases.collect();
    run_all(cx, "pointers", filter, cases)
}

/// Reads what is said of plausible arguments.
///
/// # Errors
/// When it cannot be read or makes no sense.
pub(crate) fn arguments(cx: &Cx) -> Result<Arguments> {
    let path = cx.root().join("tests/pointers/arguments.toml");
    let text = std::fs::read_to_string(&path);
    let text = text.with_context(|| format!("reading {}", path.display()))?;
    Arguments::parse(&text).with_context(|| path.display().to_string())
}

/// Compiles `sources` of `tests/pointers` with the table of `calls`, into `out`.
///
/// # Errors
/// When it does not compile.
pub(crate) fn compile(cx: &Cx, compiler: &Path, sources: &[PathBuf], out: &Path) -> Result<()> {
    let cmd = cx.cmd(compiler, "test-pointers").quiet();
    let cmd = cmd
        .args(["-O1", "-I"])
        .arg(cx.root().join("tests/pointers"));
    cmd.arg("-o").arg(out).args(sources).run()
}

/// The sources of the program, with the table of `calls`, which is written into `folder`.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn sources(
    cx: &Cx,
    arguments: &Arguments,
    calls: &[&Syscall],
    folder: &Path,
    driver: &str,
) -> Result<Vec<PathBuf>> {
    let table = folder.join("calls.c");
    std::fs::write(&table, arguments.source(calls))
        .with_context(|| format!("writing {}", table.display()))?;
    let own = |name: &str| cx.root().join("tests/pointers").join(name);
    Ok(vec![
        table,
        own("objects.c"),
        own("namespaces.c"),
        own(driver),
    ])
}

fn build(cx: &Cx, arguments: &Arguments, calls: &[&Syscall]) -> Result<Builds> {
    let folder = cx.out("test/pointers");
    cx.make_folder(&folder)?;
    let sources = sources(cx, arguments, calls, &folder, "driver.c")?;
    let builds = Builds {
        native: folder.join("native"),
        wasm: folder.join("probe.wasm"),
    };
    compile(
        cx,
        &llvm::find(cx)?.tool("clang")?,
        &sources,
        &builds.native,
    )?;
    compile(cx, &cx.out("bin/wali-cc"), &sources, &builds.wasm)?;
    Ok(builds)
}

fn judge(cx: &Cx, builds: &Builds, call: &Syscall) -> Result<Verdict> {
    let native = start(cx, Build::Native(&builds.native), call.name)?;
    if native.end == End::Status(SKIPPED_STATUS) {
        let why = String::from_utf8_lossy(&native.stdout);
        return Ok(Verdict::Skipped(why.trim_end().to_owned()));
    }
    let wasm = start(cx, Build::Wasm(&builds.wasm), call.name)?;
    match compare(&native, &wasm) {
        Verdict::Failed(_) if native.end == wasm.end => Ok(differences(&native, &wasm)),
        verdict => Ok(verdict),
    }
}

fn start(cx: &Cx, build: Build, call: &str) -> Result<Outcome> {
    let folder = sandbox::folder()?;
    let mut program =
        sandbox::program(cx, build, "probe", folder.path(), How::default())?.arg(call);
    program.limit *= 4;
    program.run(folder.path())
}

/// The lines that are not alike.
fn differences(native: &Outcome, wasm: &Outcome) -> Verdict {
    let (want, have) = (
        String::from_utf8_lossy(&native.stdout),
        String::from_utf8_lossy(&wasm.stdout),
    );
    let mut unlike: Vec<String> = (want.lines().zip(have.lines()))
        .filter(|(want, have)| want != have)
        .map(|(want, have)| format!("expected {want}\n   found {have}"))
        .collect();
    let n = unlike.len();
    unlike.truncate(MOST_SHOWN);
    if n > MOST_SHOWN {
        unlike.push(format!("and {} more", n - MOST_SHOWN));
    }
    let said = String::from_utf8_lossy(&wasm.stderr);
    unlike.extend(said.lines().take(MOST_SHOWN).map(str::to_owned));
    Verdict::Failed(unlike.join("\n"))
}
