//! The cache of compiled programs: used when sound, ignored otherwise.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::workplace::{Ended, Workplace};

fn entries(dir: &Path) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(dir) else {
        return Vec::new();
    };
    found.flatten().map(|entry| entry.path()).collect()
}

/// Runs the fixture with this cache folder and answers whether it ran.
fn runs(place: &Workplace, dir: &Path) -> bool {
    let module = place.fixture("hello");
    let mut command = place.engine();
    command.args(["run", "--cache-dir"]).arg(dir).arg(module);
    let ended = Ended::of(&mut command);
    assert_eq!(ended.stderr, "");
    ended.status == Some(3) && ended.stdout == b"hello\n"
}

#[test]
fn the_first_run_makes_an_entry_that_the_second_one_uses() {
    let place = Workplace::new();
    let dir = place.path("code");
    assert!(runs(&place, &dir));
    let first = entries(&dir);
    assert_eq!(first.len(), 1, "{first:?}");
    let modes: Vec<u32> = [dir.as_path(), &first[0]]
        .map(|path| {
            fs::metadata(path)
                .expect("made just now")
                .permissions()
                .mode()
                & 0o777
        })
        .to_vec();
    assert_eq!(modes, [0o700, 0o600]);
    let made = fs::metadata(&first[0])
        .and_then(|file| file.modified())
        .expect("made just now");
    assert!(runs(&place, &dir));
    assert_eq!(entries(&dir), first);
    let now = fs::metadata(&first[0])
        .and_then(|file| file.modified())
        .expect("still there");
    assert_eq!(made, now);
}

#[test]
fn broken_entries_are_made_anew() {
    let place = Workplace::new();
    let dir = place.path("code");
    assert!(runs(&place, &dir));
    let entry = entries(&dir).remove(0);
    let sound = fs::read(&entry).expect("an entry");
    let mut foreign = sound.clone();
    let version = find(&foreign, b"48.0").unwrap_or(0);
    foreign[version] = b'9';
    let mut header = sound.clone();
    header[0] ^= 0xff;
    let mut trailer = sound.clone();
    let end = trailer.len() - 1;
    trailer[end] = 0xff;
    let cut = sound[..sound.len() / 2].to_vec();
    for (name, broken) in [
        ("empty", Vec::new()),
        ("cut", cut),
        ("header", header),
        ("trailer", trailer),
        ("version", foreign),
        (
            "text",
            b"not code at all, but longer than a trailer is".to_vec(),
        ),
    ] {
        fs::write(&entry, &broken).expect("own file");
        assert!(runs(&place, &dir), "{name}");
        assert!(fs::read(&entry).expect("made anew") == sound, "{name}");
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[test]
fn entries_and_folders_that_others_can_write_are_not_used() {
    let place = Workplace::new();
    let dir = place.path("code");
    assert!(runs(&place, &dir));
    let entry = entries(&dir).remove(0);
    fs::set_permissions(&entry, fs::Permissions::from_mode(0o622)).expect("own file");
    assert!(runs(&place, &dir));
    let mode = fs::metadata(&entry)
        .expect("made anew")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::remove_file(&entry).expect("own file");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).expect("own folder");
    assert!(runs(&place, &dir));
    assert_eq!(entries(&dir), Vec::<PathBuf>::new());
}

#[test]
fn an_entry_that_is_a_link_is_not_followed() {
    let place = Workplace::new();
    let dir = place.path("code");
    assert!(runs(&place, &dir));
    let entry = entries(&dir).remove(0);
    let elsewhere = place.path("elsewhere");
    fs::rename(&entry, &elsewhere).expect("own file");
    std::os::unix::fs::symlink(&elsewhere, &entry).expect("own folder");
    assert!(runs(&place, &dir));
    let replaced = fs::symlink_metadata(&entry).expect("made anew");
    assert!(replaced.is_file());
}

#[test]
fn without_a_place_for_the_cache_programs_still_run() {
    let place = Workplace::new();
    let file = place.file("file", b"");
    assert!(runs(&place, &file.join("below")));
    let module = place.fixture("hello");
    let mut command = place.engine();
    command.args(["run", "--no-cache"]).arg(&module);
    assert_eq!(Ended::of(&mut command).status, Some(3));
    assert_eq!(entries(&place.path("cache")), Vec::<PathBuf>::new());
    let mut command = place.engine();
    command
        .env_remove("XDG_CACHE_HOME")
        .env_remove("HOME")
        .arg(&module);
    assert_eq!(Ended::of(&mut command).status, Some(3));
}

#[test]
fn many_first_starts_at_once_do_not_disturb_each_other() {
    let place = Workplace::new();
    let module = place.fixture("hello");
    let children: Vec<_> = (0..8)
        .map(|_| {
            let mut command = place.engine();
            command.arg(&module).stdout(std::process::Stdio::null());
            command.spawn().expect("the engine starts")
        })
        .collect();
    for mut child in children {
        assert_eq!(child.wait().expect("a child").code(), Some(3));
    }
    assert_eq!(entries(&place.path("cache/wali/code")).len(), 1);
}
