//! Applying patches: unified diffs, without the tolerance of patch(1). The source they are for is
//! pinned, so whatever does not fit exactly is a mistake.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Applies the patch file `patch` to the tree at `root`.
///
/// # Errors
/// When it is malformed, names a file outside `root`, or a hunk does not fit.
pub(super) fn apply(root: &Path, patch: &Path) -> Result<()> {
    let text = fs::read_to_string(patch).with_context(|| patch.display().to_string())?;
    apply_text(root, &text).with_context(|| format!("applying {}", patch.display()))
}

/// One `@@` part: what stands there, and what comes instead.
struct Hunk {
    /// The first line it is about, from 0.
    start: usize,
    old: Vec<String>,
    new: Vec<String>,
}

fn apply_text(root: &Path, text: &str) -> Result<()> {
    let mut lines = text.lines().peekable();
    let mut n_files = 0;
    while let Some(line) = lines.next() {
        let Some(target) = line.strip_prefix("+++ b/") else {
            continue;
        };
        if target.split('/').any(|part| part == "..") || target.starts_with('/') {
            bail!("{target} is outside the source");
        }
        let mut hunks = Vec::new();
        while let Some(header) = lines.next_if(|line| line.starts_with("@@ ")) {
            hunks.push(read_hunk(header, &mut lines).with_context(|| header.to_owned())?);
        }
        change(&root.join(target), &hunks).with_context(|| target.to_owned())?;
        n_files += 1;
    }
    if n_files == 0 {
        bail!("changes no file");
    }
    Ok(())
}

/// Reads the lines of a hunk, as many as its header announces.
fn read_hunk<'a>(header: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Hunk> {
    let mut words = header.split_whitespace().skip(1);
    let (start, n_old) = range(words.next(), '-')?;
    let (_, n_new) = range(words.next(), '+')?;
    let (mut old, mut new) = (Vec::new(), Vec::new());
    while old.len() < n_old || new.len() < n_new {
        let line = lines.next().context("ends too early")?;
        let text = line.get(1..).unwrap_or_default().to_owned();
        match line.as_bytes().first() {
            Some(b' ') | None => {
                old.push(text.clone());
                new.push(text);
            }
            Some(b'-') => old.push(text),
            Some(b'+') => new.push(text),
            _ => bail!("has the line {line:?}"),
        }
    }
    Ok(Hunk {
        start: start.saturating_sub(1),
        old,
        new,
    })
}

/// `-12,3` or `-12`: the first line and how many.
fn range(word: Option<&str>, sign: char) -> Result<(usize, usize)> {
    let numbers = word.and_then(|word| word.strip_prefix(sign));
    let numbers = numbers.with_context(|| format!("has no range with {sign}"))?;
    let (start, length) = numbers.split_once(',').unwrap_or((numbers, "1"));
    Ok((start.parse()?, length.parse()?))
}

fn change(file: &Path, hunks: &[Hunk]) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let old: Vec<&str> = text.lines().collect();
    let mut new: Vec<&str> = Vec::new();
    let mut at = 0;
    for hunk in hunks {
        let end = hunk.start + hunk.old.len();
        let fits = hunk.start >= at && old.get(hunk.start..end).is_some_and(|l| l == hunk.old);
        if !fits {
            bail!("the hunk at line {} does not fit", hunk.start + 1);
        }
        new.extend(&old[at..hunk.start]);
        new.extend(hunk.new.iter().map(String::as_str));
        at = end;
    }
    new.extend(&old[at..]);
    // A new file: the unpacked source, and what was copied from it, may be read-only.
    fs::remove_file(file)?;
    Ok(fs::write(file, new.join("\n") + "\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: &str = "\
Why.

--- a/f
+++ b/f
@@ -1,3 +1,3 @@
 one
-two
+TWO
 three
@@ -5 +5,2 @@
-five
+5
+6
";

    fn patched(before: &str, patch: &str) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("f"), before).unwrap();
        apply_text(folder.path(), patch)?;
        Ok(fs::read_to_string(folder.path().join("f")).unwrap())
    }

    #[test]
    fn hunks_replace_their_lines_and_leave_the_others() {
        let after = patched("one\ntwo\nthree\nfour\nfive\nsix\n", PATCH).unwrap();
        assert_eq!(after, "one\nTWO\nthree\nfour\n5\n6\nsix\n");
    }

    #[test]
    fn what_does_not_fit_exactly_is_refused() {
        let good = "one\ntwo\nthree\nfour\nfive\n";
        struct Bad<'a> {
            name: &'a str,
            before: &'a str,
            patch: String,
        }
        let cases = [
            Bad {
                name: "moved by a line",
                before: "zero\none\ntwo\nthree\nfour\nfive\n",
                patch: PATCH.into(),
            },
            Bad {
                name: "file too short",
                before: "one\ntwo\nthree\n",
                patch: PATCH.into(),
            },
            Bad {
                name: "no file",
                before: good,
                patch: "just text\n".into(),
            },
            Bad {
                name: "cut short",
                before: good,
                patch: PATCH.trim_end_matches("+6\n").into(),
            },
            Bad {
                name: "outside",
                before: good,
                patch: PATCH.replace("b/f", "b/../f"),
            },
        ];
        for Bad {
            name,
            before,
            patch,
        } in cases
        {
            assert!(patched(before, &patch).is_err(), "{name}");
        }
    }
}
