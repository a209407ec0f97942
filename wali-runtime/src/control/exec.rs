//! `exec`: modules and scripts interpreted by modules by the engine anew, the rest by the kernel.

mod image;
mod place;
mod script;

use std::ffi::{CStr, CString};
use std::os::fd::OwnedFd;

use self::image::Image;
use crate::kernel::Errno;
use crate::kernel::execve::{self, AT_EXECVE_CHECK, Place};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};
use crate::program::{Cx, Stop, SysResult, paths};
use crate::{signals, trace};

/// The most strings in an argument list, as in the kernel.
const MOST_STRINGS: usize = 0x7fff_ffff / size_of::<u32>();

/// The flags of `execveat` that the engine knows.
const KNOWN_FLAGS: i32 = libc::AT_EMPTY_PATH | libc::AT_SYMLINK_NOFOLLOW | AT_EXECVE_CHECK;

/// Host addresses of strings, with a 0 at the end.
struct StringList(Vec<usize>);

/// Replaces the program. Returns when it fails, or when the flags ask for a judgement only.
///
/// # Errors
/// The kernel's, and [`Stop::Interrupted`]: a signal that came before is still this program's.
pub(crate) fn execveat(
    cx: &mut Cx<'_>,
    dirfd: i32,
    path: GuestAddr,
    argv: GuestPtr<u32>,
    envp: GuestPtr<u32>,
    flags: i32,
) -> SysResult {
    let memory = cx.data().memory;
    let path = paths::copied(cx.data(), path, flags & libc::AT_SYMLINK_NOFOLLOW == 0)?;
    if flags & !KNOWN_FLAGS != 0 {
        return Err(Errno::EINVAL.into());
    }
    let place = Place {
        dirfd,
        path: &path,
        flags,
    };
    let lists =
        StringList::load(memory, argv).and_then(|argv| Ok((argv, StringList::load(memory, envp)?)));
    let (argv, envp) = lists.map_err(|_| execve::error_without_lists(place))?;
    // Before the file is looked at: a signal must not come in between.
    let mask = signals::block_all().ok_or(Stop::Interrupted)?;
    let plan = Plan::new(cx, place, &argv);
    let exec = || match &plan {
        Plan::Native => {
            if trace::is_on() && flags & AT_EXECVE_CHECK == 0 {
                execve::check(place, &argv.0, &envp.0)?;
                trace::executes();
            }
            execve::execveat(place, &argv.0, &envp.0)
        }
        Plan::Engine(program, words, _kept) => {
            execve::check(place, &argv.0, &envp.0)?;
            trace::executes();
            let argv: Vec<usize> = words.iter().map(Word::address).chain([0]).collect();
            execve::execveat(Place::path(program), &argv, &envp.0)
        }
    };
    let limits = &cx.data().process.limits;
    let result = signals::with_inherited_state(mask, || limits.while_in_force(exec));
    signals::set_mask(mask);
    Ok(result?)
}

impl StringList {
    /// The list at `list`; null is an empty one.
    ///
    /// # Errors
    /// - `EFAULT`: the list runs into memory that cannot be read.
    /// - `E2BIG`: it is longer than any that the kernel takes.
    fn load(memory: GuestMemory, list: GuestPtr<u32>) -> Result<StringList, Errno> {
        let mut strings = Vec::new();
        if list.is_null() {
            return Ok(StringList(vec![0]));
        }
        loop {
            let index = u32::try_from(strings.len()).map_err(|_| Errno::E2BIG)?;
            let at = list.element(index).ok_or(Errno::EFAULT)?;
            let string = GuestAddr(memory.load(at)?);
            if strings.len() == MOST_STRINGS {
                return Err(Errno::E2BIG);
            }
            strings.push(memory.host_ptr(string));
            if string.is_null() {
                return Ok(StringList(strings));
            }
        }
    }
}

/// An argument for the engine.
enum Word {
    Own(CString),
    /// The host address of one of the guest's strings.
    Guest(usize),
}

impl Word {
    fn address(&self) -> usize {
        match self {
            Word::Own(string) => string.as_ptr().addr(),
            Word::Guest(address) => *address,
        }
    }
}

/// Who executes the file, with which arguments.
enum Plan {
    Native,
    /// The engine's file, its arguments, and the descriptor that the module's path leads to, if it has
    /// no other path.
    Engine(&'static CStr, Vec<Word>, Option<OwnedFd>),
}

impl Plan {
    fn new(cx: &Cx<'_>, place: Place<'_>, argv: &StringList) -> Plan {
        let Some(engine) = &cx.data().process.engine else {
            return Plan::Native;
        };
        if place.flags & AT_EXECVE_CHECK != 0 {
            return Plan::Native;
        }
        let ((module, kept), front) = match image::look(place) {
            Image::Native => return Plan::Native,
            // The interpreter would not find it; the kernel tells.
            Image::Script { .. } if execve::is_lost_by_exec(place) => return Plan::Native,
            Image::Module => (name_of(place), None),
            Image::Script { module, args } => ((module, None), Some(args)),
        };
        let own = |text: &CStr| Word::Own(text.to_owned());
        let argv0 = argv.0.first().copied().unwrap_or(0);
        let mut words: Vec<Word> = engine.args.iter().map(|arg| own(arg)).collect();
        if front.is_some() {
            words.extend([own(c"--name"), Word::Own(last_part(&script_name(place)))]);
        }
        words.push(own(c"--argv0"));
        match front {
            // The interpreter is called by its own path.
            Some(_) => words.push(own(&module)),
            None if argv0 == 0 => words.push(own(c"")),
            None => words.push(Word::Guest(argv0)),
        }
        words.push(own(c"--"));
        words.push(Word::Own(module));
        if let Some(front) = front {
            words.extend(front.into_iter().map(Word::Own));
            words.push(Word::Own(script_name(place)));
        }
        let rest = argv.0.iter().skip(1).take_while(|&&address| address != 0);
        words.extend(rest.copied().map(Word::Guest));
        Plan::Engine(&engine.program, words, kept)
    }
}

/// The path by which the engine finds a module, and what has to stay open for that.
fn name_of(place: Place<'_>) -> (CString, Option<OwnedFd>) {
    if place.dirfd == libc::AT_FDCWD || place.path.to_bytes().starts_with(b"/") {
        return (place.path.to_owned(), None);
    }
    if let Some(path) = place::resolved(place) {
        return (path, None);
    }
    match place::kept_open(place) {
        Ok((kept, path)) => (path, Some(kept)),
        // The engine tells that it finds nothing there.
        Err(_) => (script_name(place), None),
    }
}

/// What stands behind the last slash of `path`.
fn last_part(path: &CStr) -> CString {
    let part = path.to_bytes().rsplit(|&byte| byte == b'/').next();
    // Part of a C string.
    CString::new(part.unwrap_or_default()).unwrap_or_default()
}

/// The path that an interpreter gets.
fn script_name(place: Place<'_>) -> CString {
    if place.dirfd == libc::AT_FDCWD || place.path.to_bytes().starts_with(b"/") {
        place.path.to_owned()
    } else {
        image::descriptor_path(place.dirfd, place.path)
    }
}
