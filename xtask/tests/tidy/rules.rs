//! What the files of a package may import: no circles, or none but small ones, and nothing from a
//! layer above.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};

use crate::imports::{Imports, imports};
use crate::modules::Package;

/// What is asked of a package.
pub(crate) struct Rules<'a> {
    /// The number of files that may import each other in a circle; 0 where there is to be no circle.
    pub(crate) largest_circle: usize,
    /// The layers, the lowest first; empty where nothing is said of them.
    ///
    /// A layer is a name and the beginnings of its files' paths below `src`. `guest` stands for
    /// `guest.rs` and all in `guest/`, a whole path for that file alone; the longest that fits decides.
    /// A file may import from its own layer and from those below, and every file is in a layer.
    pub(crate) layers: &'a [Layer<'a>],
}

/// A layer's name and the beginnings of its files' paths.
pub(crate) type Layer<'a> = (&'a str, &'a [&'a str]);

/// Judges the package whose source is in the folder `src`.
///
/// # Errors
/// When it breaks a rule or cannot be read; the error names every circle with the imports that make it,
/// every import from a layer above, every file without a layer, and every file that no `mod` leads to.
pub(crate) fn check(src: &Path, rules: &Rules) -> Result<()> {
    let package = Package::read(src)?;
    let imports = imports(&package);
    let mut problems: Vec<String> = Vec::new();
    for stray in package.strays()? {
        problems.push(format!("{stray}: no `mod` leads to it"));
    }
    for circle in circles(&imports) {
        if circle.len() > rules.largest_circle {
            problems.push(described(&circle, &imports, rules.largest_circle));
        }
    }
    if !rules.layers.is_empty() {
        problems.extend(broken_layers(&package.files(), &imports, rules.layers));
    }
    if !problems.is_empty() {
        bail!("{}:\n{}", src.display(), problems.join("\n"));
    }
    Ok(())
}

/// The sets of files that all import each other, be it through others.
fn circles(imports: &Imports) -> Vec<BTreeSet<&str>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = imports
        .keys()
        .map(|file| (file.as_str(), reached_from(file, imports)))
        .collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for (file, others) in &reached {
        let is_known = circles.iter().any(|circle| circle.contains(file));
        if !is_known && others.contains(file) {
            let leads_back =
                |other: &&&str| reached.get(*other).is_some_and(|all| all.contains(file));
            circles.push(others.iter().filter(leads_back).copied().collect());
        }
    }
    circles
}

/// All files that `file` imports, directly or through others.
fn reached_from<'a>(file: &str, imports: &'a Imports) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = vec![file];
    while let Some(file) = open.pop() {
        for source in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(source.as_str()) {
                open.push(source);
            }
        }
    }
    reached
}

/// A circle in words: a line for each import that is a part of it.
fn described(circle: &BTreeSet<&str>, imports: &Imports, largest: usize) -> String {
    let mut text = format!(
        "{} files import each other, allowed are {largest}:",
        circle.len()
    );
    for file in circle {
        for (source, paths) in &imports[*file] {
            if circle.contains(source.as_str()) {
                text += &format!("\n  {file} -> {source}: {}", shown(paths));
            }
        }
    }
    text
}

/// The paths of an import in words. What a `use` names is not told again where the code has it.
fn shown(paths: &BTreeSet<String>) -> String {
    let is_again = |path: &String| {
        let first = path.split("::").next().unwrap_or_default();
        paths.iter().any(|other| {
            let imported = other.rsplit("::").next();
            other != path && other.contains("::") && imported == Some(first)
        })
    };
    let paths: Vec<&str> = paths
        .iter()
        .filter(|path| !is_again(path))
        .map(String::as_str)
        .collect();
    paths.join(", ")
}

/// What is wrong with the layers, one line each.
fn broken_layers(files: &BTreeSet<&str>, imports: &Imports, layers: &[Layer]) -> Vec<String> {
    let mut problems = Vec::new();
    for (layer, prefixes) in layers {
        for prefix in *prefixes {
            if !files.iter().any(|file| fits(file, prefix)) {
                problems.push(format!("layer {layer}: there is no file {prefix}"));
            }
        }
    }
    for file in files {
        let Some(own) = layer_of(file, layers) else {
            problems.push(format!("{file}: is in no layer"));
            continue;
        };
        for (source, paths) in imports.get(*file).into_iter().flatten() {
            let Some(other) = layer_of(source, layers).filter(|&other| other > own) else {
                continue;
            };
            problems.push(format!(
                "{file} of layer {} imports from {source} of layer {}, which is above: {}",
                layers[own].0,
                layers[other].0,
                shown(paths)
            ));
        }
    }
    problems
}

/// The layer that `file` is in, as its place in the list.
fn layer_of(file: &str, layers: &[Layer]) -> Option<usize> {
    let prefixes = layers
        .iter()
        .enumerate()
        .flat_map(|(at, (_, prefixes))| prefixes.iter().map(move |prefix| (at, *prefix)));
    let fitting = prefixes.filter(|(_, prefix)| fits(file, prefix));
    fitting
        .max_by_key(|(_, prefix)| prefix.len())
        .map(|(at, _)| at)
}

/// Whether `prefix` stands for `file`.
fn fits(file: &str, prefix: &str) -> bool {
    let rest = file.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
}
