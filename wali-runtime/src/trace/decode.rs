//! Arguments as text.

use std::fmt::Write as _;

use wali_abi::{Arg, ArgType, Dir, Field, Layout, Len, Scalar, Syscall, Target, ValType};

use super::{descriptors, names, structures};
use crate::memory::{GuestAddr, GuestMemory, GuestPtr};

/// The most bytes of a string or buffer that are shown.
const TEXT_MAX: usize = 64;

/// The most elements of an array that are shown.
const ELEMENTS_MAX: u32 = 8;

/// Which way data flow through an argument.
pub(super) fn direction(arg: &Arg) -> Option<Dir> {
    match arg.ty {
        ArgType::Pointer { dir, .. } => Some(dir),
        _ => None,
    }
}

/// An argument as it is before the call.
pub(super) fn argument(
    memory: GuestMemory,
    syscall: &Syscall,
    arg: &Arg,
    raw: i64,
    args: &[i64],
) -> String {
    match arg.ty {
        ArgType::Scalar(scalar) => {
            let value = match (scalar.val, scalar.signed) {
                (ValType::I32, false) => i64::from(raw as u32),
                _ => raw,
            };
            let name = names::of(syscall.name, arg.name, value as u64)
                .or_else(|| names::after(syscall.name, arg.name, value as u64, args));
            match name {
                Some(text) => text,
                None => scalar_text(scalar, value),
            }
        }
        ArgType::Pointer { .. } | ArgType::Address if raw as u32 == 0 => "NULL".to_owned(),
        ArgType::Pointer {
            dir: Dir::In | Dir::InOut,
            target,
            ..
        } => target_text(memory, arg, target, raw, args, None),
        ArgType::Pointer { .. } | ArgType::Address => format!("{:#x}", raw as u32),
        ArgType::Function => format!("function {}", raw as u32),
    }
}

fn scalar_text(scalar: Scalar, value: i64) -> String {
    match scalar.name {
        "fd" => descriptors::descriptor(value as i32),
        "mode_t" => format!("0{value:03o}"),
        _ if scalar.signed => value.to_string(),
        _ => (value as u64).to_string(),
    }
}

/// What a successful call stored; `result` is what it returned.
pub(super) fn output(
    memory: GuestMemory,
    syscall: &Syscall,
    arg: &Arg,
    raw: i64,
    result: i64,
    args: &[i64],
) -> String {
    if (syscall.name, arg.name) == ("wait4", "wstatus") && result > 0 && raw as u32 != 0 {
        let at = GuestPtr::<i32>::new(GuestAddr(raw as u32));
        if let Ok(status) = memory.load(at) {
            return format!("[{}]", names::wait_status(status));
        }
    }
    match arg.ty {
        ArgType::Pointer { target, .. } if raw as u32 != 0 => {
            target_text(memory, arg, target, raw, args, Some(result))
        }
        _ => "NULL".to_owned(),
    }
}

fn target_text(
    memory: GuestMemory,
    arg: &Arg,
    target: Target,
    raw: i64,
    args: &[i64],
    result: Option<i64>,
) -> String {
    let addr = GuestAddr(raw as u32);
    let text = match target {
        Target::CStr | Target::Path(_) => string(memory, addr),
        Target::Bytes(len) => {
            let len = count(memory, len, args).unwrap_or(0);
            // A call that fills a buffer returns how far.
            let own = structures::untyped(memory, arg.name, &arg.ty, addr, len);
            let len = result.map_or(len, |result| len.min(result as u64));
            own.or_else(|| bytes(memory, addr, len))
        }
        Target::Struct(name, len) => wali_abi::layout(name).and_then(|layout| {
            // Of what vectors name, only so much was filled.
            let moved = result.map_or(u64::MAX, |result| result as u64);
            let one = |at| structure(memory, layout, at, moved);
            // Some calls fill an array, and return how far.
            let count = count(memory, len, args).map(|count| match (result, layout.name) {
                (Some(filled), "epoll_event") => count.min(filled as u64),
                _ => count,
            });
            elements(addr, layout.size_bytes, len, count, one)
        }),
        Target::Scalar(scalar, len) => {
            let one = |at| match scalar.name {
                "fd" => {
                    let fd = memory.load(GuestPtr::<i32>::new(at)).ok()?;
                    Some(descriptors::descriptor(fd))
                }
                _ => number(memory, at, scalar.size_bytes, scalar.signed),
            };
            elements(addr, scalar.size_bytes, len, count(memory, len, args), one)
        }
    };
    text.unwrap_or_else(|| format!("{:#x}", addr.0))
}

/// How many elements a length stands for.
fn count(memory: GuestMemory, len: Len, args: &[i64]) -> Option<u64> {
    match len {
        Len::Fixed(number) => Some(u64::from(number)),
        Len::Arg(index) => args.get(index).map(|value| *value as u32 as u64),
        Len::Deref(index) => {
            let at = GuestPtr::<u32>::new(GuestAddr(*args.get(index)? as u32));
            memory.load(at).ok().map(u64::from)
        }
    }
}

/// One element, or several in brackets.
fn elements(
    addr: GuestAddr,
    size_bytes: u32,
    len: Len,
    count: Option<u64>,
    one: impl Fn(GuestAddr) -> Option<String>,
) -> Option<String> {
    if len == Len::Fixed(1) {
        return one(addr);
    }
    let count = count?;
    let shown = u32::try_from(count).map_or(ELEMENTS_MAX, |count| count.min(ELEMENTS_MAX));
    let mut texts = Vec::new();
    for index in 0..shown {
        texts.push(one(addr.checked_add(index * size_bytes)?)?);
    }
    if count > u64::from(shown) {
        texts.push("...".to_owned());
    }
    Some(format!("[{}]", texts.join(", ")))
}

/// A structure, its fields by name; what its vectors show ends after `moved` bytes.
fn structure(memory: GuestMemory, layout: &Layout, at: GuestAddr, moved: u64) -> Option<String> {
    if let Some(text) = structures::of(memory, layout.name, at, moved) {
        return Some(text);
    }
    let mut fields = Vec::new();
    for field in layout.fields {
        let place = at.checked_add(field.offset)?;
        let nested = field.ty.strip_prefix("struct ").and_then(wali_abi::layout);
        let text = match (nested, field.size_bytes) {
            (Some(nested), _) => structure(memory, nested, place, moved)?,
            (None, 1 | 2 | 4 | 8) => field_text(memory, layout, field, place)?,
            (None, len) if field.ty.starts_with("char") || field.ty == "uts_str" => {
                string(memory, place).or_else(|| bytes(memory, place, u64::from(len)))?
            }
            _ => continue,
        };
        fields.push(format!("{}={text}", field.name));
    }
    Some(format!("{{{}}}", fields.join(", ")))
}

/// A field that is a number, by its name if it has one.
fn field_text(
    memory: GuestMemory,
    layout: &Layout,
    field: &Field,
    at: GuestAddr,
) -> Option<String> {
    let mut word = [0u8; 8];
    let len = field.size_bytes as usize;
    memory.read_bytes(at, &mut word[..len]).ok()?;
    names::of(layout.name, field.name, u64::from_le_bytes(word))
        .or_else(|| number(memory, at, field.size_bytes, is_signed(field.ty)))
}

fn is_signed(ty: &str) -> bool {
    !ty.starts_with('u')
        && !matches!(
            ty,
            "dev_t" | "ino_t" | "nlink_t" | "mode_t" | "rlim_t" | "size_t"
        )
}

fn number(memory: GuestMemory, at: GuestAddr, size_bytes: u32, signed: bool) -> Option<String> {
    let mut word = [0u8; 8];
    memory
        .read_bytes(at, &mut word[..size_bytes as usize])
        .ok()?;
    let value = u64::from_le_bytes(word);
    let unused = 64 - size_bytes * 8;
    Some(match signed {
        true => ((value << unused) as i64 >> unused).to_string(),
        false => value.to_string(),
    })
}

pub(super) fn string(memory: GuestMemory, addr: GuestAddr) -> Option<String> {
    match memory.read_cstr(addr, libc::PATH_MAX as usize) {
        Ok(text) => Some(quote(&text, text.len() as u64)),
        Err(_) => None,
    }
}

pub(super) fn bytes(memory: GuestMemory, addr: GuestAddr, len: u64) -> Option<String> {
    let mut shown = [0u8; TEXT_MAX];
    let shown = &mut shown[..len.min(TEXT_MAX as u64) as usize];
    memory.read_bytes(addr, shown).ok()?;
    Some(quote(shown, len))
}

/// Text in quotes as a C string, cut at [`TEXT_MAX`] bytes.
fn quote(text: &[u8], len: u64) -> String {
    let mut out = String::from("\"");
    for &byte in text.iter().take(TEXT_MAX) {
        let _ = match byte {
            b'"' | b'\\' => write!(out, "\\{}", byte as char),
            b'\n' => write!(out, "\\n"),
            b'\t' => write!(out, "\\t"),
            b'\r' => write!(out, "\\r"),
            0x20..=0x7e => write!(out, "{}", byte as char),
            _ => write!(out, "\\x{byte:02x}"),
        };
    }
    out.push('"');
    if len > TEXT_MAX as u64 {
        out.push_str("...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_as_in_c_and_cut() {
        assert_eq!(quote(b"a\"\\\n\x01\xff", 6), r#""a\"\\\n\x01\xff""#);
        let long = [b'x'; 100];
        assert_eq!(quote(&long, 100), format!("\"{}\"...", "x".repeat(64)));
    }

    #[test]
    fn unsigned_types_are_told_from_signed_ones() {
        for (ty, signed) in [
            ("int", true),
            ("long", true),
            ("u64", false),
            ("unsigned long", false),
        ] {
            assert_eq!(is_signed(ty), signed, "{ty}");
        }
        assert!(!is_signed("uint32_t") && !is_signed("rlim_t") && is_signed("off_t"));
    }
}
