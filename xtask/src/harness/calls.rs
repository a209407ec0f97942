//! The programs of `tests/syscalls`, and the system calls that they say they test.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

use super::differential::{Test, tests};
use crate::cx::Cx;

/// The folder of the programs in `tests`.
pub(crate) const SUITE: &str = "syscalls";

/// Returns the programs.
///
/// # Errors
/// When there are none, a file's directives make no sense, or name a call that does not exist.
pub(crate) fn programs(cx: &Cx) -> Result<Vec<Test>> {
    let tests = tests(cx, SUITE)?;
    for test in &tests {
        let calls = &test.directives.calls;
        if let Some(unknown) = calls.iter().find(|name| wali_abi::syscall(name).is_none()) {
            bail!(
                "tests/{SUITE}/{}.c: calls: {unknown} is no system call",
                test.name
            );
        }
    }
    Ok(tests)
}

/// Returns the names of the programs that test each call, by the call's name.
///
/// # Errors
/// As [`programs`].
pub(crate) fn tested_calls(cx: &Cx) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for test in &programs(cx)? {
        for call in &test.directives.calls {
            found
                .entry(call.clone())
                .or_default()
                .push(test.name.clone());
        }
    }
    Ok(found)
}
