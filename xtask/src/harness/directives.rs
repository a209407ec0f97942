//! What a test file says of itself in its leading comment: `// stdin: text` and the like.

use std::time::Duration;

use anyhow::{Context, Result, bail};

/// How a test file wants to be built and run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directives {
    /// `args:` — arguments, split at spaces.
    pub(crate) args: Vec<String>,
    /// `stdin:` — one line of input; may be given again.
    pub(crate) stdin: Vec<u8>,
    /// `env:` — NAME=VALUE; may be given again.
    pub(crate) env: Vec<(String, String)>,
    /// `calls:` — system calls that the trace of its run must show; may be given again.
    pub(crate) calls: Vec<String>,
    /// `flags:` — further flags for the compiler.
    pub(crate) flags: Vec<String>,
    /// `native-flags:` — further flags for the native compiler.
    pub(crate) native_flags: Vec<String>,
    /// `status:` — the exit status to expect where there is no native run.
    pub(crate) status: i32,
    /// `timeout:` — seconds.
    pub(crate) limit: Duration,
    /// `skip:` — why it cannot run anywhere.
    pub(crate) skip: Option<String>,
    /// `skip-native:` — why it cannot run natively.
    pub(crate) skip_native: Option<String>,
    /// `skip-interp:` — why the suite `interpreted` leaves it out.
    pub(crate) skip_interp: Option<String>,
    /// `skip-cross:` — why `cargo xtask cross --run` leaves it out.
    pub(crate) skip_cross: Option<String>,
}

/// The names of all directives, sorted.
const NAMES: [&str; 12] = [
    "args",
    "calls",
    "env",
    "flags",
    "native-flags",
    "skip",
    "skip-cross",
    "skip-interp",
    "skip-native",
    "status",
    "stdin",
    "timeout",
];

impl Default for Directives {
    fn default() -> Self {
        Self {
            args: Vec::new(),
            stdin: Vec::new(),
            env: Vec::new(),
            calls: Vec::new(),
            flags: Vec::new(),
            native_flags: Vec::new(),
            status: 0,
            limit: Duration::from_secs(60),
            skip: None,
            skip_native: None,
            skip_interp: None,
            skip_cross: None,
        }
    }
}

/// Reads the directives of `text`: its first lines that start with `comment`, for example `//`.
///
/// # Errors
/// When one of these lines looks like a directive and is none.
pub(crate) fn parse(text: &str, comment: &str) -> Result<Directives> {
    let mut directives = Directives::default();
    for line in text.lines() {
        // A script's first line names its interpreter.
        if line.starts_with("#!") {
            continue;
        }
        let Some(line) = line.strip_prefix(comment) else {
            break;
        };
        let line = line.strip_prefix(' ').unwrap_or(line);
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if !looks_like_directive(name) {
            continue;
        }
        // One space belongs to the directive; more belong to the value.
        let value = value.strip_prefix(' ').unwrap_or(value);
        directives
            .set(name, value)
            .with_context(|| format!("`{name}: {value}`"))?;
    }
    Ok(directives)
}

/// Whether what stands before a colon is meant as a directive's name, be it mistyped, and not as the
/// beginning of a sentence.
fn looks_like_directive(name: &str) -> bool {
    let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
    let alike = name.trim().to_lowercase().replace(['_', ' '], "-");
    (!name.is_empty() && name.chars().all(is_name)) || NAMES.contains(&alike.as_str())
}

impl Directives {
    /// Notes the directive `name`.
    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let words = || value.split_whitespace().map(str::to_owned);
        match name {
            "args" => self.args.extend(words()),
            "calls" => self.calls.extend(words()),
            "flags" => self.flags.extend(words()),
            "native-flags" => self.native_flags.extend(words()),
            "stdin" => {
                self.stdin.extend(value.as_bytes());
                self.stdin.push(b'\n');
            }
            "env" => {
                let (name, value) = value.split_once('=').context("is not NAME=VALUE")?;
                self.env.push((name.to_owned(), value.to_owned()));
            }
            "status" => self.status = value.trim().parse().context("is not a number")?,
            "timeout" => {
                let seconds = value.trim().parse().context("is not a number of seconds")?;
                self.limit = Duration::from_secs(seconds);
            }
            "skip" => self.skip = Some(value.to_owned()),
            "skip-interp" => self.skip_interp = Some(value.to_owned()),
            "skip-cross" => self.skip_cross = Some(value.to_owned()),
            "skip-native" => self.skip_native = Some(value.to_owned()),
            _ => bail!(
                "there is no such directive; there are: {}",
                NAMES.join(", ")
            ),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read_up_to_the_first_other_line() {
        let text = "// args: a  b\n// stdin: x\n// stdin:  y\n// env: A=b=c\n// A sentence: not one.\n\
                    // timeout: 5\n\nint x; // args: c\n// args: d\n";
        let found = parse(text, "//").unwrap();
        assert_eq!(found.args, ["a", "b"]);
        assert_eq!(found.stdin, b"x\n y\n");
        assert_eq!(found.env, [("A".to_owned(), "b=c".to_owned())]);
        assert_eq!(found.limit, Duration::from_secs(5));
    }

    #[test]
    fn a_directive_that_does_not_exist_is_an_error() {
        let error = format!("{:#}", parse("-- tiemout: 5\n", "--").unwrap_err());
        assert!(
            error.contains("`tiemout: 5`") && error.contains("timeout"),
            "{error}"
        );
        assert!(parse("// env: A\n", "//").is_err());
    }
}
