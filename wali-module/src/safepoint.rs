//! Safepoints: places where the guest's code looks whether a signal waits to be handled.
//!
//! Host functions look on their way out. Code that calls none must pass one of these: at the head
//! of every loop, and at the entry of enough functions that every cycle of calls has one
//! (`calls.rs`). There are two kinds.
//!
//! - A read of a byte whose page is inaccessible while a signal waits: the host's fault handler
//!   does the rest. One instruction, and none of the code around it has to keep its registers.
//! - A load of a word, a branch, and out of the way a call of the imported function `safepoint`, an
//!   ordinary call that exceptions may cross: in functions that catch exceptions, because a handler
//!   may jump to the very function that it interrupted, and where faults cannot be handled.
//!
//! Word and page lie behind the program's initial memory, so that their addresses are constants in
//! the code.

mod calls;
mod facts;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    BlockType, BranchHint, BranchHints, CodeSection, ConstExpr, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    Instruction, MemArg, Module, SectionId, TypeSection, ValType,
};
use wasmparser::{BinaryReaderError, CodeSectionReader, FunctionBody, Operator, Parser, Payload};

use wali_contract::{ENGINE_MODULE, FAULT_EXPORT, SAFEPOINT, STACK_POINTER_EXPORT, WORD_EXPORT};

use crate::sections::belongs_before;
use facts::Facts;

/// The error of a rewrite.
pub(crate) type Error = reencode::Error<std::convert::Infallible>;

/// Returns `wasm`, a valid module, with safepoints that look at the word at address `word`, or
/// `None` if it needs none.
///
/// `n_functions` is the number of functions that the program itself defines. Those behind them are
/// the adapters of [`casts`](super::casts): between one and its caller no handler may run.
///
/// Functions read the byte at address `poll` instead, if there is one, where that is enough.
///
/// # Errors
/// `wasm` is not a valid module.
pub(crate) fn insert(
    wasm: &[u8],
    word: u32,
    n_functions: u32,
    poll: Option<u32>,
) -> Result<Option<Vec<u8>>, Error> {
    let facts = Facts::of(wasm)?;
    if !facts.installs_handlers || facts.n_defined_functions == 0 {
        return Ok(None);
    }
    let mut entries = facts.calls.entries_to_check();
    entries.truncate(n_functions as usize);
    let mut inserter = Inserter {
        entries,
        word,
        poll,
        code: Vec::new(),
        hints: BranchHints::new(),
        offsets: Vec::new(),
        facts,
    };
    inserter.rewrite_code(wasm)?;
    let mut module = Module::new();
    inserter.parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(Some(module.finish()))
}

struct Inserter {
    facts: Facts,
    /// For each function of the program, whether its entry is a safepoint.
    entries: Vec<bool>,
    word: u32,
    /// The byte that is read instead, where it is.
    poll: Option<u32>,
    /// The rewritten bodies.
    code: Vec<Vec<u8>>,
    hints: BranchHints,
    /// Where in the current body the branches are.
    offsets: Vec<BranchHint>,
}

impl Inserter {
    /// Rewrites all bodies: the hints about their branches go before them.
    fn rewrite_code(&mut self, wasm: &[u8]) -> Result<(), Error> {
        let mut index = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionEntry(body) = payload? {
                let rewritten = self.rewrite_body(index, &body)?;
                self.code.push(rewritten);
                index += 1;
            }
        }
        Ok(())
    }

    fn rewrite_body(&mut self, index: usize, body: &FunctionBody<'_>) -> Result<Vec<u8>, Error> {
        let mut function = self.new_function_with_parsed_locals(body)?;
        let poll = match self.poll {
            Some(poll) if !catches(body)? => Some(poll),
            _ => None,
        };
        if self.entries.get(index).is_some_and(|&check| check) {
            self.check(&mut function, poll);
        }
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let instruction = self.parse_instruction(&mut reader)?;
            function.instruction(&instruction);
            if matches!(instruction, Instruction::Loop(_)) {
                self.check(&mut function, poll);
            }
        }
        if !self.offsets.is_empty() {
            let function_index = self.facts.n_imported_functions + 1 + index as u32;
            self.hints
                .function_hints(function_index, self.offsets.drain(..));
        }
        Ok(function.into_raw_body())
    }

    /// Writes a safepoint: a read of `poll`, or a call.
    fn check(&mut self, function: &mut Function, poll: Option<u32>) {
        if let Some(poll) = poll {
            let at = MemArg {
                offset: u64::from(poll),
                align: 0,
                memory_index: 0,
            };
            // Of all reads only an atomic one is certain to be made each time.
            let mut instructions = function.instructions();
            instructions.i32_const(0).i32_atomic_load8_u(at).drop();
            return;
        }
        let at = MemArg {
            offset: u64::from(self.word),
            align: 2,
            memory_index: 0,
        };
        function.instructions().i32_const(0).i32_load(at);
        self.offsets.push(BranchHint {
            branch_func_offset: function.byte_len() as u32,
            branch_hint_value: 0,
        });
        function
            .instructions()
            .if_(BlockType::Empty)
            .call(self.facts.n_imported_functions)
            .end();
    }

    fn add_globals(&self, globals: &mut GlobalSection) {
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        globals.global(ty, &ConstExpr::i32_const(self.word.cast_signed()));
    }

    fn add_exports(&self, exports: &mut ExportSection) {
        exports.export(WORD_EXPORT, ExportKind::Global, self.facts.n_globals);
        // It stands behind all others, the new import among them.
        let last = self.facts.n_imported_functions + 1 + self.facts.n_defined_functions;
        exports.export(FAULT_EXPORT, ExportKind::Func, last);
        if let Some(global) = self.facts.hidden_stack_pointer() {
            exports.export(STACK_POINTER_EXPORT, ExportKind::Global, global);
        }
    }
}

impl Reencode for Inserter {
    type Error = std::convert::Infallible;

    /// The new import takes the number behind the other imports.
    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(function + u32::from(function >= self.facts.n_imported_functions))
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error> {
        reencode::utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        reencode::utils::parse_import_section(self, imports, section)?;
        imports.import(
            ENGINE_MODULE,
            SAFEPOINT,
            EntityType::Function(self.facts.n_types),
        );
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        reencode::utils::parse_function_section(self, functions, section)?;
        functions.function(self.facts.n_types);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        reencode::utils::parse_global_section(self, globals, section)?;
        self.add_globals(globals);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        reencode::utils::parse_export_section(self, exports, section)?;
        self.add_exports(exports);
        Ok(())
    }

    /// Adds the sections that the module lacks, and the hints before the code.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result<(), Error> {
        let reached = |section| belongs_before(section, before);
        if !self.facts.has_globals && reached(SectionId::Global) {
            self.facts.has_globals = true;
            let mut globals = GlobalSection::new();
            self.add_globals(&mut globals);
            module.section(&globals);
        }
        if !self.facts.has_exports && reached(SectionId::Export) {
            self.facts.has_exports = true;
            let mut exports = ExportSection::new();
            self.add_exports(&mut exports);
            module.section(&exports);
        }
        if before == Some(SectionId::Code) && !self.hints.is_empty() {
            module.section(&self.hints);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for body in &self.code {
            code.raw(body);
        }
        let mut function = Function::new([]);
        let safepoint = self.facts.n_imported_functions;
        function.instructions().call(safepoint).end();
        code.function(&function);
        Ok(())
    }

    /// Drops the custom sections that hold offsets in the old code: other hints and DWARF.
    fn parse_custom_section(
        &mut self,
        module: &mut Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        let name = section.name();
        if name.starts_with("metadata.code.") || name.starts_with(".debug_") {
            return Ok(());
        }
        reencode::utils::parse_custom_section(self, module, section)
    }
}

/// Whether a function catches exceptions.
fn catches(body: &FunctionBody<'_>) -> Result<bool, BinaryReaderError> {
    for operator in body.get_operators_reader()? {
        if matches!(operator?, Operator::TryTable { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}
