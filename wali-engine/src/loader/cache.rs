//! Compiled programs on disk.
//!
//! An entry is a file `<key>.cwasm`: the compiled module as wasmtime lays it out, then a
//! [`Trailer`] with what else a start needs. The key is a hash of the module's bytes, this engine
//! and everything that code generation depends on.
//!
//! What is in an entry will be executed. So entries count only when they belong to the user, and
//! neither they nor their folder can be written by anyone else; all others are as good as absent.
//! An entry appears by one rename, whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use wasmtime::{Engine, Module};

use crate::host::code::{self, FreshCode};

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

/// What a start needs besides the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// Wasm pages at the start.
    pub(super) initial_pages: u32,
    /// Wasm pages that the memory may grow to.
    pub(super) max_pages: u32,
}

/// The folder with the entries.
#[derive(Debug)]
pub(super) struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// Opens the chosen folder, making it if needed; `None` when there is no folder to trust.
    pub(super) fn open(choice: &CacheChoice) -> Option<Cache> {
        let dir = match choice {
            CacheChoice::Off => return None,
            CacheChoice::Dir(dir) => dir.clone(),
            CacheChoice::User => user_dir()?,
        };
        let metadata = fs::symlink_metadata(&dir).ok().or_else(|| make(&dir))?;
        (metadata.is_dir() && code::is_own(&metadata)).then_some(Cache { dir })
    }

    /// The entry for `key`, if there is a sound one.
    pub(super) fn find(&self, engine: &Engine, key: &str) -> Option<(Module, Facts)> {
        let file = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC)
            .open(self.entry(key))
            .ok()?;
        let facts = Trailer::read(&file, file.metadata().ok()?.len())?.facts;
        // A file that others can write or that another version wrote is refused here.
        let module = code::map_own_module(engine, &file).ok()?;
        Some((module, facts))
    }

    /// Keeps `code` for `key` and loads it from there.
    ///
    /// # Errors
    /// The entry could not be written; nothing of it is left.
    pub(super) fn keep(
        &self,
        engine: &Engine,
        key: &str,
        code: &FreshCode,
        facts: Facts,
    ) -> io::Result<Option<(Module, Facts)>> {
        let unfinished = self.dir.join(format!(".{key}.{}", std::process::id()));
        let written = write_entry(&unfinished, code.bytes(), facts)
            .and_then(|()| fs::rename(&unfinished, self.entry(key)));
        if let Err(error) = written {
            // It may not have come into being at all.
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        Ok(self.find(engine, key))
    }

    fn entry(&self, key: &str) -> PathBuf {
        self.dir.join(format!("{key}.cwasm"))
    }
}

/// The key of a module for an engine.
pub(super) fn key(engine: &Engine, module: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(module);
    let mut settings = Digest(&mut hasher);
    // Version, target, processor features and settings of the code generator.
    engine.precompile_compatibility_hash().hash(&mut settings);
    env!("CARGO_PKG_VERSION").hash(&mut settings);
    // Two builds of one version rewrite modules differently while the engine is being worked on.
    if let Ok(engine_file) = fs::metadata("/proc/self/exe") {
        (
            engine_file.len(),
            engine_file.mtime(),
            engine_file.mtime_nsec(),
        )
            .hash(&mut settings);
    }
    hasher.finalize().to_hex()[..40].to_owned()
}

/// Passes everything that is hashed on to BLAKE3.
struct Digest<'a>(&'a mut blake3::Hasher);

impl Hasher for Digest<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        u64::from_le_bytes(
            *self
                .0
                .finalize()
                .as_bytes()
                .first_chunk()
                .unwrap_or(&[0; 8]),
        )
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

fn make(dir: &Path) -> Option<fs::Metadata> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .ok()?;
    fs::symlink_metadata(dir).ok()
}

fn write_entry(path: &Path, code: &[u8], facts: Facts) -> io::Result<()> {
    // One left behind by a process of the same number that was killed.
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(code)?;
    file.write_all(&Trailer { facts }.to_bytes(code.len() as u64))?;
    // A name that outlives a crash must not stand for an empty file.
    file.sync_data()
}

/// The end of an entry.
struct Trailer {
    facts: Facts,
}

impl Trailer {
    const MAGIC: &[u8; 8] = b"walicode";
    const LEN: usize = 24;

    /// Magic, length of the code, facts: little-endian.
    fn to_bytes(&self, code_len: u64) -> Vec<u8> {
        let mut bytes = Self::MAGIC.to_vec();
        bytes.extend(code_len.to_le_bytes());
        bytes.extend(self.facts.initial_pages.to_le_bytes());
        bytes.extend(self.facts.max_pages.to_le_bytes());
        bytes
    }

    /// The trailer of an entry that is `len` bytes long, if the entry is whole.
    fn read(file: &File, len: u64) -> Option<Trailer> {
        const MOST_PAGES: u32 = 1 << 16;
        let code_len = len.checked_sub(Self::LEN as u64)?;
        let mut bytes = [0; Self::LEN];
        file.read_exact_at(&mut bytes, code_len).ok()?;
        let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let facts = Facts {
            initial_pages: word(16)?,
            max_pages: word(20)?,
        };
        let sound = facts.initial_pages <= facts.max_pages && facts.max_pages <= MOST_PAGES;
        let trailer = Trailer { facts };
        (sound && trailer.to_bytes(code_len) == bytes).then_some(trailer)
    }
}
