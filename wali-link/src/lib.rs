//! Links programs statically, for their build scripts.

use std::path::{Path, PathBuf};

/// Links the package's programs with the host's C library in them: a dynamic linker takes longer to start
/// than most programs take to run, and asks for executable memory. They stay ones that are loaded at
/// random addresses.
///
/// A C library that has no start code for such programs is linked dynamically.
///
/// rustc names the libraries for dynamic linking, so linker scripts of these names stand in for them.
///
/// # Errors
/// What is missing for that, in words for whoever builds.
pub fn link_statically() -> Result<(), String> {
    const STAND_INS: [(&str, &[&str]); 3] = [
        ("libgcc_s.so", &["libgcc_eh.a", "libgcc.a", "libc.a"]),
        ("libc.so", &["libc.a", "libgcc_eh.a", "libgcc.a"]),
        ("libm.so", &["libm.a"]),
    ];
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() != Ok("gnu") {
        return Ok(());
    }
    if find_file("rcrt1.o")?.is_none() {
        return Ok(());
    }
    let out = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}"))?;
    let out = PathBuf::from(out);
    let folder = out.join("static");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (name, archives) in STAND_INS {
        let paths: Vec<String> = archives
            .iter()
            .map(|archive| find_archive(archive))
            .collect::<Result<_, _>>()?;
        let script = format!("GROUP ( {} )\n", paths.join(" "));
        let path = folder.join(name);
        std::fs::write(&path, script).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static-pie");
    Ok(())
}

/// The path of a static library of the compiler that links for the target.
fn find_archive(name: &str) -> Result<String, String> {
    find_file(name)?
        .ok_or_else(|| format!("the compiler has no {name}; install the C library's static files"))
}

/// The path of a file that the compiler links with, if it has that file.
fn find_file(name: &str) -> Result<Option<String>, String> {
    let compiler = std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let output = std::process::Command::new(&compiler)
        .arg(format!("-print-file-name={name}"))
        .output()
        .map_err(|e| format!("{compiler}: {e}"))?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // The compiler prints the bare name when it has no such file.
    Ok(Path::new(&path).is_absolute().then_some(path))
}
