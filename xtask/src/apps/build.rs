//! Building an application from its source: with wali-cc, and natively with the same clang.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::manifest::App;
use crate::cx::Cx;
use crate::files;
use crate::llvm::{self, Llvm};
use crate::sources::{Source, Sources};
use crate::stamp::{self, Stamp};
use crate::toolchain::Toolchain;

/// For whom an application is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    Native,
    Wasm,
}

impl Flavour {
    fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
        }
    }
}

/// A built application.
pub(crate) struct Built {
    /// The folder that its programs are in.
    folder: PathBuf,
    /// The folder that it was built in.
    pub(crate) work: PathBuf,
    flavour: Flavour,
}

impl Built {
    /// The program `product`.
    pub(crate) fn program(&self, product: &str) -> PathBuf {
        self.folder.join(file_name(product, self.flavour))
    }
}

fn file_name(product: &str, flavour: Flavour) -> String {
    match flavour {
        Flavour::Native => product.to_owned(),
        Flavour::Wasm => format!("{product}.wasm"),
    }
}

/// What an application is built with.
struct Tools {
    llvm: Llvm,
    toolchain: Toolchain,
    flavour: Flavour,
}

/// Builds `app` into `build/apps/NAME/FLAVOUR`, unless it was built from the same already.
///
/// # Errors
/// When its source cannot be had, a patch does not apply or a command fails.
pub(crate) fn build(cx: &Cx, app: &App, flavour: Flavour) -> Result<Built> {
    let source = Sources::read(cx)?.get(cx, &app.manifest.source)?;
    let tools = Tools {
        llvm: llvm::find(cx)?,
        toolchain: Toolchain::read(cx.root())?,
        flavour,
    };
    let stamp = stamp_of(cx, app, &tools, &source)?;
    let product = format!("apps/{}/{}", app.name, flavour.name());
    let work = work_folder(cx, app, flavour);
    let made = cx.product(&product, &stamp, false, |staging| {
        let label = format!("{} ({})", app.name, flavour.name());
        let step = cx.step(&format!("{label}: building"), 0);
        cx.make_empty(&work)?;
        prepare(cx, app, &source, &work)?;
        let commands = app.manifest.configure.iter().chain(&app.manifest.build);
        for words in commands {
            run(cx, app, &tools, words, &work).with_context(|| format!("building {label}"))?;
        }
        for (name, path) in &app.manifest.products {
            let (from, to) = (work.join(path), staging.join(file_name(name, flavour)));
            std::fs::copy(&from, &to)
                .with_context(|| format!("{label}: the build left no {}", from.display()))?;
        }
        step.finish(&format!("{label}: built"));
        Ok(())
    });
    made.with_context(|| format!("application {}", app.name))?;
    Ok(Built {
        folder: cx.out(&product),
        work,
        flavour,
    })
}

/// Where the copy of the source lies that is built.
fn work_folder(cx: &Cx, app: &App, flavour: Flavour) -> PathBuf {
    cx.out("apps")
        .join(&app.name)
        .join(format!("{}-source", flavour.name()))
}

/// All that decides what the build makes.
fn stamp_of(cx: &Cx, app: &App, tools: &Tools, source: &Source) -> Result<String> {
    let mut inputs = Stamp::new()
        .text("source", &source.sha256)
        .text("flavour", tools.flavour.name())
        .text("llvm", &tools.llvm.version().to_string())
        .path(&app.folder.join("app.toml"))?;
    let patches = app.folder.join("patches");
    if patches.exists() {
        inputs = inputs.path(&patches)?;
    }
    if tools.flavour == Flavour::Wasm {
        let sysroot = stamp::read(&cx.out("sysroot")).unwrap_or_default();
        inputs = inputs
            .path(&cx.out("bin/wali-cc"))?
            .text("sysroot", &sysroot);
    }
    Ok(inputs.finish())
}

/// Makes `work` a patched copy of the source; the source itself is shared and stays pristine.
fn prepare(cx: &Cx, app: &App, source: &Source, work: &Path) -> Result<()> {
    let log = format!("apps-{}", app.name);
    let all = source.dir.join(".");
    cx.cmd("cp", &log)
        .quiet()
        .arg("-a")
        .arg(all)
        .arg(work)
        .run()?;
    let patches = app.folder.join("patches");
    let patches = match patches.exists() {
        true => files::with_extension(&patches, "patch")?,
        false => Vec::new(),
    };
    for patch in patches {
        cx.cmd("patch", &log)
            .quiet()
            .args(["-p1", "-i"])
            .arg(&patch)
            .dir(work)
            .run()?;
    }
    Ok(())
}

/// Runs a command of the manifest.
fn run(cx: &Cx, app: &App, tools: &Tools, words: &[String], work: &Path) -> Result<()> {
    let cross: &[String] = match tools.flavour {
        Flavour::Native => &[],
        Flavour::Wasm => &app.manifest.cross,
    };
    let words = words.iter().flat_map(|word| match word.as_str() {
        "{cross}" => cross,
        _ => std::slice::from_ref(word),
    });
    let words = words.map(|word| fill(word, &|name| value(cx, tools, name)));
    let words = words.collect::<Result<Vec<String>>>()?;
    let (program, args) = words.split_first().context("a command without words")?;
    let log = format!("apps-{}-{}", app.name, tools.flavour.name());
    let caller = std::env::var_os("PATH").unwrap_or_default();
    let folders = [cx.out("bin")]
        .into_iter()
        .chain(std::env::split_paths(&caller));
    let path = std::env::join_paths(folders).context("the build folder's name has a colon")?;
    cx.cmd(program, &log)
        .args(args)
        .env("PATH", path)
        .dir(work)
        .run()
}

/// Returns what `{name}` stands for in a command.
fn value(cx: &Cx, tools: &Tools, name: &str) -> Result<Option<String>> {
    let tool = |own: &str, llvm: &str| -> Result<String> {
        match tools.flavour {
            Flavour::Wasm => Ok(own.to_owned()),
            Flavour::Native => Ok(tools.llvm.tool(llvm)?.to_string_lossy().into_owned()),
        }
    };
    Ok(Some(match name {
        "cc" => tool("wali-cc", "clang")?,
        "jobs" => cx.jobs().to_string(),
        "host" => tools.toolchain.triple.clone(),
        "build" => format!("{}-unknown-linux-gnu", std::env::consts::ARCH),
        name if tools.toolchain.tools.iter().any(|tool| tool == name) => {
            tool(&format!("wali-{name}"), &format!("llvm-{name}"))?
        }
        _ => return Ok(None),
    }))
}

/// Puts values in place of `{name}`.
///
/// # Errors
/// When `value` knows none of that name.
pub(super) fn fill(word: &str, value: &dyn Fn(&str) -> Result<Option<String>>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .with_context(|| format!("`{word}`: a brace that is not closed"))?;
        let Some(value) = value(name)? else {
            bail!("`{word}`: nothing is called {{{name}}}")
        };
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_are_filled_in() {
        let value = |name: &str| Ok((name == "cc").then(|| "clang".to_owned()));
        assert_eq!(
            fill("CC={cc} -std=gnu99", &value).unwrap(),
            "CC=clang -std=gnu99"
        );
        assert_eq!(fill("plain", &value).unwrap(), "plain");
        for (word, expected) in [("{cxx}", "nothing is called {cxx}"), ("{cc", "not closed")] {
            let error = fill(word, &value).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
