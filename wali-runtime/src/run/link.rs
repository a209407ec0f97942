//! The host functions that serve a program's imports: made once a process, for all its instances.

use wali_contract::ENGINE_MODULE;
use wasmtime::{FuncType, Module};

use crate::calls::define::{Define, Imports};
use crate::calls::{self, memory, start, sys};
use crate::program::Linked;
use crate::signals::direct::DirectCalls;

/// Links `module`.
///
/// # Errors
/// An import is not known or has another type, which a module that was checked has not.
pub(super) fn link(module: &Module) -> wasmtime::Result<Linked> {
    let mut imports = Imports::new(module.engine());
    let mut direct = DirectCalls::default();
    let mut n_functions = 0;
    for import in module.imports() {
        let (from, name) = (import.module(), import.name());
        let define = find(from, name)
            .ok_or_else(|| wasmtime::Error::msg(format!("no import {from}::{name}")))?;
        imports.want(from, name);
        match import.ty().func() {
            Some(ty) if ignores_result(from, name, ty) => imports.add_ignored(define, ty)?,
            _ => {
                define(&mut imports)?;
                if from == wali_abi::MODULE && !is_watched(name) {
                    direct.add(n_functions, name);
                }
            }
        }
        n_functions += usize::from(import.ty().func().is_some());
    }
    // The interpreter calls nothing but the engine's functions.
    let is_direct = !module.engine().is_pulley();
    Ok(Linked::new(
        imports.finish(module)?,
        is_direct.then_some(direct),
    ))
}

/// Whether a module declares a system call without its result.
fn ignores_result(module: &str, name: &str, ty: &FuncType) -> bool {
    let known = (module == wali_abi::MODULE).then(|| wali_abi::import(name));
    let result = known.flatten().and_then(|import| import.result());
    result.is_some() && ty.results().len() == 0
}

fn find(module: &str, name: &str) -> Option<Define> {
    match module {
        ENGINE_MODULE => memory::find(name),
        _ => sys::find(name).or_else(|| start::find(name)),
    }
}

/// Whether somebody has to see the calls of the import `name` of the interface.
fn is_watched(name: &str) -> bool {
    match wali_abi::import(name) {
        Some(wali_abi::Import::Syscall(call)) => calls::is_watched(call),
        _ => false,
    }
}
