//! Reads `spec/ioctls.toml`, checks it and writes it down as a Rust table.
//!
//! Compiled into the build script, and into the crate's own tests.

use std::fmt::Write as _;

use serde_derive::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    request: Vec<(String, u32, u32, String)>,
    #[serde(default)]
    range: Vec<(String, u8, u8, u8)>,
}

/// Checks the requests and returns the Rust source of their table, or what is wrong, a line each.
pub(crate) fn table(text: &str) -> Result<String, String> {
    let file: RequestFile = toml::from_str(text).map_err(|e| format!("ioctls.toml: {e}"))?;
    let mut problems = Vec::new();
    if !file.request.is_sorted_by(|a, b| a.1 < b.1) {
        problems.push("ioctls.toml: not sorted by number, or a number twice".to_owned());
    }
    let mut out = String::from(
        "/// Every `ioctl` request of the interface, sorted by the program's number.\n\
         pub static IOCTLS: &[Ioctl] = &[\n",
    );
    for (name, number, host_number, arg) in &file.request {
        let arg = match arg.as_str() {
            "number" => "Number",
            "int" => "Int",
            "flat" => "Flat",
            "blkpg_ioctl_arg" => "BlkpgArg",
            "console_font_op" => "ConsoleFontOp",
            "ifconf" => "Ifconf",
            "ifreq_data" => "IfreqData",
            "rtentry" => "Rtentry",
            "serial_struct" => "SerialStruct",
            "sock_fprog" => "SockFprog",
            "sock_fprog_out" => "SockFprogOut",
            "unimapdesc" => "Unimapdesc",
            other => {
                problems.push(format!("ioctls.toml: {name}: unknown argument {other:?}"));
                continue;
            }
        };
        let _ = writeln!(
            out,
            "    Ioctl {{ name: {name:?}, number: {number}, host_number: {host_number}, \
             arg: IoctlArg::{arg} }},"
        );
    }
    out.push_str("];\n");
    out.push_str(
        "/// The `ioctl` requests of any size whose data hold no addresses, sorted.\n\
         pub static IOCTL_RANGES: &[IoctlRange] = &[\n",
    );
    if !file.range.is_sorted_by(|a, b| (a.1, a.3) < (b.1, b.2)) {
        problems.push("ioctls.toml: ranges not sorted, or two that meet".to_owned());
    }
    for (names, kind, first, last) in &file.range {
        if first > last {
            problems.push(format!("ioctls.toml: {names}: the range is empty"));
        }
        let _ = writeln!(
            out,
            "    IoctlRange {{ names: {names:?}, kind: {kind}, first: {first}, last: {last} }},"
        );
    }
    out.push_str("];\n");
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems.join("\n"))
    }
}
