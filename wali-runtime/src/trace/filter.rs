//! Which calls are traced.

use wali_abi::{SYSCALLS, Syscall};

/// Names of calls and families; none means all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    words: Vec<String>,
    excluded: bool,
    /// Only calls that fail.
    pub failed_only: bool,
}

impl Filter {
    /// Reads a filter: names of calls or families with commas between, after `!` what is left out;
    /// the word `failed` chooses calls that fail.
    ///
    /// # Errors
    /// The word that is neither.
    pub fn parse(text: &str) -> Result<Filter, String> {
        let (text, excluded) = match text.strip_prefix('!') {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let mut filter = Filter {
            excluded,
            ..Filter::default()
        };
        for word in text
            .split(',')
            .filter(|word| !word.is_empty() && *word != "all")
        {
            // As strace writes families.
            let word = word.strip_prefix('%').unwrap_or(word);
            let known = |call: &Syscall| call.name == word || call.family == word;
            match word {
                "failed" => filter.failed_only = true,
                _ if SYSCALLS.iter().any(known) => filter.words.push(word.to_owned()),
                _ => return Err(word.to_owned()),
            }
        }
        Ok(filter)
    }

    /// Whether signals that are handled are traced too: with all calls, and with those about signals.
    pub(super) fn wants_signals(&self) -> bool {
        let named = self.words.iter().any(|word| word == "signal");
        !self.failed_only && (self.words.is_empty() || named != self.excluded)
    }

    /// Whether a call is traced.
    pub(super) fn wants(&self, syscall: &Syscall) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let named = |word: &String| word == syscall.name || word == syscall.family;
        self.words.iter().any(named) != self.excluded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_chosen_by_name_by_family_and_by_failure() {
        let call = |name| wali_abi::syscall(name).expect("in the spec");
        let cases = [
            ("all", "read", true),
            ("openat,network", "openat", true),
            ("openat,network", "bind", true),
            ("openat,network", "read", false),
            ("%network", "bind", true),
            ("%network", "read", false),
            ("!read", "read", false),
            ("!file", "bind", true),
        ];
        for (text, name, wanted) in cases {
            let filter = Filter::parse(text).expect(text);
            assert_eq!(filter.wants(call(name)), wanted, "{text}: {name}");
        }
        assert!(Filter::parse("failed").expect("a filter").failed_only);
        assert_eq!(Filter::parse("read,opne").expect_err("misspelt"), "opne");
    }
}
