//! What safepoints have to know of a module.

use wasmparser::{BinaryReaderError, ExternalKind, KnownCustom, Name, Parser, Payload, TypeRef};

use wali_contract::STACK_POINTER_EXPORT;

use super::calls::Calls;

/// Modules without this import have no handlers to run.
const HANDLER_IMPORT: (&str, &str) = ("wali", "SYS_rt_sigaction");

/// What has to be known of a module before its first section is written.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) installs_handlers: bool,
    pub(super) n_types: u32,
    pub(super) n_imported_functions: u32,
    /// How many functions the module defines.
    pub(super) n_defined_functions: u32,
    pub(super) n_globals: u32,
    pub(super) exports_stack_pointer: bool,
    pub(super) named_stack_pointer: Option<u32>,
    /// Global 0, if it can be the stack pointer.
    pub(super) likely_stack_pointer: Option<u32>,
    pub(super) has_exports: bool,
    pub(super) has_globals: bool,
    pub(super) calls: Calls,
}

impl Facts {
    /// The facts of `wasm`.
    ///
    /// # Errors
    /// `wasm` is not a valid module.
    pub(super) fn of(wasm: &[u8]) -> Result<Facts, BinaryReaderError> {
        let mut facts = Facts::default();
        for payload in Parser::new(0).parse_all(wasm) {
            facts.see(payload?)?;
        }
        Ok(facts)
    }

    fn see(&mut self, payload: Payload<'_>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    self.n_types += group?.types().len() as u32;
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    self.see_import((import.module, import.name), import.ty);
                }
            }
            Payload::GlobalSection(section) => {
                self.has_globals = true;
                for global in section {
                    self.see_global(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                self.has_exports = true;
                for export in section {
                    let export = export?;
                    let (name, kind) = (export.name, export.kind);
                    self.exports_stack_pointer |=
                        name == STACK_POINTER_EXPORT && kind == ExternalKind::Global;
                }
            }
            Payload::ElementSection(section) => self.calls.see_elements(section)?,
            Payload::CodeSectionEntry(body) => {
                self.n_defined_functions += 1;
                self.calls.see_body(&body)?;
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for name in names {
                        self.see_names(name?)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn see_import(&mut self, name: (&str, &str), ty: TypeRef) {
        self.installs_handlers |= name == HANDLER_IMPORT;
        match ty {
            TypeRef::Func(_) | TypeRef::FuncExact(_) => {
                self.n_imported_functions += 1;
                self.calls.n_imported = self.n_imported_functions;
            }
            TypeRef::Global(_) => self.n_globals += 1,
            _ => {}
        }
    }

    fn see_global(&mut self, ty: wasmparser::GlobalType) {
        if self.n_globals == 0 && ty.mutable && ty.content_type == wasmparser::ValType::I32 {
            self.likely_stack_pointer = Some(0);
        }
        self.n_globals += 1;
    }

    fn see_names(&mut self, name: Name<'_>) -> Result<(), BinaryReaderError> {
        if let Name::Global(map) = name {
            for naming in map {
                let naming = naming?;
                if naming.name == STACK_POINTER_EXPORT {
                    self.named_stack_pointer = Some(naming.index);
                }
            }
        }
        Ok(())
    }

    /// The stack pointer, if it has to be exported.
    pub(super) fn hidden_stack_pointer(&self) -> Option<u32> {
        if self.exports_stack_pointer {
            return None;
        }
        self.named_stack_pointer.or(self.likely_stack_pointer)
    }
}
