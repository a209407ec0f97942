//! The hash of what a Rust source makes.
//!
//! Compiled into the build script, and into the crate's own tests.

use std::hash::{DefaultHasher, Hash};

use proc_macro2::{TokenStream, TokenTree};

/// Adds what the compiler makes something of: no comments, which are no tokens, no documentation, no
/// tests, and no strings with a space, which are for people.
pub(crate) fn add_tokens(tokens: TokenStream, hasher: &mut DefaultHasher) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => match tokens.next() {
                Some(TokenTree::Group(attribute)) => {
                    let text = attribute.stream().to_string();
                    if text.replace(' ', "") == "cfg(test)" {
                        // What it is the attribute of ends with its body or a semicolon.
                        tokens.by_ref().find(|token| match token {
                            TokenTree::Group(group) => {
                                group.delimiter() == proc_macro2::Delimiter::Brace
                            }
                            TokenTree::Punct(punct) => punct.as_char() == ';',
                            _ => false,
                        });
                    } else if !text.starts_with("doc") {
                        text.hash(hasher);
                    }
                }
                Some(other) => other.to_string().hash(hasher),
                None => {}
            },
            TokenTree::Group(group) => {
                (group.delimiter() as u8).hash(hasher);
                add_tokens(group.stream(), hasher);
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if !(text.starts_with('"') && text.contains(' ')) {
                    text.hash(hasher);
                }
            }
            TokenTree::Ident(ident) => ident.to_string().hash(hasher),
            // Whether a list ends with a comma is a matter of its length.
            TokenTree::Punct(punct) if punct.as_char() == ',' && tokens.peek().is_none() => {}
            TokenTree::Punct(punct) => punct.as_char().hash(hasher),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher as _;

    use super::*;

    fn hash(source: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        add_tokens(source.parse().expect("Rust"), &mut hasher);
        hasher.finish()
    }

    #[test]
    fn only_what_makes_code_counts() {
        let source = "fn f() { call(1, \"name\") }";
        let same = [
            "// A comment.\nfn f() { call(1, \"name\",) }",
            "/// Says what it does.\nfn f() { call(1, \"name\") }",
            "fn f() { call(1, \"name\") } #[cfg(test)] mod tests { fn g() {} }",
        ];
        for other in same {
            assert_eq!(hash(source), hash(other), "{other}");
        }
        let others = [
            "fn f() { call(2, \"name\") }",
            "fn f() { call(1, \"other\") }",
            "#[inline] fn f() { call(1, \"name\") }",
            "fn f() { call(1, \"name\") } fn g() {}",
        ];
        for other in others {
            assert_ne!(hash(source), hash(other), "{other}");
        }
    }

    #[test]
    fn texts_for_people_do_not_count() {
        let error = |text: &str| hash(&format!("fn f() {{ Err(\"{text}\") }}"));
        assert_eq!(error("no room"), error("there is no room left"));
    }
}
