//! Comparing what two builds of one program did.

use crate::bounded::Outcome;
use crate::harness::case::Verdict;

/// Passes when `found` ended as `expected` did and wrote the same.
pub(crate) fn compare(expected: &Outcome, found: &Outcome) -> Verdict {
    let mut problems = Vec::new();
    if expected.end != found.end {
        problems.push(format!(
            "ended with {}, expected {}",
            found.end, expected.end
        ));
    }
    problems.extend(difference(
        "standard output",
        &expected.stdout,
        &found.stdout,
    ));
    problems.extend(difference(
        "standard error",
        &expected.stderr,
        &found.stderr,
    ));
    match problems.as_slice() {
        [] => Verdict::Passed,
        _ => Verdict::Failed(problems.join("\n")),
    }
}

/// Says where `found` leaves `expected`, with both lines; nothing when they are equal.
pub(crate) fn difference(stream: &str, expected: &[u8], found: &[u8]) -> Option<String> {
    if expected == found {
        return None;
    }
    let split = |bytes| <[u8]>::split_inclusive(bytes, |&byte| byte == b'\n');
    let (mut want, mut have) = (split(expected), split(found));
    let mut n_line = 1;
    loop {
        match (want.next(), have.next()) {
            (a, b) if a == b => n_line += 1,
            (a, b) => {
                let (a, b) = (printable(a), printable(b));
                return Some(format!(
                    "{stream} differs in line {n_line}\n  expected {a}\n  found    {b}"
                ));
            }
        }
    }
}

/// A line as it can be printed, cut when it is long.
fn printable(line: Option<&[u8]>) -> String {
    const LIMIT: usize = 300;
    match line {
        None => "the end".to_owned(),
        Some(line) if line.len() > LIMIT => {
            format!(
                "\"{}\"… ({} bytes)",
                line[..LIMIT].escape_ascii(),
                line.len()
            )
        }
        Some(line) => format!("\"{}\"", line.escape_ascii()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bounded::End;

    fn outcome(status: i32, stdout: &str) -> Outcome {
        Outcome {
            end: End::Status(status),
            stdout: stdout.into(),
            stderr: Vec::new(),
        }
    }

    #[test]
    fn any_difference_fails_and_is_shown() {
        let native = outcome(0, "a\nb\n");
        assert_eq!(compare(&native, &native), Verdict::Passed);
        let cases = [
            (
                outcome(1, "a\nb\n"),
                "ended with status 1, expected status 0",
            ),
            (outcome(0, "a\nc\n"), r#"line 2"#),
            (outcome(0, "a\nb"), r#"found    "b""#),
            (outcome(0, "a\nb\nc\n"), "expected the end"),
            (outcome(0, ""), "found    the end"),
        ];
        for (found, expected) in cases {
            let Verdict::Failed(why) = compare(&native, &found) else {
                panic!("{found:?}")
            };
            assert!(why.contains(expected), "{expected}: {why}");
        }
    }
}
