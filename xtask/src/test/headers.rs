//! The suite `headers`: every header of the sysroot compiles alone, in each language; of the kernel's
//! headers, every one that compiles alone natively.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::cx::Cx;
use crate::harness::case::{Case, Tally, Verdict, run_all};
use crate::process::Cmd;
use crate::sysroot::kernel::is_kernel_header;

/// Languages, and what clang calls them.
const LANGUAGES: [(&str, &str); 4] = [("c", "c99"), ("c", "c11"), ("c", "c23"), ("c++", "c++20")];

const LOG: &str = "test-headers";

/// Runs the suite.
///
/// # Errors
/// When the sysroot has no headers or they cannot be listed.
pub(super) fn run(cx: &Cx, filter: &str) -> Result<Tally> {
    let include = cx.out("sysroot/include");
    let mut headers = Vec::new();
    list(&include, &include, &mut headers)?;
    ensure!(!headers.is_empty(), "{} has no header", include.display());
    headers.sort();
    let (kernel, headers): (Vec<_>, Vec<_>) = headers
        .into_iter()
        .partition(|header| is_kernel_header(header));
    let mut cases = Vec::new();
    for header in &kernel {
        cases.push(Case {
            name: format!("headers/{}", header.display()),
            run: Box::new(move || judge_kernel(cx, header)),
        });
    }
    for header in &headers {
        for (language, standard) in LANGUAGES {
            cases.push(Case {
                name: format!("headers/{} as {standard}", header.display()),
                run: Box::new(move || judge(cx, header, language, standard)),
            });
        }
    }
    run_all(cx, "headers", filter, cases)
}

/// Lists the headers below `folder` by their names in an `#include`.
fn list(include: &Path, folder: &Path, headers: &mut Vec<PathBuf>) -> Result<()> {
    let reading = || format!("reading {}", folder.display());
    for entry in std::fs::read_dir(folder).with_context(reading)? {
        let path = entry?.path();
        let name = path.strip_prefix(include)?.to_owned();
        // What is in bits/ is a part of other headers.
        if path.is_dir() && name != Path::new("bits") {
            list(include, &path, headers)?;
        } else if path.extension().is_some_and(|extension| extension == "h") {
            headers.push(name);
        }
    }
    Ok(())
}

fn judge(cx: &Cx, header: &Path, language: &str, standard: &str) -> Result<Verdict> {
    let compiler = cx.cmd(cx.out("bin/wali-cc"), LOG).quiet();
    include(compiler.arg("-Wno-#warnings"), header, language, standard)?;
    Ok(Verdict::Passed)
}

fn judge_kernel(cx: &Cx, header: &Path) -> Result<Verdict> {
    let (language, standard) = ("c", "gnu11");
    let natively = include(cx.cmd("cc", LOG).quiet(), header, language, standard);
    // The kernel leaves some to be included after others.
    if natively.is_ok() {
        let compiler = cx.cmd(cx.out("bin/wali-cc"), LOG).quiet();
        include(compiler, header, language, standard)?;
    }
    Ok(Verdict::Passed)
}

/// Compiles a file that includes nothing but `header`.
fn include(compiler: Cmd, header: &Path, language: &str, standard: &str) -> Result<()> {
    let standard = format!("-std={standard}");
    compiler
        .args([&standard, "-fsyntax-only", "-x", language])
        .arg("-include")
        .arg(header)
        .arg("/dev/null")
        .run()
}
