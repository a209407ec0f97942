//! Writes what the engine has of the interface's description: the table of its imports, and the
//! direct calls.
//!
//! It also tells the engine the revision of what makes code, and links it statically.

mod calls;
mod direct;
mod link;
mod revision;

use std::path::{Path, PathBuf};

use wali_abi::Isa;

fn main() {
    let sys = Path::new("src/sys");
    println!("cargo::rerun-if-changed=src/sys");
    println!("cargo::rerun-if-changed=build");
    for path in revision::CODE_MAKERS {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed={}", revision::LOCK_FILE);
    let revision =
        revision::revision().unwrap_or_else(|e| fail(&format!("the code's revision: {e}")));
    println!("cargo::rustc-env=WALI_CODE_REVISION={revision}");
    if let Err(problem) = link::link_statically() {
        println!(
            "cargo::warning=wali-engine starts half a millisecond later than it could: {problem}"
        );
    }
    let functions = calls::functions(sys).unwrap_or_else(|problem| fail(&problem));
    let table = calls::table(&functions).unwrap_or_else(|problems| fail(&problems));
    write("syscalls.rs", &table);
    let stubs = direct::stubs(target());
    write("direct.rs", &stubs.names);
    write("direct.s", &stubs.code);
}

/// Writes a file for the engine's sources to include.
fn write(name: &str, text: &str) {
    std::fs::write(out_dir().join(name), text).unwrap_or_else(|e| fail(&format!("{name}: {e}")));
}

fn out_dir() -> PathBuf {
    PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"))
}

fn fail(problems: &str) -> ! {
    for line in problems.lines() {
        println!("cargo::error={line}");
    }
    std::process::exit(1)
}

/// The instruction set that the engine is compiled for.
fn target() -> Isa {
    match std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("x86_64") => Isa::X86_64,
        Ok("aarch64") => Isa::Aarch64,
        Ok("riscv64") => Isa::Riscv64,
        other => fail(&format!(
            "no system call numbers for {other:?}; known: x86_64, aarch64, riscv64"
        )),
    }
}
