//! What is changed in a module before it is compiled.
//!
//! - Its memory becomes one of the full 4 GiB that no instance has for itself: every instance,
//!   that is every thread, gets the process's reservation. The size it really has is kept by the
//!   engine.
//! - So the instructions that ask for or change that size, and those that wait on memory, become
//!   calls of the engine.
//! - Its first import is exported, which shows the engine where an instance keeps its imports.
//! - For the interpreter, atomic accesses become plain ones.

use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, ImportSection, Instruction,
    MemorySection, MemoryType, Module, SectionId, TypeSection, ValType,
};
use wasmparser::{FunctionBody, Parser, TypeRef};

use wali_contract::{ENGINE_MODULE, Executor, IMPORTS_EXPORT, MemoryCall};

use crate::inspect::Inspection;
use crate::lower_atomics::{self, Scratch};
use crate::memory_calls::memory_call;
use crate::sections::belongs_before;

type Error = reencode::Error<Infallible>;

/// The module as the engine compiles it.
pub(crate) fn rewrite(
    bytes: &[u8],
    inspection: &Inspection,
    executor: Executor,
) -> Result<Vec<u8>, Error> {
    let mut rewriter = Rewriter {
        lower_atomics: executor == Executor::Interpreter && inspection.has_feature("threads"),
        n_params: inspection.n_params.clone().into_iter(),
        calls: inspection.uses_memory_calls,
        n_types: inspection.n_types,
        n_imported: inspection.n_imported_functions,
        has: Seen::default(),
    };
    let mut module = Module::new();
    rewriter.parse_core_module(&mut module, Parser::new(0), bytes)?;
    Ok(module.finish())
}

/// Which of the sections that have to be added to were there.
#[derive(Debug, Default)]
struct Seen {
    types: bool,
    imports: bool,
    memory: bool,
    exports: bool,
}

struct Rewriter {
    /// Whether the engine's calls are needed.
    calls: bool,
    /// Whether atomic accesses become plain ones.
    lower_atomics: bool,
    /// How many parameters each function has, in the order of their code.
    n_params: std::vec::IntoIter<u32>,
    n_types: u32,
    n_imported: u32,
    has: Seen,
}

impl Rewriter {
    /// A function with the body's locals and those that lowered instructions use.
    fn new_function(
        &mut self,
        body: &FunctionBody<'_>,
    ) -> Result<(Function, Option<Scratch>), Error> {
        let n_params = self.n_params.next().unwrap_or(0);
        if !self.lower_atomics {
            return Ok((self.new_function_with_parsed_locals(body)?, None));
        }
        let mut locals = Vec::new();
        let mut n_locals = n_params;
        for group in body.get_locals_reader()? {
            let (count, ty) = group?;
            n_locals += count;
            locals.push((count, self.val_type(ty)?));
        }
        locals.extend(Scratch::LOCALS);
        Ok((Function::new(locals), Some(Scratch::after(n_locals))))
    }

    fn add_types(&self, types: &mut TypeSection) {
        if self.calls {
            for call in MemoryCall::ALL {
                let params = call.params().iter().map(|param| match param {
                    wali_contract::ValType::I32 => ValType::I32,
                    wali_contract::ValType::I64 => ValType::I64,
                });
                types.ty().function(params, [ValType::I32]);
            }
        }
    }

    fn add_imports(&self, imports: &mut ImportSection) {
        if self.calls {
            for (index, call) in (self.n_types..).zip(MemoryCall::ALL) {
                imports.import(ENGINE_MODULE, call.name(), EntityType::Function(index));
            }
        }
    }

    fn add_exports(&self, exports: &mut ExportSection) {
        if self.calls || self.n_imported > 0 {
            exports.export(IMPORTS_EXPORT, ExportKind::Func, 0);
        }
    }

    /// Adds the sections that the module lacks where they belong.
    fn fill_gaps(&mut self, module: &mut Module, next: Option<SectionId>) {
        let passed = |section| belongs_before(section, next);
        if passed(SectionId::Type) && !self.has.types {
            self.has.types = true;
            if self.calls {
                let mut types = TypeSection::new();
                self.add_types(&mut types);
                module.section(&types);
            }
        }
        if passed(SectionId::Import) && !self.has.imports {
            self.has.imports = true;
            if self.calls {
                let mut imports = ImportSection::new();
                self.add_imports(&mut imports);
                module.section(&imports);
            }
        }
        if passed(SectionId::Memory) && !self.has.memory {
            self.has.memory = true;
            module.section(&whole_memory());
        }
        if passed(SectionId::Export) && !self.has.exports {
            self.has.exports = true;
            let mut exports = ExportSection::new();
            self.add_exports(&mut exports);
            if !exports.is_empty() {
                module.section(&exports);
            }
        }
    }
}

impl Reencode for Rewriter {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        let added = MemoryCall::ALL.len() as u32;
        let shifts = self.calls && index >= self.n_imported;
        Ok(if shifts { index + added } else { index })
    }

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), Error> {
        if before != Some(SectionId::Custom) {
            self.fill_gaps(module, before);
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        // Names serve backtraces; debug information would point into code that is no more.
        if section.name() == "name" {
            utils::parse_custom_section(self, module, section)?;
        }
        Ok(())
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error> {
        self.has.types = true;
        utils::parse_type_section(self, types, section)?;
        self.add_types(types);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        self.has.imports = true;
        for import in section.into_imports() {
            let import = import?;
            if !matches!(import.ty, TypeRef::Memory(_)) {
                utils::parse_import(self, imports, import)?;
            }
        }
        self.add_imports(imports);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        self.has.exports = true;
        utils::parse_export_section(self, exports, section)?;
        self.add_exports(exports);
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: wasmparser::MemorySectionReader<'_>,
    ) -> Result<(), Error> {
        if section.count() > 0 {
            self.has.memory = true;
            *memories = whole_memory();
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let (mut function, scratch) = self.new_function(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            match memory_call(&operator) {
                Some((call, offset)) => {
                    if let Some(offset) = offset {
                        // Offsets of a 32-bit memory have 32 bits.
                        function.instruction(&Instruction::I32Const(offset as u32 as i32));
                    }
                    function.instruction(&Instruction::Call(self.n_imported + call as u32));
                }
                None if lower_atomics::lower(&operator, scratch, &mut function) => {}
                None => {
                    function.instruction(&self.instruction(operator)?);
                }
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// A memory section with the memory that every program gets.
fn whole_memory() -> MemorySection {
    const ALL: u64 = 1 << 16;
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: ALL,
        maximum: Some(ALL),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    memories
}
