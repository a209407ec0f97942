//! The import table, from the interface's description.
//!
//! A call served by hand is called where it is defined: a function of its name, directly in a file
//! of `src/calls/sys` (or a folder in it). No such function, or two of them, stops the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use wali_abi::{
    ArgType, Dir, Follow, Import, Isa, Len, SYSCALLS, Serve, Syscall, Target, ValType, ViaArg,
};

use crate::target;

/// The functions that serve calls, by name, with the paths they are called by.
pub(crate) fn functions(sys: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let entries = std::fs::read_dir(sys).map_err(|e| format!("{}: {e}", sys.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| format!("{}: {e}", sys.display()))?.path();
        let Some(module) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let file = if path.is_dir() {
            path.join("mod.rs")
        } else {
            path.clone()
        };
        if module == "mod" || file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("pub(super) fn ")
                && let Some((name, _)) = rest.split_once('(')
            {
                let function = format!("super::{module}::{name}");
                found.entry(name.to_owned()).or_default().push(function);
            }
        }
    }
    Ok(found)
}

/// The table's Rust source, or what is wrong, a line each.
pub(crate) fn table(functions: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let mut problems = Vec::new();
    let mut out = String::from("&[\n");
    for (import, what) in wali_abi::imports() {
        let Import::Syscall(call) = what else {
            continue;
        };
        match body(call, functions) {
            Ok(body) => {
                // As pointers to functions, all calls of one type are one to wasmtime, whose wrapper of each
                // type takes as long to compile as all the rest of a call.
                let ty = function_type(call);
                let _ = writeln!(
                    out,
                    "    ({import:?}, |imports| imports.add(({body}) as {ty})),"
                );
            }
            Err(problem) => problems.push(problem),
        }
    }
    out.push_str("]\n");
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems.join("\n"))
    }
}

/// The type of the function that serves `call`, and of its parameters and results for wasmtime.
fn function_type(call: &Syscall) -> String {
    let params: String = (call.params.iter())
        .map(|val| match val {
            ValType::I32 => ", i32",
            ValType::I64 => ", i64",
        })
        .collect();
    format!("fn(Cx<'_>{params}) -> wasmtime::Result<i64>")
}

/// The closure that serves `call`.
fn body(call: &Syscall, functions: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let params: String = (call.params.iter().enumerate())
        .map(|(i, val)| match val {
            ValType::I32 => format!(", a{i}: i32"),
            ValType::I64 => format!(", a{i}: i64"),
        })
        .collect();
    let head = format!("|mut cx: Cx<'_>{params}|");
    let name = call.name;
    let index = (SYSCALLS.iter().position(|listed| listed.name == name))
        .ok_or_else(|| format!("{name} is not in the table of calls"))?;
    let values: Vec<String> = (call.params.iter().enumerate())
        .map(|(i, val)| match val {
            ValType::I32 => format!("i64::from(a{i})"),
            ValType::I64 => format!("a{i}"),
        })
        .collect();
    let head = format!("{head} enter(&mut cx, {index}, &[{}],", values.join(", "));
    match call.serve {
        Serve::Refused(errno) => Ok(format!("{head} |_| refused({}))", errno.number)),
        Serve::Hand => {
            let function = match functions.get(name).map(Vec::as_slice) {
                Some([function]) => function,
                None | Some([]) => {
                    return Err(format!(
                        "src/calls/sys has no function `pub(super) fn {name}(cx: &mut Cx<'_>, …)`; \
                         the spec says it is served by hand"
                    ));
                }
                Some(several) => return Err(format!("{name} is served by {several:?}")),
            };
            let args: String = (0..call.params.len())
                .map(|i| format!(", FromWasm::from_wasm(a{i})"))
                .collect();
            Ok(format!("{head} |cx| {function}(cx{args}))"))
        }
        Serve::Direct => {
            let found = Isa::ALL.map(|isa| direct(call, isa, functions));
            let [x86_64, aarch64, riscv64] = found;
            let bodies = [x86_64?, aarch64?, riscv64?];
            Ok(format!("{head} |cx| {})", bodies[target() as usize]))
        }
    }
}

/// The expression that makes the kernel of `isa` answer a call: by its number there, through its
/// newer relative, or by a function written by hand.
fn direct(
    call: &Syscall,
    isa: Isa,
    functions: &BTreeMap<String, Vec<String>>,
) -> Result<String, String> {
    let own: Vec<ViaArg> = (0..call.args.len()).map(ViaArg::Arg).collect();
    if let Some(number) = call.number(isa) {
        return kernel_call(call, isa, number, &own);
    }
    if let Some(via) = call.via {
        let number =
            (wali_abi::syscall(via.call).and_then(|newer| newer.number(isa))).ok_or_else(|| {
                format!(
                    "{} is to be served by {}, which is none",
                    call.name, via.call
                )
            })?;
        return kernel_call(call, isa, number, via.args);
    }
    match functions.get(call.name).map(Vec::as_slice) {
        Some([function]) => {
            let args: String = (0..call.params.len())
                .map(|i| format!(", FromWasm::from_wasm(a{i})"))
                .collect();
            Ok(format!("{function}(cx{args})"))
        }
        _ => Err(format!(
            "{isa:?} has no {}, and neither does the spec say which call answers in its place nor \
             has src/calls/sys one function `pub(super) fn {}`",
            call.name, call.name
        )),
    }
}

/// The expression that makes the kernel's call `number` with these arguments of `call`. A structure
/// that `isa` lays out differently is translated.
fn kernel_call(call: &Syscall, isa: Isa, number: u32, args: &[ViaArg]) -> Result<String, String> {
    let words: Vec<String> = (args.iter())
        .map(|arg| match arg {
            ViaArg::Number(number) => format!("Word::from({number}_i32)"),
            ViaArg::Arg(index) => word(*index, &call.args[*index].ty),
        })
        .collect();
    let words = words.join(", ");
    let place_of = |index: usize| args.iter().position(|arg| *arg == ViaArg::Arg(index));
    let mut foreign = args.iter().enumerate().filter_map(|(place, arg)| {
        let ViaArg::Arg(index) = arg else { return None };
        match call.args[*index].ty {
            ArgType::Pointer {
                dir,
                target: Target::Struct(tag, len),
                ..
            } if wali_abi::isa::structure(isa, tag).is_some() => {
                let at = format!("GuestAddr(a{index}.cast_unsigned())");
                let place = format!("Place {{ word: {place}, tag: {tag:?}, at: {at} }}");
                Some((place, dir, len))
            }
            _ => None,
        }
    });
    let (first, second) = (foreign.next(), foreign.next());
    match (first, second) {
        (None, _) => Ok(format!("kernel(cx, {number}, &[{words}])")),
        (Some((place, Dir::In, Len::Fixed(1))), None) => {
            Ok(format!("kernel_reading(cx, {number}, &[{words}], {place})"))
        }
        (Some((place, Dir::Out, Len::Fixed(1))), None) => {
            Ok(format!("kernel_filling(cx, {number}, &[{words}], {place})"))
        }
        (Some((place, Dir::Out, Len::Arg(index))), None) if place_of(index).is_some() => {
            let count = place_of(index).unwrap_or_default();
            Ok(format!(
                "kernel_filling_many(cx, {number}, &[{words}], {place}, {count})"
            ))
        }
        _ => Err(format!(
            "{}: its structures differ on {isa:?} in a way that nothing here translates",
            call.name
        )),
    }
}

/// The expression of an argument's word for the kernel.
fn word(index: usize, ty: &ArgType) -> String {
    match ty {
        ArgType::Scalar(scalar) if scalar.name == "open_flags" => format!("open_flags(a{index})"),
        ArgType::Scalar(scalar) if scalar.val == ValType::I32 && !scalar.signed => {
            format!("Word::from(a{index}.cast_unsigned())")
        }
        ArgType::Scalar(_) => format!("Word::from(a{index})"),
        ArgType::Pointer {
            target: Target::Path(follow),
            ..
        } => match follow {
            // About the link itself: whatever it leads to plays no part.
            Follow::Never => format!("pointer(cx, a{index})"),
            Follow::Always => format!("path(cx, a{index}, true)"),
            Follow::Unless(flags, bit) => format!("path(cx, a{index}, a{flags} & {bit:#x} == 0)"),
            Follow::If(flags, bit) => format!("path(cx, a{index}, a{flags} & {bit:#x} != 0)"),
        },
        ArgType::Pointer { .. } | ArgType::Address | ArgType::Function => {
            format!("pointer(cx, a{index})")
        }
    }
}
