//! A link that ends with a module: what is checked of it, and what to look at when it fails.

use std::ffi::OsString;
use std::path::PathBuf;

/// The start routine that a module has to export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A function of this name, without parameters and results.
    Function(String),
    /// None: `--no-entry`.
    None,
}

/// What is checked when the link is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where the module is written.
    pub output: PathBuf,
    /// The start routine it exports.
    pub entry: Entry,
    /// Imports outside the interface that the embedder has: `module::name`.
    pub allowed: Vec<String>,
    /// Only what the published interface has.
    pub compat: bool,
    /// The engine named in a line before the module, which makes the file a program for the kernel.
    pub engine: Option<PathBuf>,
    /// Objects and archives in the order of the command line.
    pub objects: Vec<PathBuf>,
    /// What follows each `-l`.
    pub libraries: Vec<OsString>,
    /// Where libraries are searched, in order.
    pub library_folders: Vec<PathBuf>,
    /// Source files compiled on the way.
    pub sources: Vec<PathBuf>,
}
