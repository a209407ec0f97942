//! Reads `spec/*.toml`, checks them and writes them down as Rust tables.
//!
//! Compiled into the build script, and into the crate's own tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_derive::Deserialize;

use crate::model::{FOLLOW_FLAGS, SCALARS, Scalar, ValType};

/// The four files of the spec as text.
pub(crate) struct Sources<'a> {
    pub(crate) syscalls: &'a str,
    pub(crate) support: &'a str,
    pub(crate) layouts: &'a str,
    pub(crate) errno: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SyscallFile {
    syscall: Vec<Syscall>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Syscall {
    name: String,
    nr: [i64; 3],
    args: Vec<String>,
    serve: String,
    support: String,
    family: String,
    #[serde(default)]
    note: String,
    errno: Option<String>,
    import: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    published: bool,
    via: Option<String>,
}

impl Syscall {
    fn import_name(&self) -> &String {
        self.import.as_ref().unwrap_or(&self.name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SupportFile {
    import: Vec<SupportImport>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SupportImport {
    name: String,
    params: Vec<String>,
    results: Vec<String>,
    meaning: String,
    #[serde(default)]
    legacy: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    #[serde(rename = "struct")]
    structs: Vec<Layout>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Layout {
    name: String,
    size: u32,
    fields: Vec<(String, String, u32, u32)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrnoFile {
    errno: Vec<Errno>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Errno {
    name: String,
    number: u16,
    text: String,
}

const FAMILIES: &[&str] = &[
    "file", "desc", "network", "process", "signal", "memory", "ipc", "time", "system",
];

/// How the note of a call at full support begins.
const AS_ON_LINUX: &str = "As on Linux, ";

/// Checks the spec and returns the Rust source of its tables, or what is wrong, a line each.
pub(crate) fn tables(sources: &Sources<'_>) -> Result<String, String> {
    let calls: SyscallFile = read("syscalls.toml", sources.syscalls)?;
    let support: SupportFile = read("support.toml", sources.support)?;
    let layouts: LayoutFile = read("layouts.toml", sources.layouts)?;
    let errnos: ErrnoFile = read("errno.toml", sources.errno)?;

    let mut out = Writer::default();
    out.errnos(&errnos.errno);
    let layout_names: BTreeSet<&str> = layouts.structs.iter().map(|l| l.name.as_str()).collect();
    out.layouts(&layouts.structs);
    out.syscalls(&calls.syscall, &errnos.errno, &layout_names);
    out.support(&support.import);
    out.index(&calls.syscall, &support.import);
    if out.problems.is_empty() {
        Ok(out.text)
    } else {
        Err(out.problems.join("\n"))
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|e| format!("{file}: {e}"))
}

#[derive(Default)]
struct Writer {
    text: String,
    problems: Vec<String>,
}

impl Writer {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        self.text
            .write_fmt(line)
            .expect("writing to a String cannot fail");
        self.text.push('\n');
    }

    fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    fn errnos(&mut self, errnos: &[Errno]) {
        if !errnos.is_sorted_by(|a, b| a.number < b.number) {
            self.problem("errno.toml: not sorted by number, or a number twice".to_owned());
        }
        self.line(format_args!(
            "/// Every error number, sorted.\npub static ERRNOS: &[Errno] = &["
        ));
        for e in errnos {
            let Errno { name, number, text } = e;
            self.line(format_args!(
                "    Errno {{ name: {name:?}, number: {number}, text: {text:?} }},"
            ));
        }
        self.line(format_args!("];"));
    }

    fn layouts(&mut self, layouts: &[Layout]) {
        if !layouts.is_sorted_by(|a, b| a.name < b.name) {
            self.problem("layouts.toml: not sorted by name, or a name twice".to_owned());
        }
        self.line(format_args!(
            "/// Every structure of the interface, sorted by name.\npub static LAYOUTS: &[Layout] = &["
        ));
        for layout in layouts {
            let Layout { name, size, fields } = layout;
            self.line(format_args!(
                "    Layout {{ name: {name:?}, size_bytes: {size}, fields: &["
            ));
            let mut end = 0;
            for (field, ty, offset, bytes) in fields {
                if *offset < end || offset + bytes > *size {
                    self.problem(format!(
                        "layouts.toml: {name}.{field} overlaps a neighbour or the end"
                    ));
                }
                end = offset + bytes;
                self.line(format_args!(
                    "        Field {{ name: {field:?}, ty: {ty:?}, offset: {offset}, size_bytes: {bytes} }},"
                ));
            }
            self.line(format_args!("    ] }},"));
        }
        self.line(format_args!("];"));
    }

    fn syscalls(&mut self, calls: &[Syscall], errnos: &[Errno], layouts: &BTreeSet<&str>) {
        if !calls.is_sorted_by(|a, b| a.nr[0] < b.nr[0]) {
            self.problem(
                "syscalls.toml: not sorted by x86-64 number, or a number twice".to_owned(),
            );
        }
        for isa in 1..3 {
            let mut seen = BTreeMap::new();
            for call in calls.iter().filter(|c| c.nr[isa] >= 0) {
                if let Some(other) = seen.insert(call.nr[isa], &call.name) {
                    // getpgrp and a few old calls have no number of their own elsewhere.
                    self.problem(format!(
                        "syscalls.toml: {other} and {} share number {} in column {isa}",
                        call.name, call.nr[isa]
                    ));
                }
            }
        }
        self.line(format_args!(
            "/// Every system call, sorted by its x86-64 number.\npub static SYSCALLS: &[Syscall] = &["
        ));
        for call in calls {
            if let Err(problem) = self.syscall(call, errnos, layouts) {
                self.problem(format!("syscalls.toml: {}: {problem}", call.name));
            }
        }
        self.line(format_args!("];"));
    }

    fn syscall(
        &mut self,
        call: &Syscall,
        errnos: &[Errno],
        layouts: &BTreeSet<&str>,
    ) -> Result<(), String> {
        let names: Vec<&str> = call
            .args
            .iter()
            .map(|a| a.split(':').next().unwrap_or_default().trim())
            .collect();
        let mut args = String::new();
        let mut params = String::new();
        for text in &call.args {
            let (name, ty) = text
                .split_once(':')
                .ok_or(format!("argument {text:?}: no type"))?;
            let (name, ty) = (name.trim(), ty.trim());
            let (expr, val) = arg_type(ty, &names, layouts)?;
            let _ = write!(args, "Arg {{ name: {name:?}, ty: {expr}, text: {ty:?} }}, ");
            let _ = write!(params, "ValType::{val:?}, ");
        }
        let serve = match (call.serve.as_str(), &call.errno) {
            ("direct", None) => "Serve::Direct".to_owned(),
            ("hand", None) => "Serve::Hand".to_owned(),
            ("refused", Some(name)) => {
                let at = errnos.iter().position(|e| &e.name == name);
                format!(
                    "Serve::Refused(&ERRNOS[{}])",
                    at.ok_or(format!("no errno {name}"))?
                )
            }
            (serve, errno) => {
                return Err(format!("serve {serve:?} does not go with errno {errno:?}"));
            }
        };
        let support = match call.support.as_str() {
            "full" => "Full",
            "partial" => "Partial",
            "refused" => "Refused",
            other => return Err(format!("unknown support {other:?}")),
        };
        if support != "Full" && call.note.is_empty() {
            return Err("below full support a note is obligatory".to_owned());
        }
        if support == "Full" && !call.note.is_empty() && !call.note.starts_with(AS_ON_LINUX) {
            return Err(format!(
                "a note at full support begins with {AS_ON_LINUX:?}; what differs is partial support"
            ));
        }
        if (support == "Refused") != (call.serve == "refused") {
            return Err("support and serve disagree on refused".to_owned());
        }
        if !FAMILIES.contains(&call.family.as_str()) {
            return Err(format!(
                "unknown family {:?}; known: {FAMILIES:?}",
                call.family
            ));
        }
        let numbers: Vec<String> = call
            .nr
            .iter()
            .map(|nr| u32::try_from(*nr).map_or("None".to_owned(), |nr| format!("Some({nr})")))
            .collect();
        let via = match &call.via {
            None => "None".to_owned(),
            Some(text) => format!("Some({})", via_expr(text, &names)?),
        };
        let import = call.import_name();
        let Syscall {
            name,
            family,
            note,
            aliases,
            published,
            ..
        } = call;
        self.line(format_args!(
            "    Syscall {{ name: {name:?}, import: {import:?}, numbers: [{}], args: &[{args}], params: &[{params}], \
             serve: {serve}, support: Support::{support}, family: {family:?}, note: {note:?}, \
             aliases: &{aliases:?}, published: {published}, via: {via} }},",
            numbers.join(", ")
        ));
        Ok(())
    }

    fn support(&mut self, imports: &[SupportImport]) {
        self.line(format_args!(
            "/// Every import that is no system call.\npub static SUPPORT: &[SupportImport] = &["
        ));
        for import in imports {
            let vals = |types: &[String]| -> Result<Vec<String>, String> {
                types
                    .iter()
                    .map(|t| val_type(t).map(|v| format!("ValType::{v:?}")))
                    .collect()
            };
            let SupportImport {
                name,
                meaning,
                legacy,
                ..
            } = import;
            match (vals(&import.params), vals(&import.results)) {
                (Ok(params), Ok(results)) if results.len() < 2 => {
                    let result = results
                        .first()
                        .map_or("None".to_owned(), |r| format!("Some({r})"));
                    self.line(format_args!(
                        "    SupportImport {{ name: {name:?}, params: &[{}], result: {result}, \
                         meaning: {meaning:?}, legacy: {legacy} }},",
                        params.join(", ")
                    ));
                }
                _ => self.problem(format!(
                    "support.toml: {name}: types are i32 and i64, one result"
                )),
            }
        }
        self.line(format_args!("];"));
    }

    /// The import names in order, so that a lookup is a binary search.
    fn index(&mut self, calls: &[Syscall], imports: &[SupportImport]) {
        let mut names = BTreeMap::new();
        let mut doubles = Vec::new();
        for (i, call) in calls.iter().enumerate() {
            for name in std::iter::once(call.import_name()).chain(&call.aliases) {
                if names
                    .insert(
                        format!("SYS_{name}"),
                        format!("Import::Syscall(&SYSCALLS[{i}])"),
                    )
                    .is_some()
                {
                    doubles.push(name.clone());
                }
            }
        }
        for (i, import) in imports.iter().enumerate() {
            if names
                .insert(
                    import.name.clone(),
                    format!("Import::Support(&SUPPORT[{i}])"),
                )
                .is_some()
            {
                doubles.push(import.name.clone());
            }
        }
        for name in doubles {
            self.problem(format!("the import name {name} is used twice"));
        }
        self.line(format_args!("static IMPORTS: &[(&str, Import)] = &["));
        for (name, import) in names {
            self.line(format_args!("    ({name:?}, {import}),"));
        }
        self.line(format_args!("];"));
    }
}

/// The Rust expression of `call(argument, number, …)`.
fn via_expr(text: &str, args: &[&str]) -> Result<String, String> {
    let (call, list) = text
        .strip_suffix(')')
        .and_then(|text| text.split_once('('))
        .ok_or(format!("via {text:?} is no call"))?;
    let mut exprs = String::new();
    for word in list
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        let number = match word {
            "AT_FDCWD" => Ok(-100),
            "AT_SYMLINK_NOFOLLOW" => Ok(0x100),
            "AT_REMOVEDIR" => Ok(0x200),
            _ => word.parse::<i32>(),
        };
        let _ = match (number, args.iter().position(|arg| *arg == word)) {
            (Ok(number), _) => write!(exprs, "ViaArg::Number({number}), "),
            (_, Some(index)) => write!(exprs, "ViaArg::Arg({index}), "),
            _ => return Err(format!("via {text:?}: no argument {word:?}")),
        };
    }
    Ok(format!("Via {{ call: {call:?}, args: &[{exprs}] }}"))
}

fn val_type(text: &str) -> Result<ValType, String> {
    match text {
        "i32" => Ok(ValType::I32),
        "i64" => Ok(ValType::I64),
        other => Err(format!("unknown Wasm type {other:?}")),
    }
}

fn find_scalar(name: &str) -> Option<(usize, &'static Scalar)> {
    SCALARS.iter().enumerate().find(|(_, s)| s.name == name)
}

/// The Rust expression of an argument's type, and its Wasm type.
fn arg_type(
    text: &str,
    args: &[&str],
    layouts: &BTreeSet<&str>,
) -> Result<(String, ValType), String> {
    if let Some((i, scalar)) = find_scalar(text) {
        return Ok((format!("ArgType::Scalar(SCALARS[{i}])"), scalar.val));
    }
    match text {
        "ptr" => return Ok(("ArgType::Address".to_owned(), ValType::I32)),
        "func" => return Ok(("ArgType::Function".to_owned(), ValType::I32)),
        _ => {}
    }
    let (dir, target) = text
        .split_once(' ')
        .ok_or(format!("unknown type {text:?}"))?;
    let (dir, nullable) = match dir.strip_suffix('?') {
        Some(dir) => (dir, true),
        None => (dir, false),
    };
    let dir = match dir {
        "in" => "In",
        "out" => "Out",
        "inout" => "InOut",
        other => {
            return Err(format!(
                "{other:?} is neither a scalar type nor a direction"
            ));
        }
    };
    let target = target_expr(target.trim(), args, layouts)?;
    Ok((
        format!("ArgType::Pointer {{ dir: Dir::{dir}, nullable: {nullable}, target: {target} }}"),
        ValType::I32,
    ))
}

fn target_expr(text: &str, args: &[&str], layouts: &BTreeSet<&str>) -> Result<String, String> {
    if text == "cstr" {
        return Ok("Target::CStr".to_owned());
    }
    if let Some(follow) = path_expr(text, args)? {
        return Ok(format!("Target::Path({follow})"));
    }
    let (element, len) = match text.split_once('[') {
        None => (text, "Len::Fixed(1)".to_owned()),
        Some((element, rest)) => {
            let len = rest
                .strip_suffix(']')
                .ok_or(format!("{text:?}: no closing bracket"))?;
            (element.trim(), len_expr(len.trim(), args)?)
        }
    };
    if element == "bytes" {
        return Ok(format!("Target::Bytes({len})"));
    }
    if let Some(name) = element.strip_prefix("struct ") {
        if !layouts.contains(name) {
            return Err(format!("layouts.toml has no struct {name}"));
        }
        return Ok(format!("Target::Struct({name:?}, {len})"));
    }
    let (i, _) = find_scalar(element).ok_or(format!("unknown pointer target {element:?}"))?;
    Ok(format!("Target::Scalar(SCALARS[{i}], {len})"))
}

/// The Rust expression of when a path's last link is followed; `None` for what is no path.
fn path_expr(text: &str, args: &[&str]) -> Result<Option<String>, String> {
    let (kind, condition) = match text.split_once(" unless ") {
        Some((kind, condition)) => (kind, Some(condition)),
        None => (text, None),
    };
    let (plain, flagged) = match kind {
        "path" => ("Always", "Unless"),
        "link" => ("Never", "If"),
        _ => return Ok(None),
    };
    let Some(condition) = condition else {
        return Ok(Some(format!("Follow::{plain}")));
    };
    let (arg, flag) = condition
        .split_once(" & ")
        .ok_or(format!("{text:?}: write `unless ARGUMENT & FLAG`"))?;
    let index = args
        .iter()
        .position(|a| *a == arg)
        .ok_or(format!("no argument {arg:?}"))?;
    let (_, bit) = FOLLOW_FLAGS
        .iter()
        .find(|(name, _)| *name == flag)
        .ok_or(format!(
            "no flag {flag:?} about links; known are those of FOLLOW_FLAGS"
        ))?;
    Ok(Some(format!("Follow::{flagged}({index}, {bit:#x})")))
}

fn len_expr(text: &str, args: &[&str]) -> Result<String, String> {
    if let Ok(number) = text.parse::<u32>() {
        return Ok(format!("Len::Fixed({number})"));
    }
    let (kind, name) = match text.strip_prefix('*') {
        Some(name) => ("Deref", name),
        None => ("Arg", text),
    };
    let index = args
        .iter()
        .position(|a| *a == name)
        .ok_or(format!("no argument {name:?}"))?;
    Ok(format!("Len::{kind}({index})"))
}
