//! The program's own file, which Linux shows as `/proc/self/exe`. The kernel's answer is the engine.

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

/// The file that a program was loaded from.
#[derive(Clone, Debug)]
pub(crate) struct OwnFile {
    /// What the link in /proc is to say.
    pub(crate) shown: CString,
    /// The path that leads to the file.
    pub(crate) path: CString,
}

impl OwnFile {
    /// The file at `path`, which was just loaded.
    pub(crate) fn at(path: &Path) -> OwnFile {
        match path.canonicalize() {
            Ok(path) => OwnFile {
                shown: string(path.clone()),
                path: string(path),
            },
            // A descriptor of a file that has no name, or none any more.
            Err(_) => OwnFile {
                shown: string(path.read_link().unwrap_or_else(|_| path.to_owned())),
                path: string(path.to_owned()),
            },
        }
    }
}

fn string(path: PathBuf) -> CString {
    // A path that was opened has no NUL.
    CString::new(path.into_os_string().into_vec()).unwrap_or_default()
}

/// Whether `path` is that of the link to the program's file in /proc, as thread `tid` of process
/// `pid` sees it.
pub(super) fn is_link_to_it(path: &[u8], pid: i32, tid: i32) -> bool {
    let Some(path) = path.strip_prefix(b"/") else {
        return false;
    };
    let mut names = path
        .split(|&byte| byte == b'/')
        .filter(|name| !name.is_empty() && *name != b".");
    if names.next() != Some(b"proc") {
        return false;
    }
    let is = |name: &[u8], number: i32| name == number.to_string().as_bytes();
    let own_folder = match names.next() {
        Some(b"self" | b"thread-self") => true,
        Some(name) => is(name, pid) || is(name, tid),
        None => false,
    };
    own_folder
        && match (names.next(), names.next(), names.next(), names.next()) {
            (Some(b"exe"), None, ..) => !path.ends_with(b"/"),
            (Some(b"task"), Some(thread), Some(b"exe"), None) => {
                (is(thread, pid) || is(thread, tid)) && !path.ends_with(b"/")
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_knows_the_names_of_its_own_link() {
        let cases: [(&[u8], bool); 14] = [
            (b"/proc/self/exe", true),
            (b"//proc/./self//exe", true),
            (b"/proc/thread-self/exe", true),
            (b"/proc/70/exe", true),
            (b"/proc/71/exe", true),
            (b"/proc/self/task/71/exe", true),
            (b"/proc/self/task/72/exe", false),
            (b"/proc/72/exe", false),
            (b"/proc/070/exe", false),
            (b"/proc/self/exe/", false),
            (b"/proc/self/exe/x", false),
            (b"/proc/self/maps", false),
            (b"proc/self/exe", false),
            (b"/proc", false),
        ];
        for (path, expected) in cases {
            let name = String::from_utf8_lossy(path);
            assert_eq!(is_link_to_it(path, 70, 71), expected, "{name}");
        }
    }

    #[test]
    fn a_file_without_a_name_is_reached_by_the_path_it_was_loaded_from() {
        let file = OwnFile::at(Path::new("/nonexistent/program"));
        assert_eq!(file.path.as_c_str(), c"/nonexistent/program");
        assert_eq!(file.shown, file.path);
        let root = OwnFile::at(Path::new("/./"));
        assert_eq!(root.shown.as_c_str(), c"/");
    }
}
