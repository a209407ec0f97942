//! Notes of which entry belongs to which file, so that neither has to be read at a start.
//!
//! A note is a symbolic link that leads nowhere: its name stands for the module's file, what it
//! points to for the entry's key and for both files as they were when they were last read. Making a
//! link is one step for the kernel, so is reading it.

use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use wali_contract::Executor;

use super::key::{hex, key_of, key_settings};
use crate::label::{self, Key};

/// What the names of notes end with.
pub(super) const SUFFIX: &str = ".note";

/// How long a file must have been left alone to be noted, in seconds: a change within the kernel's
/// own clock tick would not show in its times.
const SETTLED_S: i64 = 2;

/// What a note says.
pub(super) struct Note {
    pub(super) key: Key,
    /// Stands for the state of both files.
    state: String,
}

impl Note {
    /// Whether both files are as they were.
    pub(super) fn is_of(&self, module: &Metadata, entry: &Metadata) -> bool {
        self.state == state(module, entry)
    }
}

/// The note about the module's file with `metadata`, if there is one.
pub(super) fn read(dir: &Path, executor: Executor, module: &Metadata) -> Option<Note> {
    let target = fs::read_link(path(dir, executor, module)).ok()?;
    let text = std::str::from_utf8(target.as_os_str().as_bytes()).ok()?;
    let (key, state) = text.split_once('.')?;
    Some(Note {
        key: key_of(key)?,
        state: state.to_owned(),
    })
}

/// Notes that `key` is that of the module's file, which had the metadata `module` before it was read,
/// and that the entry was sound. Without the note starts take longer, so failures do not matter.
pub(super) fn write(
    dir: &Path,
    executor: Executor,
    key: &Key,
    module: &Metadata,
    entry: &Metadata,
) {
    if !is_settled(module) {
        return;
    }
    let text = format!("{}.{}", hex(key), state(module, entry));
    let path = path(dir, executor, module);
    let unfinished = label::unfinished_beside(&path);
    let made = symlink(text, &unfinished).and_then(|()| fs::rename(&unfinished, &path));
    if made.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
}

/// Whether a later change of the file must show in its times.
fn is_settled(module: &Metadata) -> bool {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_secs().cast_signed());
    // File systems that keep whole seconds, or that are made by tools that write fixed times, tell
    // too little.
    module.ctime_nsec() != 0 && module.ctime() + SETTLED_S < now
}

fn path(dir: &Path, executor: Executor, module: &Metadata) -> PathBuf {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key_settings(executor).as_bytes());
    hasher.update(&module.dev().to_le_bytes());
    hasher.update(&module.ino().to_le_bytes());
    let hash = hasher.finalize();
    dir.join(format!("{}{SUFFIX}", hex(&hash.as_bytes()[..16])))
}

/// Stands for all that changes when the module's file or the entry is written.
fn state(module: &Metadata, entry: &Metadata) -> String {
    let mut hasher = blake3::Hasher::new();
    let module_words = [
        module.size().cast_signed(),
        module.mtime(),
        module.mtime_nsec(),
        module.ctime(),
        module.ctime_nsec(),
    ];
    // The time of the entry's last use is set now and then, which changes its ctime.
    let entry_words = [
        entry.ino().cast_signed(),
        entry.size().cast_signed(),
        entry.mtime(),
        entry.mtime_nsec(),
    ];
    for word in module_words.into_iter().chain(entry_words) {
        hasher.update(&word.to_le_bytes());
    }
    hex(&hasher.finalize().as_bytes()[..16])
}
