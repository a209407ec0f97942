//! Indirect calls through a pointer of another function type.
//!
//! C programs call functions through pointers whose type differs from the function's: an argument
//! more or fewer, `int` for `void`, `long` for `int`. Native calling conventions forgive that, the
//! `call_indirect` instruction traps. [`adapt_indirect_calls`] rewrites a module so that such calls
//! go through as they do on x86-64: `docs/function-casts.md` states the rules and the cost.
//!
//! Each `call_indirect` becomes
//!
//! ```text
//! table.get $table
//! block $callee (param funcref) (result (ref $type))
//!   br_on_cast $callee funcref (ref $type)
//!   global.set $stranger
//!   global.get $adapter
//! end
//! call_ref $type
//! ```
//!
//! `$stranger` holds a function of another type until `$adapter`, which has the type of the call,
//! takes it out again and calls it; an instance has one thread, so it needs no lock. Nothing may
//! run between the two: adapters get no safepoints.
//! `registers` writes the adapters.

mod registers;
mod survey;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, Encode, FunctionSection, GlobalSection, GlobalType,
    HeapType, Instruction, Module, NameSection, RawSection, RefType, SectionId, TypeSection,
    ValType,
};
use wasmparser::{FunctionBody, KnownCustom, Operator, Parser, Payload};

use crate::sections::{belongs_before, numbered};
use registers::Registers;
use survey::Survey;

/// Rewrites the indirect calls of `wasm`, a valid module.
///
/// `None` when there is nothing to rewrite: no indirect call, or no function in a table that has
/// another type than the calls.
///
/// # Errors
/// When `wasm` cannot be parsed.
pub(crate) fn adapt_indirect_calls(wasm: &[u8]) -> Result<Option<Vec<u8>>> {
    let survey = Survey::of(wasm).context("reading the types of indirect calls")?;
    if !survey.calls_may_differ() {
        return Ok(None);
    }
    let adapters = Adapters::new(&survey);
    let code = adapters
        .rewrite_code(wasm)
        .context("rewriting indirect calls")?;
    adapters.assemble(wasm, &code).map(Some)
}

/// What makes the calls of one type when the function has another.
#[derive(Clone, Copy)]
struct Adapter {
    /// The type of the calls.
    ty: u32,
    /// The type of the block around them.
    block: u32,
    function: u32,
    /// The global that holds `function`: reading it costs less than `ref.func`.
    global: u32,
    stranger: u32,
}

struct Adapters<'a> {
    survey: &'a Survey,
    registers: Registers,
    /// By index of the type that calls name.
    by_type: BTreeMap<u32, Adapter>,
}

impl<'a> Adapters<'a> {
    fn new(survey: &'a Survey) -> Self {
        let registers = Registers::for_callees(survey.callee_types.iter().map(|c| &c.ty));
        let numbered = (1..).zip(survey.called_types.keys());
        let by_type = numbered.map(|(number, &ty)| {
            let adapter = Adapter {
                ty,
                block: survey.types + number,
                function: survey.functions + number,
                global: survey.globals + number,
                stranger: survey.globals,
            };
            (ty, adapter)
        });
        Self {
            survey,
            registers,
            by_type: by_type.collect(),
        }
    }

    /// The first new type, and the function that has it.
    fn dispatcher_type(&self) -> u32 {
        self.survey.types
    }

    fn dispatcher(&self) -> u32 {
        self.survey.functions
    }

    fn stranger(&self) -> u32 {
        self.survey.globals
    }

    fn rewrite_code(&self, wasm: &[u8]) -> Result<CodeSection> {
        let mut code = CodeSection::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionEntry(body) = payload? {
                code.raw(&self.rewrite_body(wasm, &body)?);
            }
        }
        let callees = &self.survey.callee_types;
        code.function(&self.registers.dispatcher(callees));
        for ty in self.by_type.keys() {
            let called = &self.survey.called_types[ty];
            let adapter = self
                .registers
                .adapter(called, self.stranger(), self.dispatcher());
            code.function(&adapter);
        }
        Ok(code)
    }

    /// A function's bytes, the same but for its indirect calls.
    fn rewrite_body(&self, wasm: &[u8], body: &FunctionBody<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(body.range().len());
        let mut copied = body.range().start;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, start) = operators.read_with_offset()?;
            let (ty, table, is_tail) = match operator {
                Operator::CallIndirect {
                    type_index,
                    table_index,
                } => (type_index, table_index, false),
                Operator::ReturnCallIndirect {
                    type_index,
                    table_index,
                } => (type_index, table_index, true),
                _ => continue,
            };
            if let Some(adapter) = self.by_type.get(&ty)
                && self.survey.is_untyped_table(table)
            {
                bytes.extend_from_slice(&wasm[copied..start]);
                adapter.write_call(&mut bytes, table, is_tail);
                copied = operators.original_position();
            }
        }
        bytes.extend_from_slice(&wasm[copied..body.range().end]);
        Ok(bytes)
    }

    /// The module with the new types, functions, globals and code; everything else as it was.
    fn assemble(&self, wasm: &[u8], code: &CodeSection) -> Result<Vec<u8>> {
        let mut module = Module::new();
        let mut same = RoundtripReencoder;
        let mut has_globals = false;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let next = payload.as_section().and_then(|(id, _)| numbered(id));
            if !has_globals && next.is_some() && belongs_before(SectionId::Global, next) {
                has_globals = true;
                module.section(&self.add_globals(GlobalSection::new()));
            }
            match payload {
                Payload::TypeSection(reader) => {
                    let mut types = TypeSection::new();
                    same.parse_type_section(&mut types, reader)?;
                    types
                        .ty()
                        .function(self.registers.parameters(), Registers::RESULTS);
                    for ty in self.by_type.keys() {
                        let callee = ValType::Ref(concrete(*ty));
                        types.ty().function([ValType::FUNCREF], [callee]);
                    }
                    module.section(&types);
                }
                Payload::FunctionSection(reader) => {
                    let mut functions = FunctionSection::new();
                    same.parse_function_section(&mut functions, reader)?;
                    functions.function(self.dispatcher_type());
                    for ty in self.by_type.keys() {
                        functions.function(*ty);
                    }
                    module.section(&functions);
                }
                Payload::GlobalSection(reader) => {
                    has_globals = true;
                    let mut globals = GlobalSection::new();
                    same.parse_global_section(&mut globals, reader)?;
                    module.section(&self.add_globals(globals));
                }
                Payload::CodeSectionStart { .. } => {
                    module.section(code);
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(reader) = section.as_known() {
                        module.section(&self.names(reader)?);
                    } else {
                        module.section(&same.custom_section(section)?);
                    }
                }
                payload => {
                    if let Some((id, range)) = payload.as_section() {
                        let data = &wasm[range];
                        module.section(&RawSection { id, data });
                    }
                }
            }
        }
        Ok(module.finish())
    }

    fn add_globals(&self, mut globals: GlobalSection) -> GlobalSection {
        let reference = |reference, mutable| GlobalType {
            val_type: ValType::Ref(reference),
            mutable,
            shared: false,
        };
        globals.global(
            reference(RefType::FUNCREF, true),
            &ConstExpr::ref_null(HeapType::FUNC),
        );
        for adapter in self.by_type.values() {
            globals.global(
                reference(concrete(adapter.ty), false),
                &ConstExpr::ref_func(adapter.function),
            );
        }
        globals
    }

    /// The names of the module, and names of the new functions for backtraces.
    fn names(&self, reader: wasmparser::NameSectionReader<'_>) -> Result<NameSection> {
        let mut names = NameSection::new();
        for subsection in reader {
            match subsection? {
                wasmparser::Name::Function(map) => {
                    let mut functions = utils::name_map::<Infallible>(map, Ok)?;
                    functions.append(self.dispatcher(), "(call through another type)");
                    for adapter in self.by_type.values() {
                        functions.append(adapter.function, "(call through another type)");
                    }
                    names.functions(&functions);
                }
                other => RoundtripReencoder.parse_custom_name_subsection(&mut names, other)?,
            }
        }
        Ok(names)
    }
}

impl Adapter {
    /// Writes what stands for `call_indirect`; the arguments and the table index are on the stack.
    fn write_call(self, code: &mut Vec<u8>, table: u32, is_tail: bool) {
        let callee = concrete(self.ty);
        let call = [
            Instruction::TableGet(table),
            Instruction::Block(BlockType::FunctionType(self.block)),
            Instruction::BrOnCast {
                relative_depth: 0,
                from_ref_type: RefType::FUNCREF,
                to_ref_type: callee,
            },
            Instruction::GlobalSet(self.stranger),
            Instruction::GlobalGet(self.global),
            Instruction::End,
            if is_tail {
                Instruction::ReturnCallRef(self.ty)
            } else {
                Instruction::CallRef(self.ty)
            },
        ];
        for instruction in call {
            instruction.encode(code);
        }
    }
}

fn concrete(ty: u32) -> RefType {
    RefType {
        nullable: false,
        heap_type: HeapType::Concrete(ty),
    }
}
