//! Calling clang, llvm-ar and wasm-ld.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::folders::Folders;
use crate::cx::Cx;
use crate::llvm::Llvm;
use crate::process::Cmd;
use crate::toolchain::Toolchain;

/// The log of all programs that are run.
const LOG: &str = "sysroot";

/// The compiler with the target's flags.
pub(super) struct Compiler<'a> {
    cx: &'a Cx,
    clang: PathBuf,
    ar: PathBuf,
    linker: PathBuf,
    objects: PathBuf,
    target_flags: Vec<OsString>,
}

/// A file to compile and how.
pub(super) struct Unit {
    /// C or assembly.
    pub(super) source: PathBuf,
    /// The object's name, without suffix; it may have folders.
    pub(super) name: String,
    /// Beside the target's flags.
    pub(super) flags: Vec<OsString>,
}

impl<'a> Compiler<'a> {
    /// The compiler of `llvm`, which puts objects below `folders.work`.
    ///
    /// # Errors
    /// When LLVM lacks a tool.
    pub(super) fn new(
        cx: &'a Cx,
        llvm: &Llvm,
        toolchain: &Toolchain,
        folders: &Folders,
    ) -> Result<Self> {
        let target = format!("--target={}", toolchain.triple);
        let flags = toolchain.compile_flags("sysroot");
        let flags = std::iter::once(target.as_str()).chain(flags);
        Ok(Self {
            cx,
            clang: llvm.tool("clang")?,
            ar: llvm.tool("llvm-ar")?,
            linker: llvm.tool("wasm-ld")?,
            objects: folders.work.join("objects"),
            target_flags: flags.map(OsString::from).collect(),
        })
    }

    /// Compiles `unit` and returns the object.
    ///
    /// # Errors
    /// When it does not compile.
    pub(super) fn compile(&self, unit: &Unit) -> Result<PathBuf> {
        let object = self.objects.join(format!("{}.o", unit.name));
        if let Some(folder) = object.parent() {
            fs::create_dir_all(folder)?;
        }
        // The same objects wherever the build folder is.
        let mut prefix = OsString::from("-ffile-prefix-map=");
        prefix.push(self.objects.parent().unwrap_or(&self.objects));
        prefix.push("=.");
        let clang = self.cx.cmd(&self.clang, LOG).quiet();
        let clang = clang.args(&self.target_flags).arg(prefix);
        let clang = clang.args(&unit.flags).arg("-c").arg(&unit.source);
        clang.arg("-o").arg(&object).run()?;
        Ok(object)
    }

    /// Compiles all of `units` into the archive `archive`.
    ///
    /// # Errors
    /// When one does not compile.
    pub(super) fn archive(&self, label: &str, units: &[Unit], archive: &Path) -> Result<()> {
        self.cx
            .parallel(label, units, |unit| self.compile(unit).map(|_| ()))?;
        // In a file: a command line may not be long enough for all the names.
        let list = self.objects.join("archive.list");
        let mut names = String::new();
        for unit in units {
            names += &format!("{}/{}.o\n", self.objects.display(), unit.name);
        }
        fs::write(&list, names).with_context(|| format!("writing {}", list.display()))?;
        let mut response = OsString::from("@");
        response.push(&list);
        let ar = self.cx.cmd(&self.ar, LOG).quiet();
        ar.arg("rcsD").arg(archive).arg(response).run()
    }

    /// Makes an archive without members: for `-lm` and the like, whose contents are in libc.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn empty_archive(&self, archive: &Path) -> Result<()> {
        self.cx
            .cmd(&self.ar, LOG)
            .quiet()
            .arg("rcsD")
            .arg(archive)
            .run()
    }

    /// The linker, without arguments.
    pub(super) fn linker(&self) -> Cmd {
        self.cx.cmd(&self.linker, LOG).quiet()
    }
}

/// Flags as clang takes them.
pub(super) fn flags(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

/// `-I` and `folder`.
pub(super) fn include(folder: impl AsRef<Path>) -> OsString {
    let mut flag = OsString::from("-I");
    flag.push(folder.as_ref());
    flag
}
