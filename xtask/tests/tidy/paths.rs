//! That the files which texts and comments name exist.
//!
//! A path in backticks with a folder and the extension of a text is looked for from the folder of the
//! file that names it, from those around it, and otherwise as the end of exactly one file's path. `*`,
//! `<name>` and a name in capitals stand for anything. Links of Markdown start from the file's folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::ROOT;
use crate::text::{self, comments};

/// The extensions of the files that are looked for.
const EXTENSIONS: &[&str] = &["rs", "md", "toml", "sh", "c"];

/// Folders that hold no files of the repository's.
const NOT_OURS: &[&str] = &["build", "target"];

#[test]
fn every_file_that_texts_and_comments_name_exists() {
    let root = Path::new(ROOT);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root).expect("the workspace's folder") {
        let path = entry.expect("an entry of the folder").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') && !NOT_OURS.contains(&&*name) {
            files.extend(text::files(&path, EXTENSIONS));
        } else if EXTENSIONS
            .iter()
            .any(|it| path.extension() == Some(it.as_ref()))
        {
            files.push(path);
        }
    }
    let known: BTreeSet<String> = files.iter().map(|file| text::shown(file)).collect();
    let mut problems = Vec::new();
    for file in &known {
        let read = || std::fs::read_to_string(root.join(file)).expect("a text of the repository");
        let is_page = file.starts_with("docs/") || file.ends_with("README.md");
        if file.ends_with(".rs") {
            for comment in comments(&read()) {
                let place = format!("{file}:{}", comment.line);
                problems.extend(missing_paths(file, &place, &comment.text, &known));
            }
        } else if file.ends_with(".md") && is_page {
            for (at, line) in read().lines().enumerate() {
                let place = format!("{file}:{}", at + 1);
                problems.extend(missing_paths(file, &place, line, &known));
                problems.extend(links(line).filter_map(|link| {
                    let problem = broken_link(&root.join(file), link)?;
                    Some(format!("{place}: the link {link:?} {problem}"))
                }));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What is wrong with the paths that the text at `place` in `file` names, a line each.
fn missing_paths(file: &str, place: &str, text: &str, known: &BTreeSet<String>) -> Vec<String> {
    let paths = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| is_path(word));
    let problem = |path: &str| match found(file, path, known) {
        1 => None,
        0 => Some(format!(
            "{place}: there is no file `{path}`; name the one that is meant"
        )),
        n => Some(format!(
            "{place}: {n} files end in `{path}`; name more of the path"
        )),
    };
    paths.filter_map(problem).collect()
}

/// Whether a word in backticks looks like a file of the repository's.
fn is_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let is_word = !word.contains([' ', '$', '(', ':', '"', '=']);
    let is_relative = !word.starts_with(['/', '~', '<', '-']) && !word.starts_with("./");
    is_word
        && is_relative
        && word.contains('/')
        && extension.is_some_and(|it| EXTENSIONS.contains(&it))
}

/// How many files `path` in `file` may mean; more than one only where none is near `file`.
fn found(file: &str, path: &str, known: &BTreeSet<String>) -> usize {
    let is_pattern = path.split('/').any(|part| pattern(part) != part);
    let pattern: Vec<String> = path.split('/').map(pattern).collect();
    let pattern = pattern.join("/");
    let near = Path::new(file).ancestors().skip(1).any(|folder| {
        let from_here = folder.join(&pattern).display().to_string();
        known.iter().any(|known| fits(known, &from_here))
    });
    let ends = || {
        let end = format!("*/{pattern}");
        known.iter().filter(|known| fits(known, &end)).count()
    };
    match near {
        true => 1,
        false if is_pattern => ends().min(1),
        false => ends(),
    }
}

/// A part of a path with `*` for what stands for anything.
fn pattern(part: &str) -> String {
    let (stem, extension) = part.split_once('.').unwrap_or((part, ""));
    let is_any = stem.starts_with('<') || stem == "NAME";
    match (is_any, extension) {
        (false, _) => part.to_owned(),
        (true, "") => "*".to_owned(),
        (true, extension) => format!("*.{extension}"),
    }
}

/// Whether `text` is `pattern` with something for each `*`.
fn fits(text: &str, pattern: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return text == pattern;
    };
    let Some(after) = text.strip_prefix(start) else {
        return false;
    };
    let ends = after.char_indices().map(|(at, _)| at).chain([after.len()]);
    ends.into_iter().any(|at| fits(&after[at..], rest))
}

/// The targets of a line's links that lead to files.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://"))
}

/// What is wrong with a link in the page `page`.
fn broken_link(page: &Path, link: &str) -> Option<String> {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let target: PathBuf = match path {
        "" => page.to_owned(),
        path => page.parent()?.join(path),
    };
    if !target.exists() {
        return Some("leads to no file".to_owned());
    }
    if heading.is_empty() {
        return None;
    }
    let text = std::fs::read_to_string(&target).ok()?;
    let mut headings = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(anchor);
    match headings.any(|it| it == heading) {
        true => None,
        false => Some(format!("leads to no heading of {}", text::shown(&target))),
    }
}

/// What a link to a heading is called: its letters, digits and hyphens in lower case, hyphens for spaces.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    text.chars().filter_map(kept).collect()
}

#[test]
fn a_path_is_found_near_the_file_or_as_the_end_of_one_path() {
    let files = [
        "a/src/lib.rs",
        "a/src/x/y.rs",
        "b/src/lib.rs",
        "tests/c/z.c",
    ];
    let known = files.map(str::to_owned).into();
    let cases = [
        ("a/src/x/y.rs", "a/src/lib.rs", 1),
        ("a/src/x/y.rs", "src/lib.rs", 1),
        ("tests/c/z.c", "src/lib.rs", 2),
        ("tests/c/z.c", "x/y.rs", 1),
        ("tests/c/z.c", "x/z.rs", 0),
        ("tests/c/z.c", "tests/c/*.c", 1),
        ("tests/c/z.c", "tests/NAME/z.c", 1),
        ("tests/c/z.c", "src/<file>.rs", 1),
        ("tests/c/z.c", "tests/d/*.c", 0),
    ];
    for (file, path, expected) in cases {
        assert_eq!(found(file, path, &known), expected, "{path} in {file}");
    }
}

#[test]
fn links_lead_to_files_and_headings() {
    let page = Path::new(ROOT).join("docs/testing.md");
    let broken = |link| broken_link(&page, link).is_some();
    assert!(!broken("architecture.md") && !broken("../README.md"));
    assert!(!broken("#other-instruction-sets") && !broken("architecture.md#who-knows-whom"));
    assert!(broken("none.md") && broken("#none") && broken("architecture.md#none"));
    let found: Vec<&str> = links("[a](b.md) and [c](https://d) [`e`](f.md#g).").collect();
    assert_eq!(found, ["b.md", "f.md#g"]);
}
