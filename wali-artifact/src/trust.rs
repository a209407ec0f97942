//! Whose compiled programs are executed: those of this user and of the superuser, from files and
//! folders that nobody else can write.
//!
//! Compiled programs are machine code. Whoever can change one can do what this user can.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;
use wali_text::shown_path;

/// The bit of a folder's mode that keeps others from replacing what they do not own in it.
const STICKY: u32 = 0o1000;

/// Says why the file at `path`, whose metadata was read from the open file, is not to be trusted.
///
/// # Errors
/// The sentence for the user.
pub fn check_file(path: &Path, metadata: &Metadata) -> Result<(), String> {
    if let Some(why) = stranger(metadata) {
        return Err(format!(
            "the file {why}, and compiled programs are machine code; compile it yourself"
        ));
    }
    let path = fs::canonicalize(path).map_err(|error| error.to_string())?;
    let found = fs::metadata(&path).map_err(|error| error.to_string())?;
    if (found.dev(), found.ino()) != (metadata.dev(), metadata.ino()) {
        return Err("another file has taken its place meanwhile; try again".to_owned());
    }
    check_folders(path.parent().unwrap_or(Path::new("/")))
}

/// Says why what lies in `folder`, an absolute path without links, is not to be trusted.
///
/// # Errors
/// The sentence for the user.
pub fn check_folders(folder: &Path) -> Result<(), String> {
    for folder in folder.ancestors() {
        let metadata = fs::symlink_metadata(folder)
            .map_err(|error| format!("the folder {}: {error}", shown_path(folder)))?;
        if metadata.mode() & STICKY != 0 && metadata.uid() == 0 {
            continue;
        }
        if let Some(why) = stranger(&metadata) {
            return Err(format!(
                "the folder {} {why}, and compiled programs are machine code",
                shown_path(folder)
            ));
        }
    }
    Ok(())
}

/// Whether only this user can write what the metadata is of.
pub fn is_own(metadata: &Metadata) -> bool {
    metadata.uid() == geteuid().as_raw() && metadata.mode() & OTHERS_WRITE == 0
}

/// Who else than this user and the superuser can write what the metadata is of.
fn stranger(metadata: &Metadata) -> Option<&'static str> {
    if metadata.uid() != geteuid().as_raw() && metadata.uid() != 0 {
        Some("belongs to another user")
    } else if metadata.mode() & OTHERS_WRITE != 0 {
        Some("can be written by others")
    } else {
        None
    }
}

/// The bits of a mode that let others than the owner write.
const OTHERS_WRITE: u32 = 0o022;
