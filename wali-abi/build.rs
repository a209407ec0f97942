//! Turns `spec/*.toml` into static tables; a defect of the spec stops the build.

use std::path::Path;

#[path = "src/ioctl_spec.rs"]
mod ioctl_spec;
#[path = "src/isa_spec.rs"]
mod isa_spec;
#[allow(dead_code, unreachable_pub, missing_docs)]
#[path = "src/model.rs"]
mod model;
#[path = "src/sockopt_spec.rs"]
mod sockopt_spec;
#[path = "src/spec.rs"]
mod spec;

fn main() {
    let folder =
        Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("spec");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|e| fail(&format!("{}: {e}", path.display())))
    };
    let (syscalls, support, layouts, errno) = (
        read("syscalls.toml"),
        read("support.toml"),
        read("layouts.toml"),
        read("errno.toml"),
    );
    let sources = spec::Sources {
        syscalls: &syscalls,
        support: &support,
        layouts: &layouts,
        errno: &errno,
    };
    let (ioctls, sockopts, isas) = (read("ioctls.toml"), read("sockopts.toml"), read("isa.toml"));
    let tables = spec::tables(&sources)
        .and_then(|tables| {
            let ioctls = ioctl_spec::table(&ioctls)?;
            let sockopts = sockopt_spec::table(&sockopts)?;
            Ok(tables + &ioctls + &sockopts + &isa_spec::tables(&isas)?)
        })
        .unwrap_or_else(|problems| fail(&problems));
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("tables.rs"), tables)
        .unwrap_or_else(|e| fail(&format!("tables.rs: {e}")));
}

fn fail(problems: &str) -> ! {
    for line in problems.lines() {
        println!("cargo::error={line}");
    }
    std::process::exit(1)
}
