//! The compiler's runtime libraries: 128 bit arithmetic, long double and big atomics in one, what
//! writes the figures of `--coverage` in the other.
//!
//! LLVM's packages have one for wasm32, but compiled without atomics, and wasm-ld refuses such
//! objects in a module with shared memory. So it is compiled here from the same source.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::compile::{Compiler, Unit, flags, include};
use super::folders::Folders;

/// The lists in compiler-rt's own build file that we compile.
const LISTS: [&str; 2] = ["GENERIC_SOURCES", "GENERIC_TF_SOURCES"];

/// Members of the lists that are for other systems: versions of Apple's, and code on the stack.
const LEFT_OUT: [&str; 3] = [
    "apple_versioning.c",
    "os_version_check.c",
    "trampoline_setup.c",
];

/// Operations on atomic objects of any size, with locks: our C library has none of them.
const ATOMIC: &str = "atomic.c";

/// What writes the files that gcov reads, below `compiler-rt/lib/profile`.
const PROFILE: [&str; 2] = ["GCDAProfiling.c", "InstrProfilingUtil.c"];

/// Builds the libraries from the source of compiler-rt at `source`.
///
/// # Errors
/// When the source is not laid out as expected, or does not compile.
pub(super) fn build(compiler: &Compiler, source: &Path, folders: &Folders) -> Result<()> {
    let dir = source.join("compiler-rt/lib/builtins");
    let cmake = dir.join("CMakeLists.txt");
    let cmake =
        fs::read_to_string(&cmake).with_context(|| format!("reading {}", cmake.display()))?;
    let mut names: Vec<&str> = Vec::new();
    for list in LISTS {
        names.extend(list_of(&cmake, list)?);
    }
    names.retain(|name| !LEFT_OUT.contains(name));
    names.push(ATOMIC);
    let units: Vec<Unit> = names.iter().map(|name| unit(&dir, name, folders)).collect();
    compiler.archive("compiler-rt", &units, &folders.builtins)?;

    let units: Vec<Unit> = PROFILE
        .iter()
        .map(|name| profile_unit(source, name, folders))
        .collect();
    let archive = folders.lib.join("libclang_rt.profile.a");
    compiler.archive("compiler-rt's profile", &units, &archive)
}

fn profile_unit(source: &Path, name: &str, folders: &Folders) -> Unit {
    let root = source.join("compiler-rt");
    let mut list = flags(&[
        "-std=gnu11",
        "-O2",
        "-nostdinc",
        "-ffunction-sections",
        "-w",
        // What its own build file finds out of a Linux system.
        "-DCOMPILER_RT_HAS_ATOMICS=1",
        "-DCOMPILER_RT_HAS_FCNTL_LCK=1",
        "-DCOMPILER_RT_HAS_UNAME=1",
    ]);
    list.push(include(&folders.include));
    list.push(include(root.join("include")));
    Unit {
        source: root.join("lib/profile").join(name),
        name: format!("compiler-rt/profile/{name}"),
        flags: list,
    }
}

fn unit(dir: &Path, name: &str, folders: &Folders) -> Unit {
    let mut list = flags(&[
        "-std=c11",
        "-O3",
        "-fno-builtin",
        "-ffunction-sections",
        "-fvisibility=hidden",
        "-w",
    ]);
    if name == ATOMIC {
        list.push("-nostdinc".into());
        list.push(include(&folders.include));
    } else {
        // Comparisons return a long here, but the compiler expects the 32 bits that long has on the
        // bare target; nothing else depends on the width of long.
        list.extend(flags(&[
            "--target=wasm32-unknown-unknown",
            "-ffreestanding",
        ]));
    }
    Unit {
        source: dir.join(name),
        name: format!("compiler-rt/{name}"),
        flags: list,
    }
}

/// The words of `set(NAME …)`, the first in the file.
fn list_of<'a>(cmake: &'a str, name: &str) -> Result<Vec<&'a str>> {
    let start = format!("set({name}\n");
    let Some((_, rest)) = cmake.split_once(&start) else {
        bail!("CMakeLists.txt has no {name}");
    };
    let (words, _) = rest.split_once(')').context("unfinished list")?;
    Ok(words.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_up_to_their_end() {
        let text = "x\nset(A\n  a.c\n  b.c\n)\nset(B\n c.c)\nset(A\n ${A} d.c)\n";
        assert_eq!(list_of(text, "A").unwrap(), ["a.c", "b.c"]);
        assert_eq!(list_of(text, "B").unwrap(), ["c.c"]);
        assert!(list_of(text, "C").is_err());
    }
}
