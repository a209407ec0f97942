//! The names of entries: hashes of all that their code depends on.

use wali_contract::Executor;

use crate::label::{Key, REVISION};
use crate::settings;

/// The key of a module for an executor.
pub fn key(executor: Executor, module: &[u8]) -> Key {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key_settings(executor).as_bytes());
    hasher.update(module);
    *hasher.finalize().as_bytes()
}

/// Everything besides the module that its code depends on.
pub(super) fn key_settings(executor: Executor) -> String {
    let revision = REVISION;
    match executor {
        Executor::Compiler => {
            let arch = std::env::consts::ARCH;
            format!("{revision} {arch} {:?}\n", settings::processor())
        }
        Executor::Interpreter => format!("{revision} interpreter\n"),
    }
}

/// Two hexadecimal digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect()
}

/// The key that is written as `text`.
pub(super) fn key_of(text: &str) -> Option<Key> {
    let mut key = [0; 32];
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    if pairs.len() != key.len() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(pairs) {
        let digit = |character: u8| char::from(character).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let key = key(Executor::Compiler, b"module");
        assert_eq!(key_of(&hex(&key)), Some(key));
        assert_eq!(key_of("0g"), None);
        assert_eq!(key_of(&hex(&key)[1..]), None);
    }

    #[test]
    fn keys_differ_by_module_and_by_executor() {
        let keys = [
            key(Executor::Compiler, b"a"),
            key(Executor::Compiler, b"b"),
            key(Executor::Interpreter, b"a"),
        ];
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2]);
    }
}
