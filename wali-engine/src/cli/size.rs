//! Sizes as the command line has them: `300M`.

use std::fmt;
use std::str::FromStr;

use wali_artifact::DEFAULT_LIMIT_BYTES;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) bytes: u64,
}

impl Size {
    /// How much is kept when nobody says how much.
    pub(super) const DEFAULT_CACHE_LIMIT: Size = Size {
        bytes: DEFAULT_LIMIT_BYTES,
    };
}

/// The units, the largest first.
const UNITS: [(char, u64); 3] = [('G', 1 << 30), ('M', 1 << 20), ('K', 1 << 10)];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        let unit = UNITS
            .iter()
            .find(|(letter, _)| text.ends_with([*letter, letter.to_ascii_lowercase()]));
        let (digits, factor) = match unit {
            Some((_, factor)) => (&text[..text.len() - 1], *factor),
            None => (text, 1),
        };
        let number: Option<u64> = digits.parse().ok();
        let bytes = number.and_then(|number| number.checked_mul(factor));
        bytes
            .map(|bytes| Size { bytes })
            .ok_or_else(|| "write a number of bytes, or one with K, M or G behind it".to_owned())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, factor)| self.bytes >= *factor) {
            Some((letter, factor)) => {
                write!(f, "{:.1} {letter}iB", self.bytes as f64 / *factor as f64)
            }
            None => write!(f, "{} bytes", self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_numbers_with_a_unit() {
        let bytes = |text: &str| text.parse::<Size>().ok().map(|size| size.bytes);
        assert_eq!(bytes("17"), Some(17));
        assert_eq!(bytes("2k"), Some(2048));
        assert_eq!(bytes("300M"), Some(300 << 20));
        assert_eq!(bytes("1G"), Some(DEFAULT_LIMIT_BYTES));
        for wrong in ["", "G", "-1", "1T", "99999999999999G"] {
            assert_eq!(bytes(wrong), None, "{wrong}");
        }
        assert_eq!(Size { bytes: 1 << 20 }.to_string(), "1.0 MiB");
        assert_eq!(Size { bytes: 5 }.to_string(), "5 bytes");
    }
}
