//! Turns `toolchains/wali.toml` into the static tables of `src/config.rs`.

use std::fmt::Write as _;
use std::path::Path;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    triple: String,
    min_llvm: u32,
    lib_dir: String,
    builtins: String,
    drivers: Vec<String>,
    tools: Vec<String>,
    more_tools: Vec<String>,
    compile: Vec<Row>,
    link: Vec<Row>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    flags: Vec<String>,
    #[serde(rename = "use")]
    used_by: Vec<Use>,
    unless: Option<String>,
    reason: String,
}

#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Use {
    Program,
    Compat,
    Sysroot,
}

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let path = Path::new(&folder).join("../toolchains/wali.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    println!("cargo::rerun-if-changed=build.rs");
    let tables = match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    };
    let config: Config = match tables {
        Ok(config) => config,
        Err(problem) => {
            for line in problem.lines() {
                println!("cargo::error={}: {line}", path.display());
            }
            std::process::exit(1);
        }
    };
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("config.rs"), rust(&config)).expect("OUT_DIR is writable");
}

fn rust(config: &Config) -> String {
    let mut text = String::new();
    for (doc, name, value) in [
        ("The target triple.", "TRIPLE", &config.triple),
        (
            "Where libraries and start files lie, below the sysroot.",
            "LIB_DIR",
            &config.lib_dir,
        ),
        (
            "What follows -l to link the compiler's runtime.",
            "BUILTINS",
            &config.builtins,
        ),
    ] {
        writeln!(text, "/// {doc}\npub const {name}: &str = {value:?};").expect("a string grows");
    }
    writeln!(
        text,
        "/// The oldest LLVM that knows the target.\npub const MIN_LLVM: u32 = {};",
        config.min_llvm
    )
    .expect("a string grows");
    let tools = [config.tools.as_slice(), &config.more_tools].concat();
    for (doc, name, words) in [
        (
            "The programs that wali-cc is besides `wali-cc`, `wali-` left out.",
            "DRIVERS",
            &config.drivers,
        ),
        (
            "LLVM's tools that wali-cc stands for as `wali-NAME`.",
            "TOOLS",
            &tools,
        ),
    ] {
        writeln!(text, "/// {doc}\npub const {name}: &[&str] = &{words:?};")
            .expect("a string grows");
    }
    for (doc, name, rows) in [
        (
            "Flags for whatever is compiled.",
            "COMPILE",
            &config.compile,
        ),
        ("Flags for wasm-ld.", "LINK", &config.link),
    ] {
        writeln!(text, "/// {doc}\npub static {name}: &[Defaults] = &[").expect("a string grows");
        for row in rows {
            writeln!(
                text,
                "Defaults {{ flags: &{:?}, program: {}, compat: {}, unless: {:?}, reason: {:?} }},",
                row.flags,
                row.used_by.contains(&Use::Program),
                row.used_by.contains(&Use::Compat),
                row.unless,
                row.reason
            )
            .expect("a string grows");
        }
        text.push_str("];\n");
    }
    text
}
