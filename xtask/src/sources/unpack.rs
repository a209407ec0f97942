//! Unpacking archives: tar, plain or compressed with gzip or xz, told apart by their first bytes.

use std::fs::{self, File};
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Unpacks `archive` into `folder`, which must not exist, without the archive's one top folder; of
/// what is in that, only the folders of `only`, or everything when there are none.
///
/// # Errors
/// When it is no tar archive that we know how to read, is damaged, or reaches outside `folder`.
pub(super) fn unpack(archive: &Path, folder: &Path, only: &[String]) -> Result<()> {
    let reading = || format!("reading {}", archive.display());
    let mut file = File::open(archive).with_context(reading)?;
    let mut magic = [0; 6];
    let n_magic = file.read(&mut magic).with_context(reading)?;
    file.rewind().with_context(reading)?;
    let file = BufReader::new(file);
    let stream: Box<dyn Read> = match &magic[..n_magic] {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        [0xfd, b'7', b'z', b'X', b'Z', 0] => Box::new(lzma_rust2::XzReader::new(file, true)),
        _ => Box::new(file),
    };
    let staging = folder.with_extension("all");
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    fs::create_dir_all(&staging)?;
    let mut tar = tar::Archive::new(stream);
    tar.set_preserve_mtime(true);
    if only.is_empty() {
        tar.unpack(&staging).with_context(reading)?;
    } else {
        unpack_some(&mut tar, &staging, only).with_context(reading)?;
    }
    strip_top(&staging, folder)
}

fn unpack_some(tar: &mut tar::Archive<impl Read>, staging: &Path, only: &[String]) -> Result<()> {
    let mut seen = vec![false; only.len()];
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?;
        let below_top: PathBuf = path.components().skip(1).collect();
        let Some(at) = only.iter().position(|part| below_top.starts_with(part)) else {
            continue;
        };
        seen[at] = true;
        entry.unpack_in(staging)?;
    }
    match seen.iter().position(|seen| !seen) {
        None => Ok(()),
        Some(at) => bail!("there is no {} in it", only[at]),
    }
}

/// Moves the only entry of `staging`, a folder, to `folder`; an archive of loose files moves whole.
fn strip_top(staging: &Path, folder: &Path) -> Result<()> {
    let entries = fs::read_dir(staging)?.collect::<std::io::Result<Vec<_>>>()?;
    match entries.as_slice() {
        [] => bail!("the archive is empty"),
        [top] if top.file_type()?.is_dir() => {
            fs::rename(top.path(), folder)?;
            fs::remove_dir(staging)?;
        }
        _ => fs::rename(staging, folder)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn tar_of(files: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn the_top_folder_goes_and_loose_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let cases = [
            (
                "one top folder",
                tar_of(&[("a-1/x", "hi"), ("a-1/b/y", "")]),
                "x",
            ),
            ("compressed", gzip(&tar_of(&[("a-1/x", "hi")])), "x"),
            ("loose files", tar_of(&[("x", "hi"), ("y", "")]), "x"),
        ];
        for (i, (name, bytes, file)) in cases.into_iter().enumerate() {
            let archive = folder.path().join(format!("{i}.tar"));
            fs::write(&archive, bytes).unwrap();
            let out = folder.path().join(format!("out{i}"));
            unpack(&archive, &out, &[]).unwrap();
            assert_eq!(fs::read_to_string(out.join(file)).unwrap(), "hi", "{name}");
        }
    }

    #[test]
    fn only_the_folders_asked_for_are_unpacked() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("a.tar");
        let files = [("a-1/x/y", "hi"), ("a-1/xx/y", ""), ("a-1/z", "")];
        fs::write(&archive, tar_of(&files)).unwrap();
        let out = folder.path().join("out");
        unpack(&archive, &out, &["x".to_owned()]).unwrap();
        assert_eq!(fs::read_to_string(out.join("x/y")).unwrap(), "hi");
        assert!(!out.join("xx").exists() && !out.join("z").exists());
        let missing = unpack(&archive, &folder.path().join("no"), &["w".to_owned()]);
        assert!(format!("{:#}", missing.unwrap_err()).contains("no w"));
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let whole = gzip(&tar_of(&[("a-1/x", "hi")]));
        let cases = [
            ("cut", &whole[..whole.len() / 2]),
            ("text", b"hello".as_slice()),
            ("empty", b""),
        ];
        for (name, bytes) in cases {
            let archive = folder.path().join(name);
            fs::write(&archive, bytes).unwrap();
            assert!(
                unpack(&archive, &folder.path().join("out"), &[]).is_err(),
                "{name}"
            );
        }
    }
}
