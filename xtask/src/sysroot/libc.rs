//! Compiling the C library, the setjmp runtime and the start files.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::compile::{Compiler, Unit, flags, include};
use super::folders::Folders;
use super::tree::{ARCH, folder_entries};

/// What programs ask for with `-l` although it is in libc.
const EMPTY: [&str; 8] = [
    "m", "rt", "pthread", "crypt", "util", "xnet", "resolv", "dl",
];

/// Builds libc.a, the empty libraries beside it, and the start files.
///
/// # Errors
/// When something does not compile.
pub(super) fn build(compiler: &Compiler, folders: &Folders) -> Result<()> {
    let mut units = musl_units(folders)?;
    units.extend(setjmp_units(folders));
    compiler.archive("libc", &units, &folders.lib.join("libc.a"))?;
    compiler.archive(
        "simd",
        &simd_units(folders)?,
        &folders.lib.join("libwali-simd.a"),
    )?;
    compiler.archive(
        "published",
        &[unpublished_unit(folders)],
        &folders.lib.join("libwali-published.a"),
    )?;
    for name in EMPTY {
        compiler.empty_archive(&folders.lib.join(format!("lib{name}.a")))?;
    }
    start_files(compiler, folders)
}

/// musl's source files; where there is one in `src/*/wasm32` it replaces the generic one.
fn musl_units(folders: &Folders) -> Result<Vec<Unit>> {
    let mut dirs = folder_entries(&folders.musl.join("src"))?;
    dirs.push(folders.musl.join("src/malloc/mallocng"));
    let (mut sources, mut replaced) = (Vec::new(), BTreeSet::new());
    for dir in dirs.into_iter().filter(|dir| dir.is_dir()) {
        let own = dir.join(ARCH);
        if own.is_dir() {
            for source in source_files(&own)? {
                let name = source.file_stem().unwrap_or_default();
                replaced.insert(dir.join(name));
                sources.push(source);
            }
        }
        sources.extend(source_files(&dir)?);
    }
    sources.retain(|source| !replaced.contains(&source.with_extension("")));
    let units = sources.into_iter().map(|source| {
        let relative = source.strip_prefix(&folders.musl)?.with_extension("");
        Ok(Unit {
            name: relative.display().to_string(),
            flags: if is_assembly(&source) {
                Vec::new()
            } else {
                libc_flags(folders)
            },
            source,
        })
    });
    units.collect()
}

fn source_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = folder_entries(folder)?;
    files.retain(|path| {
        let extension = path.extension();
        extension.is_some_and(|extension| extension == "c" || extension == "s")
    });
    Ok(files)
}

fn is_assembly(source: &Path) -> bool {
    source.extension().is_some_and(|extension| extension == "s")
}

/// How musl wants to be compiled, with the folders in the order of its own Makefile.
fn libc_flags(folders: &Folders) -> Vec<OsString> {
    let mut list = flags(&[
        "-std=c99",
        "-O2",
        "-ffreestanding",
        "-nostdinc",
        "-fno-strict-aliasing",
        // Finer than a file: what a program does not use is left out of it.
        "-ffunction-sections",
        "-fdata-sections",
        // Upstream's code is what it is; what clang takes for an error still is one.
        "-w",
        "-D_XOPEN_SOURCE=700",
    ]);
    for folder in [
        &format!("arch/{ARCH}"),
        "arch/generic",
        "src/include",
        "src/internal",
    ] {
        list.push(include(folders.musl.join(folder)));
    }
    list.push(include(folders.work.join("generated")));
    list.push(include(&folders.include));
    list
}

/// What keeps a module to the published imports, whatever libc has newer calls for.
fn unpublished_unit(folders: &Folders) -> Unit {
    Unit {
        source: folders.work.join("generated/unpublished.c"),
        name: "published/unpublished".to_owned(),
        flags: flags(&[
            "-std=c11",
            "-O2",
            "-nostdinc",
            "-ffunction-sections",
            "-Wall",
            "-Wextra",
            "-Wno-unused-parameter",
            "-Werror",
        ]),
    }
}

/// What replaces functions of libc in programs that may use vectors.
fn simd_units(folders: &Folders) -> Result<Vec<Unit>> {
    let sources = source_files(&folders.own.join("simd"))?;
    let units = sources.into_iter().map(|source| {
        let name = source.file_stem().unwrap_or_default().to_string_lossy();
        let mut list = libc_flags(folders);
        list.push("-msimd128".into());
        Unit {
            name: format!("simd/{name}"),
            flags: list,
            source,
        }
    });
    Ok(units.collect())
}

/// The runtime that setjmp and longjmp are compiled to.
fn setjmp_units(folders: &Folders) -> Vec<Unit> {
    let unit = |name: &str, flags| Unit {
        source: folders.own.join("setjmp").join(name),
        name: format!("setjmp/{name}"),
        flags,
    };
    let mut c = public_flags(folders);
    c.extend(flags(&["-Wall", "-Wextra", "-Werror"]));
    vec![
        unit("setjmp.c", c.clone()),
        unit("probes.c", c),
        unit("tag.s", Vec::new()),
    ]
}

/// What our own files outside musl are compiled with.
fn public_flags(folders: &Folders) -> Vec<OsString> {
    let mut list = flags(&["-std=c11", "-O2", "-nostdinc"]);
    list.push(include(&folders.include));
    list
}

/// The start files, under each name that clang and rustc look for.
fn start_files(compiler: &Compiler, folders: &Folders) -> Result<()> {
    let installed = [
        ("crt1", ["crt1.o", "crt1-command.o"].as_slice()),
        ("crt1-reactor", &["crt1-reactor.o"]),
    ];
    for (name, targets) in installed {
        let mut list = public_flags(folders);
        list.extend(flags(&["-Wall", "-Wextra", "-Werror"]));
        let object = compiler.compile(&Unit {
            source: folders.own.join("crt").join(format!("{name}.c")),
            name: format!("crt/{name}"),
            flags: list,
        })?;
        for target in targets {
            std::fs::copy(&object, folders.lib.join(target))
                .with_context(|| format!("installing {target}"))?;
        }
    }
    Ok(())
}
