//! What holds for the repository as a whole: which file may import from which.

mod imports;
mod made_up;
mod modules;
mod names;
mod rules;

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
