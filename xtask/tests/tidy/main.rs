//! What holds for the repository as a whole: which file may import from which, and that code and texts agree.

mod deviations;
mod imports;
mod made_up;
mod modules;
mod names;
mod paths;
mod rules;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rules::{Rules, check};

/// The workspace's folder.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn no_files_of_a_tool_import_each_other() {
    let rules = Rules {
        largest_circle: 0,
        layers: &[],
    };
    let judged = ["wali-cc", "xtask"].map(|package| {
        let src = Path::new(ROOT).join(package).join("src");
        check(&src, &rules).map_err(|problems| format!("{problems:#}"))
    });
    let problems: Vec<String> = judged.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_files_of_a_small_crate_import_each_other() {
    let rules = Rules {
        largest_circle: 0,
        layers: &[],
    };
    let judged = [
        "wali-abi",
        "wali-artifact",
        "wali-compiler",
        "wali-contract",
        "wali-engine",
        "wali-features",
        "wali-link",
        "wali-module",
        "wali-text",
    ]
    .map(|package| {
        let src = Path::new(ROOT).join(package).join("src");
        check(&src, &rules).map_err(|problems| format!("{problems:#}"))
    });
    let problems: Vec<String> = judged.into_iter().filter_map(Result::err).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn lower_layers_of_the_runtime_know_no_higher_ones() {
    let rules = Rules {
        // The task of a thread and the instance that it belongs to.
        largest_circle: 2,
        layers: &[
            ("kernel", &["kernel"]),
            ("memory", &["memory"]),
            ("signals", &["signals"]),
            ("program", &["program"]),
            ("trace", &["trace"]),
            ("control", &["control"]),
            ("calls", &["calls"]),
            ("run", &["run", "host"]),
            ("library", &["lib.rs"]),
        ],
    };
    let src = Path::new(ROOT).join("wali-runtime/src");
    if let Err(problems) = check(&src, &rules) {
        panic!("{problems:#}");
    }
}

#[test]
fn a_word_does_not_name_files_on_three_layers_of_the_runtime() {
    let src = Path::new(ROOT).join("wali-runtime/src");
    let package = modules::Package::read(&src).expect("the runtime's source");
    let mut layers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in package.files() {
        let path = file.trim_end_matches(".rs");
        let layer = path.split('/').next().unwrap_or(path);
        let word = path.rsplit('/').next().unwrap_or(path);
        layers.entry(word).or_default().insert(layer);
    }
    layers.retain(|_, layers| layers.len() > 2);
    assert!(
        layers.is_empty(),
        "find other names for some of these: {layers:?}"
    );
}
