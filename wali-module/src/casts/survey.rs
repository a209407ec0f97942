//! What a module calls indirectly, and what its tables offer.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result, ensure};
use wasmparser::{
    CompositeInnerType, ElementItems, ElementSectionReader, FuncType, FunctionBody, Operator,
    Parser, Payload, RefType, TypeRef, ValType,
};

/// A type that functions in a table have.
#[derive(Debug)]
pub(super) struct CalleeType {
    /// The type's index, one of several when the module repeats it.
    pub(super) index: u32,
    pub(super) ty: FuncType,
    /// How many entries of the tables have it.
    pub(super) entries: u32,
}

/// The types, functions and indirect calls of a module.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// How many types the module has.
    pub(super) types: u32,
    /// How many functions the module has, imports included.
    pub(super) functions: u32,
    /// How many globals the module has, imports included.
    pub(super) globals: u32,
    /// The types of functions in tables, the commonest first.
    pub(super) callee_types: Vec<CalleeType>,
    /// The types that indirect calls name, by index.
    pub(super) called_types: BTreeMap<u32, FuncType>,
    /// The type at each index; `None` for one that is not a function's.
    signatures: Vec<Option<FuncType>>,
    /// The type of each function, as an index.
    function_types: Vec<u32>,
    /// For each table whether it holds functions of any type.
    tables: Vec<bool>,
    in_tables: HashMap<FuncType, CalleeType>,
}

impl Survey {
    pub(super) fn of(wasm: &[u8]) -> Result<Self> {
        let mut survey = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            survey.add(payload?)?;
        }
        survey.types = u32::try_from(survey.signatures.len())?;
        survey.functions = u32::try_from(survey.function_types.len())?;
        let mut callees: Vec<_> = survey.in_tables.drain().map(|(_, callee)| callee).collect();
        callees.sort_by_key(|callee| (std::cmp::Reverse(callee.entries), callee.index));
        survey.callee_types = callees;
        Ok(survey)
    }

    /// Whether some function in a table has another type than some indirect call.
    pub(super) fn calls_may_differ(&self) -> bool {
        self.called_types
            .values()
            .any(|called| self.callee_types.iter().any(|callee| callee.ty != *called))
    }

    /// Whether calls through this table name a type to be checked.
    pub(super) fn is_untyped_table(&self, table: u32) -> bool {
        self.tables.get(table as usize).copied().unwrap_or(false)
    }

    fn add(&mut self, payload: Payload<'_>) -> Result<()> {
        match payload {
            Payload::TypeSection(groups) => {
                for group in groups {
                    self.signatures.extend(group?.into_types().map(|sub| {
                        match sub.composite_type.inner {
                            CompositeInnerType::Func(ty) => Some(ty),
                            _ => None,
                        }
                    }));
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => self.function_types.push(ty),
                        TypeRef::Table(table) => self.add_table(table.element_type),
                        TypeRef::Global(_) => self.globals += 1,
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(types) => {
                for ty in types {
                    self.function_types.push(ty?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.add_table(table?.ty.element_type);
                }
            }
            Payload::GlobalSection(globals) => self.globals += globals.count(),
            Payload::ElementSection(elements) => self.add_elements(elements)?,
            Payload::CodeSectionEntry(body) => self.add_calls(&body)?,
            _ => {}
        }
        Ok(())
    }

    fn add_table(&mut self, element: RefType) {
        self.tables.push(element == RefType::FUNCREF);
    }

    fn add_elements(&mut self, elements: ElementSectionReader<'_>) -> Result<()> {
        for element in elements {
            match element?.items {
                ElementItems::Functions(functions) => {
                    for function in functions {
                        self.add_callee(function?)?;
                    }
                }
                ElementItems::Expressions(_, expressions) => {
                    for expression in expressions {
                        for operator in expression?.get_operators_reader() {
                            if let Operator::RefFunc { function_index } = operator? {
                                self.add_callee(function_index)?;
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn add_callee(&mut self, function: u32) -> Result<()> {
        let index = *self
            .function_types
            .get(function as usize)
            .with_context(|| format!("a table names function {function}, which does not exist"))?;
        let ty = self.signature(index)?.clone();
        if !is_plain(&ty) {
            return Ok(());
        }
        let callee = self.in_tables.entry(ty.clone()).or_insert(CalleeType {
            index,
            ty,
            entries: 0,
        });
        callee.entries += 1;
        Ok(())
    }

    fn add_calls(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            if let Operator::CallIndirect {
                type_index,
                table_index,
            }
            | Operator::ReturnCallIndirect {
                type_index,
                table_index,
            } = operators.read()?
                && self.is_untyped_table(table_index)
            {
                let ty = self.signature(type_index)?;
                if is_plain(ty) {
                    let ty = ty.clone();
                    self.called_types.insert(type_index, ty);
                }
            }
        }
        Ok(())
    }

    fn signature(&self, index: u32) -> Result<&FuncType> {
        let ty = self.signatures.get(index as usize);
        ensure!(ty.is_some(), "type {index} does not exist");
        ty.and_then(Option::as_ref)
            .with_context(|| format!("type {index} is not a function's"))
    }
}

/// Whether a C compiler makes such a type: numbers, and one result at most.
fn is_plain(ty: &FuncType) -> bool {
    ty.results().len() <= 1
        && (ty.params().iter().chain(ty.results())).all(|value| {
            matches!(
                value,
                ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64
            )
        })
}
