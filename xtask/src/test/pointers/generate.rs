//! The table of calls as C source, from the spec's typed arguments and `tests/pointers/arguments.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};
use serde::Deserialize;
use wali_abi::{Arg, ArgType, Dir, Len, SYSCALLS, Serve, Syscall, Target, ValType};

/// `tests/pointers/arguments.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arguments {
    call: Vec<Plausible>,
}

/// How one call is tried.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plausible {
    name: String,
    /// Tells several entries of one call apart.
    #[serde(default)]
    label: String,
    /// Why it is not tried at all.
    skip: Option<String>,
    /// C expressions by the arguments' names.
    #[serde(default)]
    args: BTreeMap<String, String>,
    /// Arguments that keep their plausible value.
    #[serde(default)]
    fixed: Vec<String>,
    /// Further arguments that count as addresses, with the size of what is there.
    #[serde(default)]
    pointers: BTreeMap<String, u32>,
    /// Why no lengths are tried.
    no_lengths: Option<String>,
    /// Whether some attempts wait until they are killed.
    #[serde(default)]
    waits: bool,
    /// Whether the result is the same in each run.
    #[serde(default = "yes")]
    result: bool,
}

fn yes() -> bool {
    true
}

impl Arguments {
    /// Reads the file's text.
    ///
    /// # Errors
    /// When it is malformed, or names a call or an argument that does not exist.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let arguments: Self = toml::from_str(text)?;
        for entry in &arguments.call {
            let Some(call) = wali_abi::syscall(&entry.name) else {
                bail!("there is no system call `{}`", entry.name);
            };
            let named = entry.args.keys().chain(&entry.fixed);
            for name in named.chain(entry.pointers.keys()) {
                if call.args.iter().all(|arg| arg.name != name) {
                    bail!("`{}` has no argument `{name}`", entry.name);
                }
            }
        }
        Ok(arguments)
    }

    /// The calls that are tried.
    pub(crate) fn tried(&self) -> Vec<&'static Syscall> {
        let is_tried = |call: &&Syscall| !call.args.is_empty() && self.reason(call).is_none();
        SYSCALLS.iter().filter(is_tried).collect()
    }

    /// Why `call` is not tried.
    fn reason(&self, call: &Syscall) -> Option<&str> {
        if matches!(call.serve, Serve::Refused(_)) {
            return Some("not served");
        }
        self.entries(call).find_map(|entry| entry.skip.as_deref())
    }

    fn entries(&self, call: &Syscall) -> impl Iterator<Item = &Plausible> {
        self.call.iter().filter(|entry| entry.name == call.name)
    }

    /// The C source of the table of `calls`.
    pub(crate) fn source(&self, calls: &[&Syscall]) -> String {
        let mut out = String::from("#include \"probe.h\"\n\n");
        for call in calls {
            self.bases(&mut out, call);
        }
        out.push_str("const struct call calls[] = {\n");
        for call in calls {
            let numbers = call.numbers.map(|nr| nr.map_or(-1, i64::from));
            let _ = writeln!(
                out,
                "\t{{\"{0}\", {{{1}, {2}, {3}}}, {4}, {{",
                call.name,
                numbers[0],
                numbers[1],
                numbers[2],
                call.args.len()
            );
            for arg in call.args {
                let _ = writeln!(out, "\t\t{},", self.arg(call, arg));
            }
            let n_bases = self.entries(call).count().max(1);
            let _ = writeln!(out, "\t}}, {n_bases}, bases_{}}},", call.name);
        }
        out.push_str("};\nconst int n_calls = sizeof calls / sizeof *calls;\n");
        out
    }

    fn bases(&self, out: &mut String, call: &Syscall) {
        let plain = Plausible {
            name: call.name.to_owned(),
            label: String::new(),
            skip: None,
            args: BTreeMap::new(),
            fixed: Vec::new(),
            pointers: BTreeMap::new(),
            no_lengths: None,
            waits: false,
            result: true,
        };
        let listed: Vec<&Plausible> = self.entries(call).collect();
        let entries = if listed.is_empty() {
            vec![&plain]
        } else {
            listed
        };
        let mut rows = String::new();
        for (n, entry) in entries.iter().enumerate() {
            let _ = writeln!(out, "static void fill_{}_{n}(long long *a)\n{{", call.name);
            for (i, arg) in call.args.iter().enumerate() {
                let default = || plausible(call, i, arg);
                let value = entry.args.get(arg.name).cloned().unwrap_or_else(default);
                let value = value.replace('@', &i.to_string());
                let _ = writeln!(out, "\ta[{i}] = {value};");
            }
            out.push_str("}\n\n");
            let is_fixed = |arg: &Arg| entry.fixed.iter().any(|name| name == arg.name);
            let fixed = (call.args.iter().enumerate())
                .filter(|(_, arg)| is_fixed(arg))
                .fold(0, |bits, (i, _)| bits | 1 << i);
            let _ = writeln!(
                rows,
                "\t{{\"{0}{1}\", fill_{2}_{n}, {fixed}, {3}, {4}, {5}}},",
                if entry.label.is_empty() { "" } else { " " },
                entry.label,
                call.name,
                u8::from(entry.no_lengths.is_none()),
                u8::from(entry.result),
                u8::from(entry.waits)
            );
        }
        let _ = writeln!(
            out,
            "static const struct base bases_{}[] = {{\n{rows}}};\n",
            call.name
        );
    }

    /// An argument's row.
    fn arg(&self, call: &Syscall, arg: &Arg) -> String {
        let listed = (self.entries(call)).find_map(|entry| entry.pointers.get(arg.name));
        let (kind, is_written, size) = match (listed, arg.ty) {
            (Some(&size), _) => ("DATA", true, size),
            (None, ArgType::Pointer { dir, target, .. }) => {
                let kind = if matches!(target, Target::CStr | Target::Path(_)) {
                    "TEXT"
                } else {
                    "DATA"
                };
                (kind, dir != Dir::In, size_of(target))
            }
            (None, ArgType::Address) => ("ADDRESS", false, 1),
            (None, ArgType::Scalar(scalar)) if scalar.name == "fd" => ("DESCRIPTOR", false, 4),
            (None, ArgType::Scalar(_)) => match length_of(call, arg) {
                Some(size) => ("LENGTH", false, size),
                None => ("NUMBER", false, 4),
            },
            (None, ArgType::Function) => ("NUMBER", false, 4),
        };
        let is_wide = arg.ty.val() == ValType::I64;
        let is_signed = matches!(arg.ty, ArgType::Scalar(scalar) if scalar.signed);
        format!(
            "{{\"{}\", {kind}, {}, {}, {}, {size}}}",
            arg.name,
            u8::from(is_written),
            u8::from(is_wide),
            u8::from(is_signed)
        )
    }
}

/// Bytes of one element of what a pointer points to.
fn size_of(target: Target) -> u32 {
    match target {
        Target::CStr | Target::Path(_) => 8,
        Target::Bytes(_) => 1,
        Target::Struct(name, _) => wali_abi::layout(name).map_or(1, |layout| layout.size_bytes),
        Target::Scalar(scalar, _) => scalar.size_bytes,
    }
}

/// The size of the elements that `arg` counts, if it is a length.
fn length_of(call: &Syscall, arg: &Arg) -> Option<u32> {
    let counted = call.args.iter().find_map(|other| match other.ty {
        ArgType::Pointer { target, .. } => match target {
            Target::Bytes(Len::Arg(i))
            | Target::Struct(_, Len::Arg(i))
            | Target::Scalar(_, Len::Arg(i))
                if call.args[i].name == arg.name =>
            {
                Some(size_of(target))
            }
            _ => None,
        },
        _ => None,
    });
    let words = ["len", "length", "size", "count", "maxnode", "nr"];
    let is_named = || words.iter().any(|word| arg.name.ends_with(word));
    counted.or_else(|| is_named().then_some(1))
}

/// The C expression of a plausible value of argument `i`; `@` stands for its number.
fn plausible(call: &Syscall, i: usize, arg: &Arg) -> String {
    match arg.ty {
        ArgType::Scalar(scalar) if scalar.name == "fd" => descriptor(call, arg.name),
        ArgType::Scalar(_) if arg.name == "sigsetsize" => "8".to_owned(),
        ArgType::Scalar(_) => match length_of(call, arg) {
            Some(1) => "64".to_owned(),
            Some(_) => "1".to_owned(),
            None => "0".to_owned(),
        },
        ArgType::Pointer { target, .. } => match target {
            Target::CStr | Target::Path(_) => text(call, arg.name, i),
            Target::Scalar(scalar, _) if scalar.name == "socklen_t" => "word(@, 64)".to_owned(),
            _ => "at(@)".to_owned(),
        },
        ArgType::Address => "at(@)".to_owned(),
        ArgType::Function => "0".to_owned(),
    }
}

fn descriptor(call: &Syscall, name: &str) -> String {
    match name {
        _ if name.ends_with("dirfd") => "AT_FDCWD",
        "epfd" => "an_epoll()",
        "pidfd" => "pidfd_of_self()",
        _ if call.family == "network" => "sock()",
        _ => "file()",
    }
    .to_owned()
}

fn text(call: &Syscall, name: &str, i: usize) -> String {
    let is_text = |arg: &Arg| {
        matches!(
            arg.ty,
            ArgType::Pointer {
                target: Target::CStr | Target::Path(_),
                ..
            }
        )
    };
    let is_second = i > 0 && call.args[..i].iter().any(is_text);
    let string = match name {
        "name" => "user.name",
        _ if name.starts_with("new") || name == "linkpath" || is_second => "new",
        _ => "file",
    };
    format!("text(@, \"{string}\")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_lengths_and_descriptors_are_told_by_the_spec() {
        let arguments = Arguments::parse("call = []").unwrap();
        let read = wali_abi::syscall("read").unwrap();
        let source = arguments.source(&[read]);
        for line in [
            "{\"fd\", DESCRIPTOR, 0, 0, 1, 4}",
            "{\"buf\", DATA, 1, 0, 0, 1}",
            "{\"count\", LENGTH, 0, 0, 0, 1}",
            "a[1] = at(1);",
            "a[0] = file();",
        ] {
            assert!(source.contains(line), "{line}: {source}");
        }
    }

    #[test]
    fn a_name_that_does_not_exist_is_refused() {
        for text in [
            "call = [{ name = \"raed\" }]",
            "call = [{ name = \"read\", args = { buffer = \"0\" } }]",
            "call = [{ name = \"read\", fixed = [\"buffer\"] }]",
        ] {
            assert!(Arguments::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn refused_and_skipped_calls_are_not_tried() {
        let text = "call = [{ name = \"kill\", skip = \"it hits the test\" }]";
        let tried = Arguments::parse(text).unwrap().tried();
        assert!(tried.iter().any(|call| call.name == "write"));
        for name in ["kill", "bpf", "getpid"] {
            assert!(tried.iter().all(|call| call.name != name), "{name}");
        }
    }
}
