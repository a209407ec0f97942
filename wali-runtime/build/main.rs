//! Writes what the runtime has of the interface's description: the table of its imports, and the direct
//! calls.

mod calls;
mod direct;

use std::path::{Path, PathBuf};

use wali_abi::Isa;

fn main() {
    let sys = Path::new("src/calls/sys");
    println!("cargo::rerun-if-changed=src/calls/sys");
    println!("cargo::rerun-if-changed=build");
    let functions = calls::functions(sys).unwrap_or_else(|problem| fail(&problem));
    let table = calls::table(&functions).unwrap_or_else(|problems| fail(&problems));
    write("syscalls.rs", &table);
    let stubs = direct::stubs(target());
    write("direct.rs", &stubs.names);
    write("direct.s", &stubs.code);
}

/// Writes a file for the runtime's sources to include.
fn write(name: &str, text: &str) {
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join(name), text).unwrap_or_else(|e| fail(&format!("{name}: {e}")));
}

fn fail(problems: &str) -> ! {
    for line in problems.lines() {
        println!("cargo::error={line}");
    }
    std::process::exit(1)
}

/// The instruction set that the runtime is compiled for.
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
