//! What a file is that a program wants to execute.

use std::ffi::{CStr, CString};

use wali_contract::{MAGIC, is_compiled, module_start};

use super::script::{self, HEAD_BYTES, Interpreter};
use crate::kernel::execve::Place;

/// How many scripts may interpret each other.
const MOST_SCRIPTS: usize = 5;

/// Who runs a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Image {
    /// The kernel, or nobody: it knows the error.
    Native,
    /// The engine: the file is a module, compiled or not.
    Module,
    /// The engine: the file is a script, and these come before its own name.
    Script {
        /// The module's path.
        module: CString,
        /// What the module gets before the script's path, inner scripts included.
        args: Vec<CString>,
    },
}

/// Looks at the file at `place`.
///
/// Whatever cannot be opened, read or executed is left to the kernel and its answer.
pub(super) fn look(place: Place<'_>) -> Image {
    match kind(place) {
        Kind::Module => Image::Module,
        Kind::Other => Image::Native,
        Kind::Script(interpreter) => follow(interpreter).unwrap_or(Image::Native),
    }
}

enum Kind {
    Module,
    Script(Interpreter),
    Other,
}

/// What of a file tells its kind: the first line of a script, and the module that may be behind it.
const TELLING_BYTES: usize = HEAD_BYTES + MAGIC.len();

fn kind(place: Place<'_>) -> Kind {
    let Some(head) = place.head_of_executable::<TELLING_BYTES>() else {
        return Kind::Other;
    };
    // A line before the module is for others than the engine.
    if module_start(&head).is_some() || is_compiled(&head) {
        return Kind::Module;
    }
    script::interpreter(&head).map_or(Kind::Other, Kind::Script)
}

/// Follows interpreters to one that is a module.
fn follow(mut interpreter: Interpreter) -> Option<Image> {
    let mut args: Vec<CString> = Vec::new();
    for _ in 0..MOST_SCRIPTS {
        let path = CString::new(interpreter.path).ok()?;
        // The inner arguments come first; the script's own name stands behind them.
        let mut front: Vec<CString> = Vec::new();
        if let Some(arg) = interpreter.arg {
            front.push(CString::new(arg).ok()?);
        }
        match kind(Place::path(&path)) {
            Kind::Module => {
                front.append(&mut args);
                return Some(Image::Script {
                    module: path,
                    args: front,
                });
            }
            Kind::Other => return None,
            Kind::Script(next) => {
                front.insert(0, path);
                front.append(&mut args);
                args = front;
                interpreter = next;
            }
        }
    }
    None
}

/// The name by which the kernel tells an interpreter of a file that was given by descriptor.
pub(super) fn descriptor_path(fd: i32, path: &CStr) -> CString {
    let mut name = format!("/dev/fd/{fd}").into_bytes();
    if !path.is_empty() {
        name.push(b'/');
        name.extend_from_slice(path.to_bytes());
    }
    // Neither part has a NUL.
    CString::new(name).unwrap_or_default()
}
