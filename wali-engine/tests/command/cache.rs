//! The cache of compiled programs: used when sound, ignored otherwise.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::workplace::{Ended, Workplace};

/// The files in `dir` whose names end like that.
fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let Ok(found) = fs::read_dir(dir) else {
        return Vec::new();
    };
    let paths = found.flatten().map(|entry| entry.path());
    let has_ending = |path: &PathBuf| path.to_string_lossy().ends_with(ending);
    paths.filter(has_ending).collect()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    files(dir, ".cwasm")
}

/// Runs `module` with this cache folder and these further options, and answers what it wrote.
fn output(place: &Workplace, dir: &Path, options: &[&str], module: &Path) -> String {
    let mut command = place.engine();
    command.args(["run", "--cache-dir"]).arg(dir);
    let ended = Ended::of(command.args(options).arg(module));
    assert_eq!(ended.stderr, "");
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

/// A module that writes `text`, five bytes, and returns.
fn writer(place: &Workplace, name: &str, text: &str) -> PathBuf {
    assert_eq!(text.len(), 5);
    let module = wat::parse_str(format!(
        "(module (import \"wali\" \"SYS_write\" (func $write (param i32 i32 i32) (result i64)))
         (memory (export \"memory\") 1 1 shared) (data $text \"{text}\")
         (func (export \"_start\")
           (memory.init $text (i32.const 1024) (i32.const 0) (i32.const 5))
           (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 5)))))"
    ));
    place.file(name, &module.expect("a valid module"))
}

/// `wali-engine cache` with this folder: its exit status and what it wrote.
fn cache(place: &Workplace, dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let ended = Ended::of(
        place
            .engine()
            .arg("cache")
            .args(args)
            .arg("--cache-dir")
            .arg(dir),
    );
    assert_eq!(ended.stderr, "", "{args:?}");
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    (ended.status, text)
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
    let mut code = sound.clone();
    code[sound.len() / 2] ^= 1;
    let cut = sound[..sound.len() / 2].to_vec();
    for (name, broken) in [
        ("empty", Vec::new()),
        ("cut", cut),
        ("header", header),
        ("label", trailer),
        ("code", code),
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

/// A module that prints `first`, and that a start from the cache at `dir` knows without reading it:
/// one that was left alone for a while.
fn noted_module(place: &Workplace, dir: &Path) -> PathBuf {
    let module = writer(place, "prog.wasm", "first");
    std::thread::sleep(std::time::Duration::from_millis(3100));
    assert_eq!(output(place, dir, &[], &module), "first");
    assert_eq!(files(dir, ".note").len(), 1);
    module
}

#[test]
fn a_module_changed_in_place_is_not_taken_for_the_old_one() {
    let place = Workplace::new();
    let dir = place.path("code");
    let module = noted_module(&place, &dir);
    assert_eq!(output(&place, &dir, &[], &module), "first");
    let changed = fs::metadata(&module).and_then(|file| file.modified());
    writer(&place, "prog.wasm", "other");
    // Even when somebody sets the time back.
    fs::File::options()
        .write(true)
        .open(&module)
        .and_then(|file| file.set_modified(changed?))
        .expect("own file");
    assert_eq!(output(&place, &dir, &[], &module), "other");
    assert_eq!(entries(&dir).len(), 2);
}

#[test]
fn an_entry_changed_after_it_was_noted_is_made_anew() {
    let place = Workplace::new();
    let dir = place.path("code");
    let module = noted_module(&place, &dir);
    let entry = entries(&dir).remove(0);
    let sound = fs::read(&entry).expect("an entry");
    let mut broken = sound.clone();
    // Nothing that wasmtime looks at when it loads the code.
    let text = find(&broken, b"first").expect("the program's data");
    broken[text] = b'F';
    fs::write(&entry, &broken).expect("own file");
    assert_eq!(output(&place, &dir, &[], &module), "first");
    assert!(fs::read(&entry).expect("made anew") == sound);
}

#[test]
fn what_was_not_used_for_longest_makes_room() {
    let place = Workplace::new();
    let dir = place.path("code");
    let modules =
        ["one..", "two..", "three", "four."].map(|text| (text, writer(&place, text, text)));
    let mut kept = Vec::new();
    for (hours_ago, (text, module)) in modules[..3].iter().enumerate() {
        assert_eq!(output(&place, &dir, &[], module), *text);
        let new: Vec<PathBuf> = entries(&dir)
            .into_iter()
            .filter(|entry| !kept.contains(entry))
            .collect();
        // The second one was not used for longest.
        let hours_ago = [2, 9, 3][hours_ago];
        let used = std::time::SystemTime::now() - std::time::Duration::from_secs(hours_ago * 3600);
        fs::File::open(&new[0])
            .and_then(|file| file.set_times(fs::FileTimes::new().set_accessed(used)))
            .expect("own file");
        kept.extend(new);
    }
    let size: u64 = fs::metadata(&kept[0]).expect("an entry").len();
    // Room for three and a half; ninety percent of it hold three.
    let limit = format!("--cache-limit={}", size * 7 / 2);
    let (text, module) = &modules[3];
    assert_eq!(output(&place, &dir, &[&limit], module), *text);
    let left = entries(&dir);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(!left.contains(&kept[1]) && left.contains(&kept[0]) && left.contains(&kept[2]));
    // A limit below the size of one program leaves that one alone.
    let module = writer(&place, "five", "five.");
    assert_eq!(output(&place, &dir, &["--cache-limit=1"], &module), "five.");
    assert_eq!(entries(&dir).len(), 1);
}

#[test]
fn the_use_of_an_entry_is_noticed() {
    let place = Workplace::new();
    let dir = place.path("code");
    assert!(runs(&place, &dir));
    let entry = entries(&dir).remove(0);
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(24 * 3600);
    fs::File::open(&entry)
        .and_then(|file| file.set_times(fs::FileTimes::new().set_accessed(old)))
        .expect("own file");
    assert!(runs(&place, &dir));
    let used = fs::metadata(&entry).and_then(|file| file.accessed());
    assert!(used.expect("an entry") > old + std::time::Duration::from_secs(3600));
}

#[test]
fn a_cache_is_listed_verified_pruned_and_cleared() {
    let place = Workplace::new();
    let dir = place.path("code");
    let (status, text) = cache(&place, &dir, &["list"]);
    assert_eq!(status, Some(0));
    assert!(text.ends_with("empty\n") && !dir.exists(), "{text}");
    let names = ["one", "two", "bad"];
    for name in names {
        let module = writer(&place, &format!("{name}.wasm"), &format!("{name}.."));
        output(&place, &dir, &[], &module);
    }
    let (_, text) = cache(&place, &dir, &["list"]);
    assert!(text.contains(": 3 programs"), "{text}");
    assert!(
        names
            .iter()
            .all(|name| text.contains(&format!("{name}.wasm"))),
        "{text}"
    );
    assert_eq!(
        cache(&place, &dir, &["verify"]),
        (Some(0), "3 of 3 sound\n".to_owned())
    );
    let is_bad = |entry: &PathBuf| find(&fs::read(entry).expect("an entry"), b"bad..").is_some();
    let bad = entries(&dir)
        .into_iter()
        .find(is_bad)
        .expect("three entries");
    let mut bytes = fs::read(&bad).expect("an entry");
    bytes[4096] ^= 1;
    fs::write(&bad, bytes).expect("own file");
    let (status, text) = cache(&place, &dir, &["verify"]);
    assert_eq!(status, Some(1));
    assert!(
        text.contains("damaged, removed") && text.ends_with("2 of 3 sound\n"),
        "{text}"
    );
    let abandoned = dir.join(".new-0");
    let recent = dir.join(".new-1");
    let strange = dir.join("notes.txt");
    for path in [&abandoned, &recent, &strange] {
        fs::write(path, "").expect("own folder");
    }
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7200);
    fs::File::options()
        .write(true)
        .open(&abandoned)
        .and_then(|file| file.set_modified(old))
        .expect("own file");
    let (_, text) = cache(&place, &dir, &["prune"]);
    assert!(text.starts_with("removed 0 programs"), "{text}");
    assert!(!abandoned.exists() && recent.exists() && strange.exists());
    let (_, text) = cache(&place, &dir, &["prune", "--limit", "0"]);
    assert!(text.starts_with("removed 2 programs"), "{text}");
    let module = writer(&place, "one.wasm", "one..");
    output(&place, &dir, &[], &module);
    let (_, text) = cache(&place, &dir, &["clear"]);
    assert!(text.starts_with("removed 1 programs"), "{text}");
    let left: Vec<PathBuf> = files(&dir, "");
    assert_eq!(left, [strange]);
}

#[test]
fn folders_that_others_could_replace_are_not_used() {
    let place = Workplace::new();
    let above = place.path("above");
    fs::create_dir(&above).expect("own folder");
    fs::set_permissions(&above, fs::Permissions::from_mode(0o777)).expect("own folder");
    let dir = above.join("code");
    assert!(runs(&place, &dir));
    assert_eq!(entries(&dir), Vec::<PathBuf>::new());
    let (_, text) = cache(&place, &dir, &["list"]);
    assert!(text.contains("nothing of it is used"), "{text}");
    fs::set_permissions(&above, fs::Permissions::from_mode(0o755)).expect("own folder");
    assert!(runs(&place, &dir));
    assert_eq!(entries(&dir).len(), 1);
}

#[test]
fn a_disk_without_room_costs_the_entry_only() {
    let place = Workplace::new();
    let dir = place.path("code");
    let module = place.fixture("hello");
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"])
        .arg(crate::workplace::engine_path())
        .args(["run", "--cache-dir"])
        .arg(&dir)
        .arg(&module);
    let ended = Ended::of(&mut command);
    assert_eq!(ended.status, Some(3), "{ended:?}");
    assert_eq!(files(&dir, ""), Vec::<PathBuf>::new());
}

#[test]
fn processes_that_make_room_for_each_other_all_run() {
    let place = Workplace::new();
    let dir = place.path("code");
    let modules: Vec<PathBuf> = (0..4)
        .map(|i| writer(&place, &format!("{i}.wasm"), &format!("text{i}")))
        .collect();
    let children: Vec<_> = (0..24)
        .map(|i| {
            let mut command = place.engine();
            command
                .args(["run", "--cache-limit=1", "--cache-dir"])
                .arg(&dir);
            command
                .arg(&modules[i % 4])
                .stdout(std::process::Stdio::piped());
            command.spawn().expect("the engine starts")
        })
        .collect();
    for (i, child) in children.into_iter().enumerate() {
        let output = child.wait_with_output().expect("a child");
        assert!(output.status.success());
        assert_eq!(output.stdout, format!("text{}", i % 4).as_bytes());
    }
}
