//! What a module is made of: imports, exports, memory, the instructions that matter here.

use std::convert::Infallible;
use std::fmt;

use wasmparser::{
    CompositeInnerType, ExternalKind, FuncType, Operator, Parser, Payload, TypeRef, Validator,
    WasmFeatures,
};

use wali_contract::THREAD_SPAWN;

use crate::memory_calls::is_memory_call;

/// An import of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module it is asked of, `wali` as a rule.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// What it is.
    pub kind: ImportKind,
}

/// What is imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// A function with its signature as `(i32, i64) -> i64`.
    Function(String),
    /// The linear memory.
    Memory,
    /// Anything else, by its kind.
    Other(&'static str),
}

/// The size of a module's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryShape {
    /// Wasm pages at the start.
    pub initial_pages: u32,
    /// Wasm pages that it may grow to.
    pub max_pages: u32,
    /// Whether threads can share it.
    pub shared: bool,
    /// Whether it is imported rather than defined.
    pub imported: bool,
}

/// What a module is made of.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    /// Every import in order.
    pub imports: Vec<Import>,
    /// Every export: kind and name, in order.
    pub exports: Vec<(&'static str, String)>,
    /// Function exports that take and return nothing: the ones that can be started.
    pub startable: Vec<String>,
    /// The memory, if it is one that the engine can serve.
    pub memory: Option<MemoryShape>,
    /// Why it cannot serve the memory there is.
    pub memory_problem: Option<&'static str>,
    /// Proposals beyond the first version of WebAssembly that the code uses.
    pub features: Vec<&'static str>,
    /// How many functions it defines.
    pub n_functions: u32,
    /// Whether code asks for or changes the size of the memory, or waits on it.
    pub uses_memory_calls: bool,
    /// How many parameters each defined function has.
    pub(crate) n_params: Vec<u32>,
    pub(crate) n_types: u32,
    pub(crate) n_imported_functions: u32,
}

/// Why bytes are no valid module, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidModule(String);

impl InvalidModule {
    pub(crate) fn new(why: String) -> InvalidModule {
        InvalidModule(why)
    }
}

impl fmt::Display for InvalidModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidModule {}

impl From<wasmparser::BinaryReaderError> for InvalidModule {
    fn from(error: wasmparser::BinaryReaderError) -> InvalidModule {
        InvalidModule(error.to_string())
    }
}

impl From<wasm_encoder::reencode::Error<Infallible>> for InvalidModule {
    fn from(error: wasm_encoder::reencode::Error<Infallible>) -> InvalidModule {
        InvalidModule(error.to_string())
    }
}

/// Reads what `bytes`, a whole module, are made of.
///
/// # Errors
/// They are no valid module of the supported features.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, InvalidModule> {
    let types = Validator::new_with_features(supported()).validate_all(bytes)?;
    let mut found = Inspection::default();
    let mut signatures: Vec<Option<FuncType>> = Vec::new();
    let mut functions: Vec<u32> = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        signatures.push(match ty.composite_type.inner {
                            CompositeInnerType::Func(ty) => Some(ty),
                            _ => None,
                        });
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import.ty {
                        functions.push(ty);
                    }
                    found.add_import(import, &signatures);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    let ty = ty?;
                    let signature = signatures.get(ty as usize).and_then(Option::as_ref);
                    let n_params = signature.map_or(0, |ty| ty.params().len());
                    found
                        .n_params
                        .push(u32::try_from(n_params).unwrap_or(u32::MAX));
                    functions.push(ty);
                    found.n_functions += 1;
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    found.add_memory(memory?, false);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    let ty = functions.get(export.index as usize);
                    let signature = ty.and_then(|&ty| signatures.get(ty as usize)?.as_ref());
                    found.add_export(export, signature);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let mut operators = body.get_operators_reader()?;
                while !operators.eof() {
                    found.note_operator(&operators.read()?);
                }
            }
            _ => {}
        }
    }
    found.n_types = u32::try_from(signatures.len()).unwrap_or(u32::MAX);
    drop(types);
    Ok(found)
}

/// The proposals that programs may use.
pub(crate) fn supported() -> WasmFeatures {
    WasmFeatures::WASM2
        | WasmFeatures::THREADS
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::GC_TYPES
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::MEMORY64
}

impl Inspection {
    /// Whether the code uses instructions of a proposal.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.contains(&name)
    }

    /// Whether the program may start threads.
    pub(crate) fn starts_threads(&self) -> bool {
        self.imports
            .iter()
            .any(|import| import.name == THREAD_SPAWN)
    }

    fn add_import(&mut self, import: wasmparser::Import<'_>, signatures: &[Option<FuncType>]) {
        let kind = match import.ty {
            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                self.n_imported_functions += 1;
                let ty = signatures.get(ty as usize).and_then(Option::as_ref);
                ImportKind::Function(ty.map_or_else(String::new, signature_text))
            }
            TypeRef::Memory(ty) => {
                self.add_memory(ty, true);
                ImportKind::Memory
            }
            TypeRef::Table(_) => ImportKind::Other("table"),
            TypeRef::Global(_) => ImportKind::Other("global"),
            TypeRef::Tag(_) => ImportKind::Other("tag"),
        };
        self.imports.push(Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            kind,
        });
    }

    fn add_memory(&mut self, ty: wasmparser::MemoryType, imported: bool) {
        const MOST: u64 = 1 << 16;
        self.memory_problem = if self.memory.is_some() || self.memory_problem.is_some() {
            Some("it has more than one memory")
        } else if ty.memory64 {
            Some("its memory has 64-bit addresses")
        } else if ty.page_size_log2.is_some_and(|log2| log2 != 16) {
            Some("its memory's pages are not 64 KiB")
        } else {
            None
        };
        if self.memory_problem.is_some() {
            self.memory = None;
            return;
        }
        let pages = |n_pages: u64| u32::try_from(n_pages.min(MOST)).unwrap_or(0);
        self.memory = Some(MemoryShape {
            initial_pages: pages(ty.initial),
            max_pages: pages(ty.maximum.unwrap_or(MOST)),
            shared: ty.shared,
            imported,
        });
    }

    fn add_export(&mut self, export: wasmparser::Export<'_>, signature: Option<&FuncType>) {
        let kind = match export.kind {
            ExternalKind::Func | ExternalKind::FuncExact => "function",
            ExternalKind::Table => "table",
            ExternalKind::Memory => "memory",
            ExternalKind::Global => "global",
            ExternalKind::Tag => "tag",
        };
        let plain = signature.is_some_and(|ty| ty.params().is_empty() && ty.results().is_empty());
        if kind == "function" && plain {
            self.startable.push(export.name.to_owned());
        }
        self.exports.push((kind, export.name.to_owned()));
    }

    fn note_operator(&mut self, operator: &Operator<'_>) {
        if is_memory_call(operator) {
            self.uses_memory_calls = true;
        }
        if let Some(feature) = feature_of(operator)
            && !self.features.contains(&feature)
        {
            self.features.push(feature);
        }
    }
}

/// `(i32, i64) -> i64`.
fn signature_text(ty: &FuncType) -> String {
    let list = |types: &[wasmparser::ValType]| {
        let names: Vec<String> = types.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    let results = match ty.results() {
        [one] => one.to_string(),
        results => format!("({})", list(results)),
    };
    format!("({}) -> {results}", list(ty.params()))
}

/// The proposal that an instruction comes from, for those a reader wants to know of.
fn feature_of(operator: &Operator<'_>) -> Option<&'static str> {
    macro_rules! proposal {
        ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            match operator {
                $(Operator::$op { .. } => stringify!($proposal),)*
                _ => "",
            }
        };
    }
    let proposal = wasmparser::for_each_operator!(proposal);
    match proposal {
        "threads" => Some("threads"),
        "simd" => Some("simd"),
        "relaxed_simd" => Some("relaxed-simd"),
        "exceptions" => Some("exceptions"),
        "legacy_exceptions" => Some("legacy-exceptions"),
        "tail_call" => Some("tail-call"),
        "bulk_memory" => Some("bulk-memory"),
        "sign_extension" => Some("sign-extension"),
        "saturating_float_to_int" => Some("saturating-conversions"),
        "gc" => Some("gc"),
        "reference_types" => Some("reference-types"),
        _ => None,
    }
}
