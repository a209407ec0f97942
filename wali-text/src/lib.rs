//! Shows names and paths that strangers have chosen.
//!
//! The names in a module, and the paths it was found under, are whatever somebody wrote there. Printed as
//! they are they could move the cursor, change colours or the title, hide what stands before them, or look
//! like a line of their own. Shown by this crate they cannot: what is no visible character appears as its
//! code.

#![forbid(unsafe_code)]

use std::fmt::{self, Write as _};
use std::path::Path;

/// A text whose invisible characters are shown by their codes, `\u{1b}` for the escape character.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    text: &'a str,
    /// Whether line ends stay what they are.
    keeps_lines: bool,
}

/// Shows `text` on one line.
pub fn shown(text: &str) -> Shown<'_> {
    Shown {
        text,
        keeps_lines: false,
    }
}

/// Shows `text`, which may have several lines of its own.
pub fn shown_lines(text: &str) -> Shown<'_> {
    Shown {
        text,
        keeps_lines: true,
    }
}

/// Shows `path` on one line; what is not Unicode in it is lost.
pub fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy()).to_string()
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.chars().try_for_each(|character| {
            if is_visible(character) || self.keeps_lines && character == '\n' {
                f.write_char(character)
            } else {
                write!(f, "{}", character.escape_unicode())
            }
        })
    }
}

/// Whether a character shows as itself and changes nothing around it.
///
/// Not so for control characters (Unicode's category Cc), for those that separate lines, and for the
/// invisible ones that set the direction of a text or join what is around them (of category Cf).
fn is_visible(character: char) -> bool {
    let is_format = matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    );
    !character.is_control() && !is_format
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_visible_stays_as_it_is() {
        for text in ["main", "std::vec<int>::at(int)", "größe 🦀 日本 \\n", ""] {
            assert_eq!(shown(text).to_string(), text);
        }
    }

    #[test]
    fn nothing_moves_the_terminal() {
        let cases = [
            ("\x1b[2Jgone", r"\u{1b}[2Jgone"),
            ("a\rb\x08c\x07", r"a\u{d}b\u{8}c\u{7}"),
            ("\u{9b}31m", r"\u{9b}31m"),
            ("a\u{202e}cod.exe", r"a\u{202e}cod.exe"),
            ("one\ntwo\u{2028}three", r"one\u{a}two\u{2028}three"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text).to_string(), expected);
        }
        assert_eq!(shown_lines("one\n\ttwo").to_string(), "one\n\\u{9}two");
    }

    #[test]
    fn paths_are_shown_on_one_line() {
        assert_eq!(shown_path(Path::new("/tmp/a\nb")), r"/tmp/a\u{a}b");
    }
}
