//! Which functions of an object or a module call setjmp.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    BinaryReaderError, FunctionBody, KnownCustom, Linking, Name, Operator, Parser, Payload,
    SymbolInfo, TypeRef,
};

/// What the compiler makes of a call of setjmp.
const SETJMP: &str = "__wasm_setjmp";

/// What sigsetjmp calls besides.
const SAVE_MASK: &str = "__wali_sigjmp_save";

/// What installs handlers, by the names that callers use and by libc's own.
const INSTALLERS: &[&str] = &[
    "__sigaction",
    "__sysv_signal",
    "bsd_signal",
    "sigaction",
    "signal",
    "sigset",
];

/// Which of the functions that call setjmp are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// Those that a handler may jump to: they call sigsetjmp, or handlers are installed in the file.
    #[default]
    Likely,
    /// All of them.
    All,
}

/// Who calls setjmp, by the names that linker and debuggers have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setjmp {
    /// The functions that call it, each with all its names.
    pub callers: BTreeSet<String>,
    /// The module may call it, but its functions have no names.
    pub nameless: bool,
}

impl Setjmp {
    /// Reads an object or a linked module. Of bytes that are neither nothing is known.
    pub fn of(bytes: &[u8], which: Which) -> Setjmp {
        let file = File::read(bytes).unwrap_or_default();
        let any_likely = which == Which::All || file.installs_handlers();
        let calls = |callees: &BTreeSet<u32>, name| {
            let mut names = callees.iter().filter_map(|index| file.names.get(index));
            names.any(|names| names.contains(name))
        };
        let callers = file
            .calls
            .iter()
            .filter(|(_, callees)| calls(callees, SETJMP))
            .filter(|(_, callees)| any_likely || calls(callees, SAVE_MASK))
            .filter_map(|(caller, _)| file.names.get(caller))
            .flatten()
            .cloned();
        Setjmp {
            callers: callers.collect(),
            nameless: file.has_tag && !file.has_names,
        }
    }
}

/// The parts of a file that tell.
#[derive(Default)]
struct File {
    n_functions: u32,
    names: BTreeMap<u32, BTreeSet<String>>,
    calls: BTreeMap<u32, BTreeSet<u32>>,
    /// The exception of longjmp is there, without which there is no setjmp.
    has_tag: bool,
    has_names: bool,
}

impl File {
    fn read(bytes: &[u8]) -> Result<File, BinaryReaderError> {
        let mut file = File::default();
        if !bytes.starts_with(b"\0asm") {
            return Ok(file);
        }
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(_) | TypeRef::FuncExact(_) => {
                                file.name(file.n_functions, import.name);
                                file.n_functions += 1;
                            }
                            TypeRef::Tag(_) => file.has_tag = true,
                            _ => {}
                        }
                    }
                }
                Payload::TagSection(section) => file.has_tag |= section.count() > 0,
                Payload::CodeSectionEntry(body) => {
                    // Most files have no exceptions; their code need not be read.
                    if file.has_tag {
                        file.calls.insert(file.n_functions, callees(&body)?);
                    }
                    file.n_functions += 1;
                }
                Payload::CustomSection(section) => file.custom(section.as_known())?,
                _ => {}
            }
        }
        Ok(file)
    }

    fn installs_handlers(&self) -> bool {
        let mut names = self.names.values().flatten();
        names.any(|name| INSTALLERS.contains(&name.as_str()))
    }

    fn custom(&mut self, section: KnownCustom) -> Result<(), BinaryReaderError> {
        match section {
            KnownCustom::Linking(parts) => {
                for part in parts.subsections() {
                    let Linking::SymbolTable(symbols) = part? else {
                        continue;
                    };
                    for symbol in symbols {
                        if let SymbolInfo::Func { index, name, .. } = symbol?
                            && let Some(name) = name
                        {
                            self.name(index, name);
                            self.has_names = true;
                        }
                    }
                }
            }
            KnownCustom::Name(parts) => {
                for part in parts {
                    let Name::Function(names) = part? else {
                        continue;
                    };
                    for named in names {
                        let named = named?;
                        self.name(named.index, named.name);
                        self.has_names = true;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn name(&mut self, function: u32, name: &str) {
        let names = self.names.entry(function).or_default();
        names.insert(name.to_owned());
    }
}

/// The functions that a function calls directly.
fn callees(body: &FunctionBody) -> Result<BTreeSet<u32>, BinaryReaderError> {
    let mut callees = BTreeSet::new();
    for operator in body.get_operators_reader()? {
        if let Operator::Call { function_index } | Operator::ReturnCall { function_index } =
            operator?
        {
            callees.insert(function_index);
        }
    }
    Ok(callees)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use wasm_encoder::{
        CodeSection, CustomSection, EntityType, Function, FunctionSection, ImportSection, NameMap,
        NameSection, SymbolTable, TagKind, TagSection, TagType, TypeSection,
    };

    use super::*;

    /// An object that imports `import` and whose functions `catches` and `__main_void`, which has a
    /// second name, call setjmp, `catches` the import as well, and whose function `other` calls that
    /// only.
    fn object(import: &str) -> wasm_encoder::Module {
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("env", import, EntityType::Function(0));
        imports.import("env", SETJMP, EntityType::Function(0));
        let tag = TagType {
            kind: TagKind::Exception,
            func_type_idx: 0,
        };
        imports.import("env", "__c_longjmp", EntityType::Tag(tag));
        let mut symbols = SymbolTable::new();
        for (index, name) in [
            (2, "catches"),
            (3, "other"),
            (4, "__main_void"),
            (4, "alias"),
        ] {
            symbols.function(0, index, Some(name));
        }
        let mut linking = wasm_encoder::LinkingSection::new();
        linking.symbol_table(&symbols);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for callees in [&[0, 1][..], &[0], &[1]] {
            functions.function(0);
            code.function(&calling(callees));
        }
        let sections = module.section(&types).section(&imports);
        sections
            .section(&functions)
            .section(&code)
            .section(&linking);
        module
    }

    /// A linked module without imports, whose function 0 is setjmp and whose function 1 calls it.
    fn linked(named: bool) -> wasm_encoder::Module {
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut tags = TagSection::new();
        tags.tag(TagType {
            kind: TagKind::Exception,
            func_type_idx: 0,
        });
        let mut code = CodeSection::new();
        code.function(&calling(&[0])).function(&calling(&[0]));
        let sections = module.section(&types).section(&functions);
        sections.section(&tags).section(&code);
        if named {
            let mut names = NameMap::new();
            names.append(0, SETJMP);
            names.append(1, "catches");
            let mut section = NameSection::new();
            section.functions(&names);
            module.section(&section);
        }
        module
    }

    fn calling(callees: &[u32]) -> Function {
        let mut function = Function::new([]);
        for &callee in callees {
            function.instructions().call(callee);
        }
        function.instructions().end();
        function
    }

    fn callers(module: wasm_encoder::Module, which: Which) -> Vec<String> {
        let found = Setjmp::of(&module.finish(), which);
        found.callers.into_iter().collect()
    }

    #[test]
    fn an_object_tells_the_callers_and_all_their_names() {
        let all = ["__main_void", "alias", "catches"];
        assert_eq!(callers(object("printf"), Which::All), all);
        assert_eq!(callers(object("sigaction"), Which::Likely), all);
        assert_eq!(callers(object("signal"), Which::Likely), all);
    }

    #[test]
    fn without_handlers_in_sight_only_sigsetjmp_counts() {
        assert!(callers(object("printf"), Which::Likely).is_empty());
        assert_eq!(callers(object(SAVE_MASK), Which::Likely), ["catches"]);
    }

    #[test]
    fn a_linked_module_tells_them_unless_it_was_stripped() {
        // What calls itself setjmp is here the function itself.
        assert_eq!(callers(linked(true), Which::All), [SETJMP, "catches"]);
        let stripped = Setjmp::of(&linked(false).finish(), Which::Likely);
        assert!(stripped.nameless && stripped.callers.is_empty());
    }

    #[test]
    fn other_files_tell_nothing() {
        let mut damaged = object("signal").finish();
        damaged.truncate(damaged.len() / 2);
        let mut without = wasm_encoder::Module::new();
        without.section(&CustomSection {
            name: "x".into(),
            data: Cow::Borrowed(&[1]),
        });
        let bitcode = b"BC\xc0\xde".to_vec();
        for bytes in [damaged, without.finish(), bitcode, Vec::new()] {
            assert_eq!(Setjmp::of(&bytes, Which::All), Setjmp::default());
        }
    }
}
