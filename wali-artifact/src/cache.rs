//! Compiled programs on disk.
//!
//! An entry is a file `<key>.cwasm` (`label.rs`). The key is a hash of the module's bytes, this
//! engine and everything that code generation depends on, so an entry is never out of date. What is
//! in an entry will be executed: entries count only when they belong to the user, and neither they
//! nor their folders can be written by anyone else; all others are as good as absent. An entry
//! appears by one rename, whole or not at all, and whoever has mapped it keeps it when it is removed:
//! any number of processes use a folder without locks.
//!
//! A start has to read the whole module to find the key, and the whole entry to know that it is sound. When it
//! has done so it leaves a note (`notes.rs`) of the two files as they were. Starts that find them unchanged read
//! neither.

mod entries;
mod key;
mod notes;

use std::fs::{self, DirBuilder, File, FileTimes, Metadata, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wali_contract::Executor;

pub use self::entries::{Entry, Pruned, State};
use self::key::hex;
pub use self::key::key;
use crate::label::{Image, Key, Label};
use crate::trust;

/// Where compiled programs are kept, if anywhere.
#[derive(Clone, Debug, Default)]
pub enum CacheChoice {
    /// In the user's cache folder.
    #[default]
    User,
    /// In this folder.
    Dir(PathBuf),
    /// Nowhere.
    Off,
}

/// What a folder of compiled programs may take by default, in bytes.
pub const DEFAULT_LIMIT_BYTES: u64 = 1 << 30;

/// How old the time of an entry's last use may be without being set anew.
const USE_GRANULARITY: Duration = Duration::from_secs(3600);

/// The folder with the entries.
#[derive(Debug)]
pub struct Cache {
    dir: PathBuf,
}

/// A program that was found: a file that only this user can write, with a label that fits.
#[derive(Debug)]
pub struct Found {
    /// The file.
    pub file: File,
    /// What the kernel says of it.
    pub metadata: Metadata,
    /// What it says of itself.
    pub label: Label,
}

impl Cache {
    /// Opens the chosen folder; `None` when there is none to trust. With `make` it is made when it
    /// is missing.
    pub fn open(choice: &CacheChoice, make: bool) -> Option<Cache> {
        let dir = folder(choice)?;
        let metadata = match fs::symlink_metadata(&dir) {
            Ok(metadata) => metadata,
            Err(_) if make => create(&dir)?,
            Err(_) => return None,
        };
        (metadata.is_dir() && trust::is_own(&metadata)).then_some(Cache { dir })
    }

    /// The program that the file with `metadata` is known to be, without reading that file.
    pub fn find_known(&self, executor: Executor, metadata: &Metadata) -> Option<Found> {
        let note = notes::read(&self.dir, executor, metadata)?;
        let (file, entry) = self.open_entry(&note.key)?;
        if !note.is_of(metadata, &entry) {
            return None;
        }
        found(file, entry, &note.key, executor)
    }

    /// The entry for `key`, if there is a sound one. `module` is the metadata of the module's file
    /// from before it was read, when it has been read.
    pub fn find(&self, executor: Executor, key: &Key, module: Option<&Metadata>) -> Option<Found> {
        self.check_folders().ok()?;
        let (file, entry) = self.open_entry(key)?;
        let found = found(file, entry, key, executor)?;
        if !found.label.fits(&found.file) {
            return None;
        }
        if let Some(module) = module {
            notes::write(&self.dir, executor, key, module, &found.metadata);
        }
        Some(found)
    }

    /// Keeps `image`, makes room for it, and returns whether it is there. A full disk, a limit on the size
    /// of files or a folder that turned read-only costs time, not the program: then there is no entry.
    pub fn keep(&self, image: &Image, limit_bytes: u64) -> bool {
        if self.check_folders().is_err() {
            return false;
        }
        let path = self.entry(&image.label().key);
        let written = image.write(&path, 0o600);
        if written.is_ok() {
            self.make_room(limit_bytes, Some(&path));
        }
        written.is_ok()
    }

    fn check_folders(&self) -> Result<(), String> {
        let dir = fs::canonicalize(&self.dir).map_err(|error| error.to_string())?;
        trust::check_folders(&dir)
    }

    /// The entry for `key`, open, if it is this user's alone.
    fn open_entry(&self, key: &Key) -> Option<(File, Metadata)> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC | libc::O_NONBLOCK)
            .open(self.entry(key))
            .ok()?;
        let metadata = file.metadata().ok()?;
        (metadata.is_file() && trust::is_own(&metadata)).then(|| {
            note_use(&file, &metadata);
            (file, metadata)
        })
    }

    fn entry(&self, key: &Key) -> PathBuf {
        self.dir.join(format!("{}.cwasm", hex(key)))
    }
}

/// The program of an open entry, if its label is the one that was looked for.
fn found(file: File, metadata: Metadata, key: &Key, executor: Executor) -> Option<Found> {
    let label = Label::read(&file, metadata.len()).ok()?;
    (label.key == *key && label.executor == executor).then_some(Found {
        file,
        metadata,
        label,
    })
}

/// Sets the time of an entry's last use, now and then: removal is in the order of these times, and
/// the kernel's own keeping of them is often switched off.
fn note_use(file: &File, metadata: &Metadata) {
    let now = SystemTime::now();
    let recent = metadata.accessed().is_ok_and(|used| {
        now.duration_since(used)
            .is_ok_and(|ago| ago < USE_GRANULARITY)
    });
    if !recent {
        // On a file system that can only be read the order does not matter.
        let _ = file.set_times(FileTimes::new().set_accessed(now));
    }
}

/// The folder that is chosen, whether it exists or not.
pub fn folder(choice: &CacheChoice) -> Option<PathBuf> {
    match choice {
        CacheChoice::Off => None,
        CacheChoice::Dir(dir) => Some(dir.clone()),
        CacheChoice::User => user_dir(),
    }
}

fn user_dir() -> Option<PathBuf> {
    let absolute = |name| {
        let path = PathBuf::from(std::env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
    Some(base.join("wali").join("code"))
}

fn create(dir: &Path) -> Option<Metadata> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .ok()?;
    fs::symlink_metadata(dir).ok()
}
