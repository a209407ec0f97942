//! How functions become what serves a program's imports.

use wasmtime::{Caller, Engine, Extern, FuncType, InstancePre, IntoFunc, Linker, Module, Val};

use crate::program::Task;

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

impl<'a> Imports<'a> {
    /// None yet, for a module of `engine`.
    pub(crate) fn new(engine: &Engine) -> Imports<'a> {
        let mut linker = Linker::new(engine);
        // A module may ask for the same function more than once.
        linker.allow_shadowing(true);
        Imports {
            linker,
            wanted: ("", ""),
        }
    }

    /// Makes it the turn of the import `name` of `module`.
    pub(crate) fn want(&mut self, module: &'a str, name: &'a str) {
        self.wanted = (module, name);
    }

    /// The module with all that was defined.
    ///
    /// # Errors
    /// An import is missing or has another type.
    pub(crate) fn finish(self, module: &Module) -> wasmtime::Result<InstancePre<Task>> {
        self.linker.instantiate_pre(module)
    }

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
    ///
    /// # Errors
    /// None in practice, as for [`add`](Imports::add).
    pub(crate) fn add_ignored(&mut self, define: Define, ty: &FuncType) -> wasmtime::Result<()> {
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
