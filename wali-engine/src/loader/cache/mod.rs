//! Compiled programs on disk.
//!
//! An entry is a file `<key>.cwasm` (`artifact.rs`). The key is a hash of the module's bytes, this
//! engine and everything that code generation depends on, so an entry is never out of date. What is
//! in an entry will be executed: entries count only when they belong to the user, and neither they
//! nor their folders can be written by anyone else; all others are as good as absent. An entry
//! appears by one rename, whole or not at all, and whoever has mapped it keeps it when it is removed:
//! any number of processes use a folder without locks.
//!
//! To find the key a start would have to read the whole module, and to know an entry to be sound it
//! would have to read that. A start that has done both leaves a note (`notes.rs`) of the two files as
//! they were, and starts that find them unchanged do neither.

mod entries;
mod notes;

use std::fs::{self, DirBuilder, File, FileTimes, Metadata, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wasmtime::{Engine, Module};

pub use self::entries::{Entry, Pruned, State};
use super::artifact::{self, Facts, Key, Label, Unusable};
use super::trust;
use crate::engine::{self, Executor};
use crate::host::code::{self, CodeFile, FreshCode};
use crate::host::signals::failing_at_size_limit;
use crate::process::FileId;

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

/// A program that was found.
pub(super) struct Found {
    pub(super) engine: Engine,
    pub(super) module: Module,
    pub(super) facts: Facts,
    /// The file that its code is in, unless it is in none.
    pub(super) entry: Option<FileId>,
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
        (metadata.is_dir() && code::is_own(&metadata)).then_some(Cache { dir })
    }

    /// The program that the file with `metadata` is known to be, without reading that file.
    pub(super) fn find_known(&self, executor: Executor, metadata: &Metadata) -> Option<Found> {
        let note = notes::read(&self.dir, executor, metadata)?;
        let (file, entry) = self.open_entry(&note.key)?;
        if !note.is_of(metadata, &entry) {
            return None;
        }
        let label = Label::read(&file, entry.len()).ok()?;
        load(&file, &entry, label, &note.key, executor, Check::Label).ok()
    }

    /// The entry for `key`, if there is a sound one. `module` is the metadata of the module's file
    /// from before it was read, when it has been read.
    pub(super) fn find(
        &self,
        executor: Executor,
        key: &Key,
        module: Option<&Metadata>,
    ) -> Option<Found> {
        self.check_folders().ok()?;
        let (file, entry) = self.open_entry(key)?;
        let label = Label::read(&file, entry.len()).ok()?;
        let found = load(&file, &entry, label, key, executor, Check::Code).ok()?;
        if let Some(module) = module {
            notes::write(&self.dir, executor, key, module, &entry);
        }
        Some(found)
    }

    /// Keeps `code`, and makes room for it. A full disk, a limit on the size of files or a folder that
    /// turned read-only costs time, not the program: then there is no entry.
    pub(super) fn keep(&self, code: &FreshCode, label: &Label, limit_bytes: u64) {
        if self.check_folders().is_err() {
            return;
        }
        let path = self.entry(&label.key);
        let written = failing_at_size_limit(|| artifact::write(&path, code, label, 0o600));
        if written.is_ok() {
            self.make_room(limit_bytes, Some(&path));
        }
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
        (metadata.is_file() && code::is_own(&metadata)).then(|| {
            note_use(&file, &metadata);
            (file, metadata)
        })
    }

    fn entry(&self, key: &Key) -> PathBuf {
        self.dir.join(format!("{}.cwasm", hex(key)))
    }
}

/// What of an entry is compared with its label.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    Label,
    Code,
}

/// Loads the program of an open entry.
fn load(
    file: &File,
    metadata: &Metadata,
    label: Label,
    key: &Key,
    executor: Executor,
    check: Check,
) -> Result<Found, Unusable> {
    if label.key != *key || label.executor != executor {
        return Err(Unusable::Damaged);
    }
    let code = CodeFile::map(file, metadata.len()).map_err(|_| Unusable::Damaged)?;
    if check == Check::Code && !label.fits(code.bytes()) {
        return Err(Unusable::Damaged);
    }
    let engine = engine::runner(executor, label.facts.table_fill).map_err(|_| Unusable::Damaged)?;
    let module = code.load(&engine).map_err(|_| Unusable::Damaged)?;
    Ok(Found {
        engine,
        module,
        facts: label.facts,
        entry: Some(FileId::of(metadata)),
    })
}

/// The key of a module for an executor.
pub(super) fn key(executor: Executor, module: &[u8]) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(settings(executor).as_bytes());
    hasher.update(module);
    *hasher.finalize().as_bytes()
}

/// Everything besides the module that its code depends on.
fn settings(executor: Executor) -> String {
    let revision = artifact::REVISION;
    match executor {
        Executor::Compiler => {
            let arch = std::env::consts::ARCH;
            format!("{revision} {arch} {:?}\n", engine::processor())
        }
        Executor::Interpreter => format!("{revision} interpreter\n"),
    }
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

/// Two hexadecimal digits a byte.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

/// The key that is written as `text`.
fn key_of(text: &str) -> Option<Key> {
    let mut key = [0; 32];
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if pairs.len() != key.len() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(pairs) {
        let digit = |character: u8| char::from(character).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = key(Executor::Compiler, b"module");
        assert_eq!(key_of(&hex(&key)), Some(key));
        assert_eq!(key_of("0g"), None);
        assert_eq!(key_of(&hex(&key)[1..]), None);
    }

    #[test]
    fn keys_differ_by_module_and_by_executor() {
        let keys = [
            key(Executor::Compiler, b"a"),
            key(Executor::Compiler, b"b"),
            key(Executor::Interpreter, b"a"),
        ];
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
    }
}
