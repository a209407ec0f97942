//! All entries of a folder: what they are, whether they are sound, and which have to go.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wali_contract::Executor;

use super::key::hex;
use super::{Cache, notes};
use crate::label::{self, Label, Unusable};

/// What is removed as left behind: an unfinished file that nobody has written to for so long.
const ABANDONED: Duration = Duration::from_secs(3600);

/// How full the folder is after room was made, in percent of its limit: not every program that
/// comes then has to make room again.
const FILL_PERCENT: u64 = 90;

/// One compiled program.
#[derive(Debug)]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Bytes that it takes.
    pub bytes: u64,
    /// When it was last used, up to an hour earlier.
    pub used: SystemTime,
    /// What it is.
    pub state: State,
}

/// The state of a file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It belongs to this engine: the name of the module's file, and what executes it.
    Usable(String, Executor),
    /// Another version wrote it.
    Old,
    /// It is not what was written.
    Damaged,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Compiled programs.
    pub entries: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Cache {
    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Why the folder's entries are not used, if so.
    ///
    /// # Errors
    /// The sentence for the user.
    pub fn check(&self) -> Result<(), String> {
        self.check_folders()
    }

    /// The entries, the one used last first.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = self.unlabelled()?;
        for entry in &mut entries {
            entry.state = state(&entry.path, entry.bytes);
        }
        Ok(entries)
    }

    /// The entries with code that is not what was written; they are removed.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn remove_damaged(&self) -> io::Result<Vec<Entry>> {
        let is_damaged = |entry: &Entry| match entry.state {
            State::Usable(..) => !is_sound(&entry.path),
            State::Damaged => true,
            State::Old => false,
        };
        let mut entries = self.entries()?;
        entries.retain(is_damaged);
        for entry in &entries {
            let _ = fs::remove_file(&entry.path);
        }
        Ok(entries)
    }

    /// Removes what nobody can use, then what was not used for longest, until the rest fits.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn prune(&self, limit_bytes: u64) -> io::Result<Pruned> {
        let mut pruned = Pruned::default();
        for entry in self.entries()? {
            if !matches!(entry.state, State::Usable(..)) {
                pruned.remove(&entry);
            }
        }
        let rest = self.remove_oldest(limit_bytes, limit_bytes, None)?;
        self.sweep()?;
        Ok(Pruned {
            entries: pruned.entries + rest.entries,
            bytes: pruned.bytes + rest.bytes,
        })
    }

    /// Removes everything that an engine has written into the folder.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn clear(&self) -> io::Result<Pruned> {
        let mut pruned = Pruned::default();
        for entry in self.unlabelled()? {
            pruned.remove(&entry);
        }
        for file in self.files()? {
            if is_unfinished(&file) {
                let _ = fs::remove_file(file.path());
            }
        }
        self.sweep()?;
        Ok(pruned)
    }

    /// Makes room after an entry has come in.
    pub(super) fn make_room(&self, limit_bytes: u64, newest: Option<&Path>) {
        let target = limit_bytes / 100 * FILL_PERCENT;
        let removed = self.remove_oldest(limit_bytes, target, newest);
        if removed.is_ok_and(|removed| removed.entries > 0) {
            let _ = self.sweep();
        }
    }

    /// When there is more than `limit_bytes`, removes what was not used for longest until
    /// `target_bytes` are left; never `spared`.
    fn remove_oldest(
        &self,
        limit_bytes: u64,
        target_bytes: u64,
        spared: Option<&Path>,
    ) -> io::Result<Pruned> {
        let mut pruned = Pruned::default();
        let entries = self.unlabelled()?;
        let mut total: u64 = entries.iter().map(|entry| entry.bytes).sum();
        if total <= limit_bytes {
            return Ok(pruned);
        }
        for entry in entries.iter().rev() {
            if total <= target_bytes {
                break;
            }
            if spared != Some(&entry.path) {
                pruned.remove(entry);
                total -= entry.bytes;
            }
        }
        Ok(pruned)
    }

    /// Removes notes of entries that are gone, and what writers that died have left behind.
    fn sweep(&self) -> io::Result<()> {
        let files = self.files()?;
        let keys: BTreeSet<String> = files.iter().filter_map(entry_key).collect();
        for file in &files {
            let gone = if file.file_name().to_string_lossy().ends_with(notes::SUFFIX) {
                let target = fs::read_link(file.path()).unwrap_or_default();
                let target = target.to_string_lossy();
                let key = target.split('.').next().unwrap_or_default();
                !keys.contains(key)
            } else {
                is_unfinished(file) && age(file).is_some_and(|age| age > ABANDONED)
            };
            if gone {
                let _ = fs::remove_file(file.path());
            }
        }
        Ok(())
    }

    /// The entries without a look into them, the one used last first.
    fn unlabelled(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for file in self.files()? {
            // One that another process has just removed is none.
            let Ok(metadata) = file.metadata() else {
                continue;
            };
            if entry_key(&file).is_some() && metadata.is_file() {
                entries.push(Entry {
                    path: file.path(),
                    bytes: metadata.len(),
                    used: metadata.accessed().unwrap_or(SystemTime::UNIX_EPOCH),
                    state: State::Damaged,
                });
            }
        }
        entries.sort_by(|a, b| (b.used, &b.path).cmp(&(a.used, &a.path)));
        Ok(entries)
    }

    fn files(&self) -> io::Result<Vec<DirEntry>> {
        fs::read_dir(&self.dir)?.collect()
    }
}

impl Pruned {
    fn remove(&mut self, entry: &Entry) {
        // Another process may have been faster.
        if fs::remove_file(&entry.path).is_ok() {
            self.entries += 1;
            self.bytes += entry.bytes;
        }
    }
}

/// The key that the name of an entry's file is made of; `None` for any other file.
fn entry_key(file: &DirEntry) -> Option<String> {
    let name = file.file_name();
    let key = name.to_str()?.strip_suffix(".cwasm")?;
    let digits = key.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && key.len() >= 40).then(|| key.to_owned())
}

fn is_unfinished(file: &DirEntry) -> bool {
    file.file_name()
        .to_string_lossy()
        .starts_with(label::UNFINISHED)
}

fn age(file: &DirEntry) -> Option<Duration> {
    let changed = file.metadata().ok()?.modified().ok()?;
    SystemTime::now().duration_since(changed).ok()
}

fn state(path: &Path, bytes: u64) -> State {
    let label = File::open(path)
        .map_err(|_| Unusable::Damaged)
        .and_then(|file| Label::read(&file, bytes));
    match label {
        Ok(label)
            if path
                .file_stem()
                .is_some_and(|stem| stem == &hex(&label.key)[..]) =>
        {
            State::Usable(label.name, label.executor)
        }
        Err(Unusable::Version(_)) => State::Old,
        Ok(_) | Err(Unusable::Damaged | Unusable::Foreign) => State::Damaged,
    }
}

/// Whether the code is what the label was made for.
fn is_sound(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    let len = file.metadata().map_or(0, |metadata| metadata.len());
    Label::read(&file, len).is_ok_and(|label| label.fits(&file))
}
