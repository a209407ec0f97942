//! The file of a finished module.

use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use anyhow::{Context, bail};

/// Reads the module.
///
/// # Errors
/// When the file cannot be read; the error names it.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("reading {}", path.display()))
}

/// The longest first line that the kernel reads for an interpreter's name, execve(2).
const RUN_LINE_BYTES: usize = 255;

/// Puts a line before the module that has the kernel start `engine` for it.
///
/// # Errors
/// When there is no engine, its name is none that the kernel takes, or the module cannot be written.
pub(super) fn prepend_run_line(engine: &Path, module: &Path) -> anyhow::Result<()> {
    let name = engine.as_os_str().as_bytes();
    if !engine.is_file() {
        bail!(
            "--wali-run-line: no engine at {}\nhelp: cargo xtask engine builds it",
            engine.display()
        );
    }
    if name.len() + 3 > RUN_LINE_BYTES || name.iter().any(u8::is_ascii_whitespace) {
        bail!(
            "--wali-run-line: the kernel takes no interpreter of this name: {}\n\
             help: move the build folder to a shorter path without blanks, or use cargo xtask binfmt",
            engine.display()
        );
    }
    let bytes = read(module)?;
    let writing = || format!("writing {}", module.display());
    let folder = module
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .permissions(
            std::fs::metadata(module)
                .with_context(writing)?
                .permissions(),
        )
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .with_context(writing)?;
    for part in [b"#!", name, b"\n", &bytes] {
        file.write_all(part).with_context(writing)?;
    }
    file.persist(module).with_context(writing)?;
    Ok(())
}
