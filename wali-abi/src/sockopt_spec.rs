//! Reads `spec/sockopts.toml`, checks it and writes it down as a Rust table.
//!
//! Compiled into the build script, and into the crate's own tests.

use std::fmt::Write as _;

use serde_derive::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelFile {
    level: Vec<Level>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Level {
    name: String,
    number: i32,
    option: Vec<Row>,
}

/// An option: its name, its number, and what its value is unless it holds no addresses.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Flat(String, i32),
    Other(String, i32, String),
}

impl Row {
    fn number(&self) -> i32 {
        match self {
            Row::Flat(_, number) | Row::Other(_, number, _) => *number,
        }
    }
}

/// Checks the options and returns the Rust source of their table, or what is wrong, a line each.
pub(crate) fn table(text: &str) -> Result<String, String> {
    let file: LevelFile = toml::from_str(text).map_err(|e| format!("sockopts.toml: {e}"))?;
    let mut problems = Vec::new();
    if !file.level.is_sorted_by(|a, b| a.number < b.number) {
        problems.push("sockopts.toml: levels not sorted by number, or a number twice".to_owned());
    }
    let mut out = String::from(
        "/// Every level of socket options of the interface, sorted by number.\n\
         pub static SOCKET_LEVELS: &[SocketLevel] = &[\n",
    );
    for Level {
        name,
        number,
        option,
    } in &file.level
    {
        if !option.is_sorted_by(|a, b| a.number() < b.number()) {
            problems.push(format!(
                "sockopts.toml: {name}: options not sorted by number, or a number twice"
            ));
        }
        let _ = writeln!(
            out,
            "    SocketLevel {{ name: {name:?}, number: {number}, options: &["
        );
        for row in option {
            let (option, number, value) = match row {
                Row::Flat(name, number) => (name, number, "Flat"),
                Row::Other(name, number, value) => match value.as_str() {
                    "get" => (name, number, "FlatToGet"),
                    "sock_fprog" => (name, number, "SockFprog"),
                    "refused" => (name, number, "Refused"),
                    other => {
                        problems.push(format!("sockopts.toml: {name}: unknown value {other:?}"));
                        continue;
                    }
                },
            };
            let _ = writeln!(
                out,
                "        SocketOption {{ name: {option:?}, number: {number}, value: SocketValue::{value} }},"
            );
        }
        out.push_str("    ] },\n");
    }
    out.push_str("];\n");
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems.join("\n"))
    }
}
