//! Where the parts of a build of the sysroot lie.

use std::path::{Path, PathBuf};

use crate::toolchain::Toolchain;

/// The folders of one build.
pub(super) struct Folders {
    /// Ours, in the repository.
    pub(super) own: PathBuf,
    /// The C library's source, put together.
    pub(super) musl: PathBuf,
    /// What is generated for compiling the library, and objects.
    pub(super) work: PathBuf,
    /// The sysroot's headers.
    pub(super) include: PathBuf,
    /// The sysroot's libraries.
    pub(super) lib: PathBuf,
    /// The compiler's runtime library, a file in `lib`.
    pub(super) builtins: PathBuf,
}

impl Folders {
    /// The folders of a build in `staging`, of the workspace at `root`.
    pub(super) fn new(root: &Path, staging: &Path, toolchain: &Toolchain) -> Self {
        let work = staging.join("work");
        let lib = staging.join(&toolchain.lib_dir);
        Self {
            own: root.join("sysroot"),
            musl: work.join("musl"),
            include: staging.join("include"),
            builtins: lib.join(format!("lib{}.a", toolchain.builtins)),
            lib,
            work,
        }
    }
}
