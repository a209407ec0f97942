//! What the checks have to know of a module, read in one pass.

use std::collections::BTreeMap;
use std::fmt;

use wasmparser::{
    CompositeInnerType, ExternalKind, FuncType, KnownCustom, MemoryType, Name, Operator, Parser,
    Payload, TypeRef, ValType,
};

/// The parts of a module that decide whether an engine takes it.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// Its imports, in order.
    pub imports: Vec<ModuleImport>,
    /// Its memories, defined and imported.
    pub memories: Vec<Memory>,
    /// The names under which memories are exported.
    pub exported_memories: Vec<String>,
    /// The types of exported functions by name.
    pub exported_functions: BTreeMap<String, String>,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleImport {
    /// Its module.
    pub module: String,
    /// Its name.
    pub name: String,
    /// `function`, `memory`, `table`, `global` or `tag`.
    pub kind: &'static str,
    /// Its type, if it is a function.
    pub signature: Option<String>,
}

/// A memory's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Shared between threads.
    pub shared: bool,
    /// 64-bit addresses.
    pub is_64: bool,
    /// How many pages it has at first.
    pub initial_pages: u64,
    /// How many pages it can have.
    pub maximum_pages: Option<u64>,
}

/// Why a file could not be read as a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

impl From<wasmparser::BinaryReaderError> for ParseError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        ParseError(format!(
            "{} at offset {:#x}",
            error.message(),
            error.offset()
        ))
    }
}

impl Module {
    /// Reads a module or a relocatable object.
    ///
    /// # Errors
    /// When the bytes are not a Wasm module, or are damaged.
    pub fn parse(bytes: &[u8]) -> Result<Module, ParseError> {
        if !bytes.starts_with(b"\0asm") {
            return Err(ParseError("it is not a Wasm module".to_owned()));
        }
        let mut module = Module::default();
        let mut types = Vec::new();
        let mut functions = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::Version { encoding, .. } if encoding != wasmparser::Encoding::Module => {
                    return Err(ParseError("it is a component, not a module".to_owned()));
                }
                Payload::TypeSection(section) => {
                    for group in section {
                        types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => signature(&ty),
                            _ => "no function".to_owned(),
                        }));
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        module.import(&import?, &types, &mut functions);
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        functions.push(ty?);
                    }
                }
                Payload::MemorySection(section) => {
                    for ty in section {
                        module.memories.push(memory(ty?));
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        module.export(&export?, &types, &functions);
                    }
                }
                _ => {}
            }
        }
        Ok(module)
    }

    fn import(&mut self, import: &wasmparser::Import, types: &[String], functions: &mut Vec<u32>) {
        let mut signature = None;
        let kind = match import.ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => {
                functions.push(index);
                signature = Some(named(types, index));
                "function"
            }
            TypeRef::Memory(ty) => {
                self.memories.push(memory(ty));
                "memory"
            }
            TypeRef::Table(_) => "table",
            TypeRef::Global(_) => "global",
            TypeRef::Tag(_) => "tag",
        };
        self.imports.push(ModuleImport {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            kind,
            signature,
        });
    }

    fn export(&mut self, export: &wasmparser::Export, types: &[String], functions: &[u32]) {
        match export.kind {
            ExternalKind::Memory => self.exported_memories.push(export.name.to_owned()),
            ExternalKind::Func | ExternalKind::FuncExact => {
                let index = functions.get(export.index as usize);
                let ty =
                    index.map_or_else(|| "no function".to_owned(), |&index| named(types, index));
                self.exported_functions.insert(export.name.to_owned(), ty);
            }
            ExternalKind::Table | ExternalKind::Global | ExternalKind::Tag => {}
        }
    }
}

fn named(types: &[String], index: u32) -> String {
    let ty = types.get(index as usize).cloned();
    ty.unwrap_or_else(|| "no function".to_owned())
}

fn memory(ty: MemoryType) -> Memory {
    Memory {
        shared: ty.shared,
        is_64: ty.memory64,
        initial_pages: ty.initial,
        maximum_pages: ty.maximum,
    }
}

/// A function's type as the interface's tables write it: `(i32, i64) -> i64`.
fn signature(ty: &FuncType) -> String {
    let list = |types: &[ValType]| {
        types
            .iter()
            .map(ValType::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let results = match ty.results() {
        [] => "()".to_owned(),
        [one] => one.to_string(),
        several => format!("({})", list(several)),
    };
    format!("({}) -> {results}", list(ty.params()))
}

/// Who calls the imported functions of a module, by the names in its name section.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    /// For each import, in order of the imported functions: the first caller.
    by_import: Vec<Option<String>>,
}

impl Callers {
    /// Reads the code of a module. What cannot be read stays unknown.
    pub fn of(bytes: &[u8], n_imports: usize) -> Callers {
        let mut callers: Vec<Option<u32>> = vec![None; n_imports];
        let mut names = BTreeMap::new();
        let mut index = n_imports as u32;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload {
                Ok(Payload::CodeSectionEntry(body)) => {
                    let operators = body.get_operators_reader().into_iter().flatten();
                    for operator in operators.flatten() {
                        if let Operator::Call { function_index }
                        | Operator::ReturnCall { function_index } = operator
                            && let Some(caller) = callers.get_mut(function_index as usize)
                        {
                            caller.get_or_insert(index);
                        }
                    }
                    index += 1;
                }
                Ok(Payload::CustomSection(section)) => {
                    if let KnownCustom::Name(section) = section.as_known() {
                        for part in section.into_iter().flatten() {
                            if let Name::Function(map) = part {
                                names.extend(
                                    map.into_iter()
                                        .flatten()
                                        .map(|n| (n.index, n.name.to_owned())),
                                );
                            }
                        }
                    }
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let name = |caller: Option<u32>| caller.and_then(|index| names.get(&index).cloned());
        Callers {
            by_import: callers.into_iter().map(name).collect(),
        }
    }

    /// The first function that calls the import, given its place among the imported functions.
    pub fn of_import(&self, function: usize) -> Option<&str> {
        self.by_import.get(function)?.as_deref()
    }
}
