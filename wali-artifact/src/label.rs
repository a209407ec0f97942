//! The file of a compiled program: the code as wasmtime lays it out, then a [`Label`].
//!
//! Entries of the cache and the output of `wali-engine compile` are such files.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit};
use wali_contract::{Executor, Facts, TableFill};

/// A hash of what a program was compiled from: the module's bytes and the settings.
pub type Key = [u8; 32];

/// What the end of the file tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The length of the code, in bytes.
    pub code_len: u64,
    /// What a start needs besides the code.
    pub facts: Facts,
    /// What the code is for.
    pub executor: Executor,
    /// What it was compiled from.
    pub key: Key,
    /// The hash of the code.
    checksum: [u8; 32],
    /// The name of the module's file.
    pub name: String,
}

/// Why a file is not a compiled program that this engine runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Nothing of what the engine writes.
    Foreign,
    /// What another version wrote.
    Version(String),
    /// Not what was written.
    Damaged,
}

/// Changes with everything that decides how a module becomes code.
pub const REVISION: &str = env!("WALI_CODE_REVISION");

/// The engine's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How much of a file is read at a time, in bytes.
const READ_BYTES: usize = 256 << 10;

/// Bytes that a version and a name take.
const VERSION_BYTES: usize = 16;
const NAME_BYTES: usize = 64;

impl Label {
    /// The last bytes of a file; the digit is the version of what stands before them.
    const MAGIC: &[u8; 8] = b"walicod1";
    /// Those of them that every version has.
    const MAGIC_STEM: &[u8] = b"walicod";
    /// Bytes of a label.
    pub(crate) const LEN: usize = 192;
    /// Bytes of what its own checksum is of.
    const CHECKED: usize = Self::LEN - 16;

    /// The label for `code`, compiled from a module's file of that path.
    fn new(code: &[u8], facts: Facts, executor: Executor, key: Key, path: &Path) -> Label {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut end = name.len().min(NAME_BYTES);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        Label {
            code_len: code.len() as u64,
            facts,
            executor,
            key,
            checksum: *blake3::hash(code).as_bytes(),
            name: name[..end].to_owned(),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LEN);
        bytes.extend(self.code_len.to_le_bytes());
        bytes.extend(padded::<VERSION_BYTES>(VERSION));
        bytes.extend(revision().to_le_bytes());
        bytes.extend(self.facts.initial_pages.to_le_bytes());
        bytes.extend(self.facts.max_pages.to_le_bytes());
        bytes.extend(u32::from(self.executor == Executor::Interpreter).to_le_bytes());
        bytes.extend(u32::from(self.facts.table_fill == TableFill::OnUse).to_le_bytes());
        bytes.extend(self.key);
        bytes.extend(self.checksum);
        bytes.extend(padded::<NAME_BYTES>(&self.name));
        let checksum = blake3::hash(&bytes);
        bytes.extend(&checksum.as_bytes()[..8]);
        bytes.extend(Self::MAGIC);
        bytes
    }

    /// The label of a file that is `len` bytes long.
    ///
    /// # Errors
    /// The file is no whole compiled program of this version.
    pub fn read(file: &File, len: u64) -> Result<Label, Unusable> {
        let code_len = len.checked_sub(Self::LEN as u64).ok_or(Unusable::Foreign)?;
        let mut bytes = [0; Self::LEN];
        file.read_exact_at(&mut bytes, code_len)
            .map_err(|_| Unusable::Damaged)?;
        Self::parse(&bytes, code_len)
    }

    fn parse(bytes: &[u8; Self::LEN], code_len: u64) -> Result<Label, Unusable> {
        const MOST_PAGES: u32 = 1 << 16;
        let (body, end) = bytes.split_at(Self::CHECKED);
        let (checksum, magic) = end.split_at(8);
        if !magic.starts_with(Self::MAGIC_STEM) {
            return Err(Unusable::Foreign);
        }
        if magic != Self::MAGIC {
            return Err(Unusable::Version("an unknown version".to_owned()));
        }
        if checksum != &blake3::hash(body).as_bytes()[..8] {
            return Err(Unusable::Damaged);
        }
        let mut fields = Fields(body);
        let recorded_len = fields.u64();
        let version = fields.text::<VERSION_BYTES>();
        let found_revision = fields.u64();
        if version != VERSION || found_revision != revision() {
            return Err(Unusable::Version(version));
        }
        let (initial_pages, max_pages) = (fields.u32(), fields.u32());
        let executor = match fields.u32() {
            0 => Executor::Compiler,
            _ => Executor::Interpreter,
        };
        let facts = Facts {
            initial_pages,
            max_pages,
            table_fill: match fields.u32() {
                0 => TableFill::AtOnce,
                _ => TableFill::OnUse,
            },
        };
        let label = Label {
            code_len,
            facts,
            executor,
            key: fields.take(),
            checksum: fields.take(),
            name: fields.text::<NAME_BYTES>(),
        };
        let fits = facts.initial_pages <= facts.max_pages && facts.max_pages <= MOST_PAGES;
        if recorded_len != code_len || !fits {
            return Err(Unusable::Damaged);
        }
        Ok(label)
    }

    /// Whether `file` holds the code that the label was made for. Reads all of it.
    pub fn fits(&self, file: &File) -> bool {
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; READ_BYTES];
        let mut at = 0;
        while at < self.code_len {
            let wanted = (self.code_len - at).min(READ_BYTES as u64) as usize;
            match file.read_at(&mut buffer[..wanted], at) {
                Ok(0) => return false,
                Ok(len) => {
                    hasher.update(&buffer[..len]);
                    at += len as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        hasher.finalize() == self.checksum
    }
}

fn revision() -> u64 {
    // Written by the build script, so it is a number.
    REVISION.parse().unwrap_or(0)
}

/// `text` in `N` bytes, filled up with zeros.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (to, from) in bytes.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    bytes
}

/// Reads one field of a label after another.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    /// The next `N` bytes; zeros where the label ends before.
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((field, rest)) = self.0.split_first_chunk::<N>() else {
            return [0; N];
        };
        self.0 = rest;
        *field
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }

    fn text<const N: usize>(&mut self) -> String {
        let bytes = self.take::<N>();
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(N);
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }
}

/// What the names of unfinished files begin with.
pub(crate) const UNFINISHED: &str = ".new-";

/// A compiled program as it stands in a file.
#[derive(Clone, Debug)]
pub struct Image {
    bytes: Vec<u8>,
    label: Label,
}

impl Image {
    /// The image of `code`, compiled for `executor` from the module with `key`, whose file has that path.
    pub fn new(code: Vec<u8>, facts: Facts, executor: Executor, key: Key, path: &Path) -> Image {
        let label = Label::new(&code, facts, executor, key, path);
        let mut bytes = code;
        bytes.extend(label.to_bytes());
        Image { bytes, label }
    }

    /// The image with these bytes, which another process sent.
    ///
    /// # Errors
    /// They are no whole compiled program of this version.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Image, Unusable> {
        let (code, end) = bytes
            .split_last_chunk::<{ Label::LEN }>()
            .ok_or(Unusable::Foreign)?;
        let label = Label::parse(end, code.len() as u64)?;
        if blake3::hash(code) != label.checksum {
            return Err(Unusable::Damaged);
        }
        Ok(Image { bytes, label })
    }

    /// What it says of itself.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The code, without the label.
    pub fn code(&self) -> &[u8] {
        &self.bytes[..self.bytes.len() - Label::LEN]
    }

    /// All of it.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Writes it to `path`: it is there whole or not at all, whoever else writes it and whatever
    /// happens meanwhile. An older file of that name is replaced.
    ///
    /// # Errors
    /// The kernel's; nothing of the file is left.
    pub fn write(&self, path: &Path, mode: u32) -> io::Result<()> {
        let unfinished = unfinished_beside(path);
        let written =
            write_new(&unfinished, &self.bytes, mode).and_then(|()| fs::rename(&unfinished, path));
        if written.is_err() {
            // It may not have come into being at all.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }
}

/// A name in the same folder that nobody else uses.
pub(crate) fn unfinished_beside(path: &Path) -> PathBuf {
    // Numbers of processes are not enough: those of other containers have the same.
    let random = RandomState::new().build_hasher().finish();
    path.with_file_name(format!("{UNFINISHED}{random:016x}"))
}

fn write_new(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    // What is written beyond the process's limit would end it by a signal.
    let limit = getrlimit(Resource::Fsize).current;
    if limit.is_some_and(|limit| limit < bytes.len() as u64) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)?;
    file.write_all(bytes)?;
    // A name that outlives a crash must not stand for an empty file.
    file.sync_data()
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unusable::Foreign => f.write_str("it is not a program that wali-engine has compiled"),
            Unusable::Version(found) if found == VERSION => write!(
                f,
                "it was compiled by another build of wali-engine {VERSION}; compile it again"
            ),
            Unusable::Version(found) => write!(
                f,
                "it was compiled by wali-engine {found}, this is {VERSION}; compile it again"
            ),
            Unusable::Damaged => f.write_str("it is damaged; compile it again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label() -> Label {
        Label {
            code_len: 1000,
            facts: Facts {
                initial_pages: 2,
                max_pages: 3,
                table_fill: TableFill::OnUse,
            },
            executor: Executor::Interpreter,
            key: [7; 32],
            checksum: [9; 32],
            name: "prog.wasm".to_owned(),
        }
    }

    fn bytes() -> [u8; Label::LEN] {
        label().to_bytes().try_into().expect("labels have one size")
    }

    #[test]
    fn a_label_is_read_as_it_was_written() {
        assert_eq!(Label::parse(&bytes(), 1000), Ok(label()));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        for at in 0..Label::LEN {
            let mut bytes = bytes();
            bytes[at] ^= 1;
            assert!(Label::parse(&bytes, 1000).is_err(), "byte {at}");
        }
        assert_eq!(Label::parse(&bytes(), 999), Err(Unusable::Damaged));
    }

    #[test]
    fn another_version_is_told_from_damage() {
        let mut other = bytes();
        other[8..13].copy_from_slice(b"9.9.9");
        let checksum = blake3::hash(&other[..Label::CHECKED]);
        other[Label::CHECKED..Label::CHECKED + 8].copy_from_slice(&checksum.as_bytes()[..8]);
        assert_eq!(
            Label::parse(&other, 1000),
            Err(Unusable::Version("9.9.9".to_owned()))
        );
    }
}
