//! The options of the command line that are not for clang.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::command::{Item, after};
use crate::setjmp::Which;

/// wali-cc's own options, and those of clang's that it acts on itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnOptions {
    /// `--wali-explain`.
    pub(crate) explain: bool,
    /// `--wali-compat`.
    pub(crate) compat: bool,
    /// `--wali-run-line`.
    pub(crate) run_line: bool,
    /// Which functions get probes; `None` after `--wali-no-probes`.
    pub(crate) probes: Option<Which>,
    /// What follows each `--wali-allow-import=`.
    pub(crate) allowed: Vec<String>,
    /// `--sysroot`.
    pub(crate) sysroot: Option<PathBuf>,
}

impl OwnOptions {
    /// Takes them out of the command line.
    pub(crate) fn take(items: &mut Vec<Item>) -> OwnOptions {
        let mut own = OwnOptions {
            probes: Some(Which::default()),
            ..OwnOptions::default()
        };
        items.retain(|item| match item {
            Item::Option(words) => !own.is(words),
            Item::Linker(_) | Item::Input(_) => true,
        });
        own
    }

    /// Notes `words` when they are one of these options, and says whether they are.
    fn is(&mut self, words: &[OsString]) -> bool {
        let [option, ..] = words else { return false };
        if option == "--wali-explain" {
            self.explain = true;
        } else if option == "--wali-compat" {
            self.compat = true;
        } else if option == "--wali-run-line" {
            self.run_line = true;
        } else if option == "--wali-all-probes" {
            self.probes = Some(Which::All);
        } else if option == "--wali-no-probes" {
            self.probes = None;
        } else if let Some(import) = after(option, "--wali-allow-import=") {
            self.allowed.push(import.to_string_lossy().into_owned());
        } else if let Some(folder) = after(option, "--sysroot=") {
            self.sysroot = Some(folder.into());
        } else if let ("--sysroot", [_, folder]) = (&*option.to_string_lossy(), words) {
            self.sysroot = Some(folder.into());
        } else {
            return false;
        }
        true
    }
}
