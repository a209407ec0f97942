//! What is rewritten and what is not; what rewritten calls do is tested in `wali-engine`, where they run.

use wasmparser::{KnownCustom, Name, Parser, Payload};

use super::adapt_indirect_calls;

/// A module that calls `callee` through the type `called`, with the parameters of `call`.
fn module(called: &str, callee: &str, loads: &str) -> String {
    format!(
        "(module
           (type $called (func {called}))
           (table funcref (elem $callee))
           (func $callee {callee})
           (func (export \"call\") {called}
             {loads} (call_indirect (type $called) (i32.const 0))))"
    )
}

#[test]
fn modules_whose_calls_all_fit_stay_as_they_are() {
    let modules = [
        "(module)",
        "(module (func (export \"f\")))",
        "(module (table 1 funcref) (type $t (func))
           (func (call_indirect (type $t) (i32.const 0))))",
        "(module (table funcref (elem $f)) (type $t (func)) (func $f)
           (func (call_indirect (type $t) (i32.const 0))))",
    ];
    for module in modules {
        let wasm = wat::parse_str(module).unwrap();
        assert!(adapt_indirect_calls(&wasm).unwrap().is_none(), "{module}");
    }
}

/// The names of a module's functions, in order.
fn function_names(wasm: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CustomSection(section) = payload.unwrap()
            && let KnownCustom::Name(names) = section.as_known()
        {
            for name in names {
                if let Name::Function(map) = name.unwrap() {
                    found.extend(
                        map.into_iter()
                            .map(|naming| naming.unwrap().name.to_owned()),
                    );
                }
            }
        }
    }
    found
}

#[test]
fn new_functions_have_names_and_old_ones_keep_theirs() {
    let wasm = wat::parse_str(module("(param i32)", "", "local.get 0")).unwrap();
    let adapted = adapt_indirect_calls(&wasm).unwrap().unwrap();
    let other = "(call through another type)";
    assert_eq!(function_names(&adapted), ["callee", other, other]);
}

#[test]
fn a_damaged_module_is_an_error() {
    let wasm = wat::parse_str(module("(param i32)", "", "local.get 0")).unwrap();
    for length in 1..wasm.len() {
        // A cut at a section's end leaves a smaller module.
        let _ = adapt_indirect_calls(&wasm[..length]);
    }
    assert!(adapt_indirect_calls(&wasm[..wasm.len() / 2]).is_err());
    assert!(adapt_indirect_calls(b"\x7fELF").is_err());
}
