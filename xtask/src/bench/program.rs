//! C programs to time: what their first lines ask for, and how they are built.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::files;
use crate::llvm::Llvm;
use crate::process::Cmd;
use crate::sources::{Source, Sources};
use crate::stamp::{self, Stamp};

/// A C program with what the lines at its top say:
///
/// - `// sizes: 1 20`: built once for each, as `SIZE`
/// - `// source: zlib FOLDER`: includes files of this folder of a source in `toolchains/sources.toml`
/// - `// app: sqlite FOLDER`: the same of an application's native build
/// - `// files: a.c b.c`: files of that folder that are built with it
pub(super) struct Program {
    file: PathBuf,
    /// The sizes that it is built for; none when it has no `SIZE`.
    pub(super) sizes: Vec<u64>,
    origin: Option<Origin>,
    files: Vec<String>,
}

/// Where a program's further files are: a name, and a folder in there.
enum Origin {
    Source(String, String),
    App(String, String),
}

impl Program {
    /// Reads what the program in `file` asks for.
    ///
    /// # Errors
    /// When the file cannot be read or a line at its top makes no sense.
    pub(super) fn read(file: &Path) -> Result<Program> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
        let mut program = Program {
            file: file.to_owned(),
            sizes: Vec::new(),
            origin: None,
            files: Vec::new(),
        };
        let top = text.lines().map_while(|line| line.strip_prefix("// "));
        for line in top {
            program
                .directive(line)
                .with_context(|| format!("{}: the line `// {line}`", file.display()))?;
        }
        Ok(program)
    }

    fn directive(&mut self, line: &str) -> Result<()> {
        let (name, rest) = line.split_once(": ").context("is no directive")?;
        let words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
        match (name, words.as_slice()) {
            ("sizes", sizes) => {
                let sizes = sizes.iter().map(|size| size.parse());
                self.sizes = sizes
                    .collect::<Result<_, _>>()
                    .context("sizes are numbers")?;
            }
            ("source", [name, folder]) => {
                self.origin = Some(Origin::Source(name.clone(), folder.clone()));
            }
            ("app", [name, folder]) => {
                self.origin = Some(Origin::App(name.clone(), folder.clone()));
            }
            ("files", _) => self.files = words,
            _ => bail!("is no directive"),
        }
        Ok(())
    }

    /// Whether it is complete in itself and the headers of its suite.
    pub(super) fn is_alone(&self) -> bool {
        self.origin.is_none()
    }

    /// The application whose native build it includes.
    pub(super) fn app(&self) -> Option<String> {
        match &self.origin {
            Some(Origin::App(name, _)) => Some(name.clone()),
            _ => None,
        }
    }

    /// Builds the product `name` with `native` and `module.wasm`, unless it is there and current.
    ///
    /// # Errors
    /// When a compiler refuses the program.
    pub(super) fn build(&self, cx: &Cx, llvm: &Llvm, name: &str, flags: &[String]) -> Result<()> {
        let folder = self.folder(cx)?;
        cx.product(name, &self.stamp(cx, llvm, flags)?, false, |staging| {
            let compilers = [
                (llvm.tool("clang")?, staging.join("native")),
                (cx.out("bin/wali-cc"), staging.join("module.wasm")),
            ];
            for (compiler, output) in compilers {
                let command = cx.cmd(compiler, "bench").quiet().arg("-pthread");
                self.finish(command.arg("-o").arg(output), folder.as_deref(), flags)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Builds the product `name` with `without.wasm` and `with.wasm`: without a signal handler and with.
    ///
    /// # Errors
    /// When the compiler refuses the program.
    pub(super) fn build_looping(
        &self,
        cx: &Cx,
        llvm: &Llvm,
        name: &str,
        flags: &[String],
    ) -> Result<()> {
        let folder = self.folder(cx)?;
        let handler = handler(cx);
        cx.product(name, &self.stamp(cx, llvm, flags)?, false, |staging| {
            for (output, header) in [("without.wasm", None), ("with.wasm", Some(&handler))] {
                let headers = header
                    .iter()
                    .flat_map(|file| ["-include".as_ref(), file.as_os_str()]);
                let command = cx.cmd(cx.out("bin/wali-cc"), "bench").quiet();
                let command = command.args(headers).arg("-o").arg(staging.join(output));
                self.finish(command, folder.as_deref(), flags)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn finish(&self, command: Cmd, folder: Option<&Path>, flags: &[String]) -> Result<()> {
        let mut command = command.args(["-O2", "-w"]).args(flags).arg(&self.file);
        if let Some(folder) = folder {
            let files = self.files.iter().map(|file| folder.join(file));
            command = command.arg("-I").arg(folder).args(files);
        }
        command.arg("-lm").run()
    }

    /// Where its further files are.
    fn folder(&self, cx: &Cx) -> Result<Option<PathBuf>> {
        Ok(match &self.origin {
            None => None,
            Some(Origin::Source(name, folder)) => Some(source(cx, name)?.dir.join(folder)),
            Some(Origin::App(name, folder)) => {
                let built = cx.out("apps").join(name).join("native-source");
                Some(built.join(folder))
            }
        })
    }

    /// All that decides what the builds are.
    fn stamp(&self, cx: &Cx, llvm: &Llvm, flags: &[String]) -> Result<String> {
        let suite = self.file.parent().context("a program lies in a suite")?;
        let sysroot = stamp::read(&cx.out("sysroot")).unwrap_or_default();
        let mut stamp = Stamp::new()
            .text("flags", &flags.join(" "))
            .text("llvm", &llvm.version().to_string())
            .text("sysroot", &sysroot)
            .path(&self.file)?
            .path(&suite.join("../bench.h"))?
            .path(&handler(cx))?
            .path(&cx.out("bin/wali-cc"))?;
        for header in files::with_extension(suite, "h")? {
            stamp = stamp.path(&header)?;
        }
        match &self.origin {
            None => {}
            Some(Origin::Source(name, _)) => {
                stamp = stamp.text("source", &source(cx, name)?.sha256);
            }
            Some(Origin::App(name, _)) => {
                let built = cx.out("apps").join(name).join("native");
                stamp = stamp.text("app", &stamp::read(&built).unwrap_or_default());
            }
        }
        Ok(stamp.finish())
    }
}

/// Returns the source `name` of `toolchains/sources.toml`.
fn source(cx: &Cx, name: &str) -> Result<Source> {
    Sources::read(cx)?.get(cx, name)
}

/// What gives a program a signal handler.
fn handler(cx: &Cx) -> PathBuf {
    cx.root().join("tests/bench/safepoints/handler.h")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_at_the_top_that_makes_no_sense_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.c");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            Program::read(&file)
        };
        let program = read("// app: sqlite test\n// files: a.c\n/* x */\n// sizes: x\n").unwrap();
        assert_eq!(program.app().as_deref(), Some("sqlite"));
        assert_eq!(program.files, ["a.c"]);
        for text in [
            "// sizes: x\n",
            "// source: a\n",
            "// files a.c\n",
            "// else: a\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
