//! The host functions that serve a program's imports: made once a process, for all its instances.

use std::fmt;

use wasmtime::{
    Caller, Extern, FuncType, Instance, InstancePre, IntoFunc, Linker, Module, Store, Val,
};

use crate::guest::Task;
use crate::host::direct::DirectCalls;
use crate::loader::ENGINE_MODULE;
use crate::{memory_calls, start, strace, sys};

/// The imports of a program that are defined so far.
pub(crate) struct Imports<'a> {
    linker: Linker<Task>,
    /// The import whose turn it is: its module and its name.
    wanted: (&'a str, &'a str),
}

/// Defines the import whose turn it is.
pub(crate) type Define = fn(&mut Imports<'_>) -> wasmtime::Result<()>;

/// An import's name and what defines it.
pub(crate) type Definition = (&'static str, Define);

impl Imports<'_> {
    /// Makes `function` serve the import whose turn it is.
    ///
    /// # Errors
    /// None in practice: every import is defined once.
    pub(crate) fn add<Params, Results>(
        &mut self,
        function: impl IntoFunc<Task, Params, Results>,
    ) -> wasmtime::Result<()> {
        let (module, name) = self.wanted;
        self.linker.func_wrap(module, name, function).map(drop)
    }

    /// Makes what `define` defines serve the import whose turn it is, which the module declares
    /// without the result.
    fn add_ignored(&mut self, define: Define, ty: &FuncType) -> wasmtime::Result<()> {
        let (module, name) = self.wanted;
        let mut whole = Imports {
            linker: Linker::new(self.linker.engine()),
            wanted: self.wanted,
        };
        define(&mut whole)?;
        let (linker, from, called) = (whole.linker, module.to_owned(), name.to_owned());
        let call = move |mut cx: Caller<'_, Task>, params: &[Val], _: &mut [Val]| {
            let function = linker
                .get(&mut cx, &from, &called)
                .ok()
                .and_then(Extern::into_func)
                .ok_or_else(|| wasmtime::Error::msg(format!("no import {from}::{called}")))?;
            function.call(&mut cx, params, &mut [Val::I64(0)])
        };
        self.linker
            .func_new(module, name, ty.clone(), call)
            .map(drop)
    }
}

/// Whether a module declares a system call without its result.
fn ignores_result(module: &str, name: &str, ty: &FuncType) -> bool {
    let known = (module == wali_abi::MODULE).then(|| wali_abi::import(name));
    let result = known.flatten().and_then(|import| import.result());
    result.is_some() && ty.results().len() == 0
}

/// A module with what serves its imports, ready to be instantiated for any number of threads.
pub struct Linked {
    module: InstancePre<Task>,
    direct: DirectCalls,
}

impl Linked {
    /// Links `module`.
    ///
    /// # Errors
    /// An import is not known or has another type, which a module that was checked has not.
    pub(crate) fn new(module: &Module) -> wasmtime::Result<Linked> {
        let mut imports = Imports {
            linker: Linker::new(module.engine()),
            wanted: ("", ""),
        };
        // A module may ask for the same function more than once.
        imports.linker.allow_shadowing(true);
        let mut direct = DirectCalls::default();
        let mut n_functions = 0;
        for import in module.imports() {
            let (from, name) = (import.module(), import.name());
            let define = find(from, name)
                .ok_or_else(|| wasmtime::Error::msg(format!("no import {from}::{name}")))?;
            imports.wanted = (from, name);
            match import.ty().func() {
                Some(ty) if ignores_result(from, name, ty) => imports.add_ignored(define, ty)?,
                _ => {
                    define(&mut imports)?;
                    if from == wali_abi::MODULE {
                        direct.add(n_functions, name);
                    }
                }
            }
            n_functions += usize::from(import.ty().func().is_some());
        }
        let module = imports.linker.instantiate_pre(module)?;
        Ok(Linked { module, direct })
    }

    /// Makes an instance in `store`.
    ///
    /// # Errors
    /// What the module's start function ends with.
    pub(crate) fn instantiate(&self, store: &mut Store<Task>) -> wasmtime::Result<Instance> {
        let instance = self.module.instantiate(&mut *store)?;
        // Traces are written where the engine's functions are called.
        if !strace::is_on() && !store.engine().is_pulley() {
            self.direct.install(store, &instance)?;
        }
        Ok(instance)
    }
}

impl fmt::Debug for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Linked").field(self.module.module()).finish()
    }
}

fn find(module: &str, name: &str) -> Option<Define> {
    match module {
        ENGINE_MODULE => memory_calls::find(name),
        _ => sys::find(name).or_else(|| start::find(name)),
    }
}
