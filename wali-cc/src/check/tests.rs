//! Modules made by hand, whole and damaged.

use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemorySection, MemoryType, NameMap, NameSection, TypeSection, ValType,
};

use super::{Callers, Module, Origins, Problem, Rules, problems, report, validate};
use crate::link::Entry;

/// A module that can be bent in the ways the checks look for.
struct Sample {
    imports: Vec<(&'static str, &'static str, Vec<ValType>)>,
    memory: MemoryType,
    memory_name: &'static str,
    entry: &'static str,
}

impl Default for Sample {
    fn default() -> Sample {
        Sample {
            imports: vec![("wali", "SYS_close", vec![ValType::I32])],
            memory: MemoryType {
                minimum: 1,
                maximum: Some(2),
                memory64: false,
                shared: true,
                page_size_log2: None,
            },
            memory_name: "memory",
            entry: "_start",
        }
    }
}

impl Sample {
    fn bytes(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for (index, (module, name, params)) in (1u32..).zip(&self.imports) {
            types.ty().function(params.iter().copied(), [ValType::I64]);
            imports.import(module, name, EntityType::Function(index));
        }
        let start = self.imports.len() as u32;
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(self.memory);
        let mut exports = ExportSection::new();
        exports.export(self.memory_name, ExportKind::Memory, 0);
        exports.export(self.entry, ExportKind::Func, start);
        let mut body = Function::new([]);
        for (index, (_, _, params)) in (0u32..).zip(&self.imports) {
            for param in params {
                match param {
                    ValType::I64 => body.instruction(&Instruction::I64Const(0)),
                    _ => body.instruction(&Instruction::I32Const(0)),
                };
            }
            body.instruction(&Instruction::Call(index));
            body.instruction(&Instruction::Drop);
        }
        body.instruction(&Instruction::End);
        let mut code = CodeSection::new();
        code.function(&body);
        let mut function_names = NameMap::new();
        function_names.append(start, "go");
        let mut names = NameSection::new();
        names.functions(&function_names);
        let mut module = wasm_encoder::Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&memories);
        module.section(&exports).section(&code).section(&names);
        module.finish()
    }

    fn problems(&self) -> Vec<Problem> {
        let module = Module::parse(&self.bytes()).expect("a module");
        let rules = Rules {
            entry: &Entry::Function("_start".to_owned()),
            allowed: &["host::known".to_owned()],
            compat: false,
        };
        problems(&module, &rules)
    }
}

#[test]
fn a_module_of_the_interface_has_no_problems() {
    let sample = Sample::default();
    assert_eq!(sample.problems(), []);
    assert_eq!(validate(&sample.bytes(), false), Ok(()));
    assert_eq!(validate(&sample.bytes(), true), Ok(()));
}

#[test]
fn each_defect_is_found() {
    struct Case {
        name: &'static str,
        sample: Sample,
        says: &'static str,
    }
    let plain = Sample::default;
    let shared = plain().memory;
    let cases = [
        Case {
            name: "unknown name",
            sample: Sample {
                imports: vec![("wali", "SYS_closed", vec![ValType::I32])],
                ..plain()
            },
            says: "wali::SYS_closed  not in the WALI interface; nearest name: SYS_close",
        },
        Case {
            name: "unknown module",
            sample: Sample {
                imports: vec![("env", "f", vec![])],
                ..plain()
            },
            says: "env::f  undefined; called by go",
        },
        Case {
            name: "wrong type",
            sample: Sample {
                imports: vec![("wali", "SYS_close", vec![ValType::I64])],
                ..plain()
            },
            says: "is (i64) -> i64, in the interface (i32) -> i64",
        },
        Case {
            name: "no shared memory",
            sample: Sample {
                memory: MemoryType {
                    shared: false,
                    ..shared
                },
                ..plain()
            },
            says: "its memory is not shared",
        },
        Case {
            name: "no maximum",
            sample: Sample {
                memory: MemoryType {
                    shared: false,
                    maximum: None,
                    ..shared
                },
                ..plain()
            },
            says: "its memory has no maximum",
        },
        Case {
            name: "memory under another name",
            sample: Sample {
                memory_name: "heap",
                ..plain()
            },
            says: "does not export its memory as \"memory\"",
        },
        Case {
            name: "no start",
            sample: Sample {
                entry: "start",
                ..plain()
            },
            says: "does not export the start routine _start",
        },
    ];
    for Case { name, sample, says } in cases {
        let text = report(
            "x.wasm",
            &sample.problems(),
            &Origins::of_module(&sample.bytes()),
        );
        assert!(text.contains(says), "{name}: {text}");
    }
}

#[test]
fn an_allowed_import_is_no_problem() {
    let sample = Sample {
        imports: vec![("host", "known", vec![])],
        ..Sample::default()
    };
    assert_eq!(sample.problems(), []);
}

#[test]
fn every_problem_is_in_one_message() {
    let sample = Sample {
        imports: vec![
            ("env", "a", vec![]),
            ("env", "b", vec![]),
            ("wali", "SYS_c", vec![]),
        ],
        entry: "other",
        ..Sample::default()
    };
    let text = report("x.wasm", &sample.problems(), &Origins::default());
    for part in [
        "needs 3 imports",
        "env::a ",
        "env::b ",
        "wali::SYS_c ",
        "start routine _start",
        "help: ",
    ] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
}

#[test]
fn callers_are_named_by_the_name_section() {
    let callers = Callers::of(&Sample::default().bytes(), 1);
    assert_eq!(callers.of_import(0), Some("go"));
    assert_eq!(callers.of_import(1), None);
}

#[test]
fn damaged_modules_are_errors_and_never_panics() {
    let bytes = Sample::default().bytes();
    let look = |bytes: &[u8]| {
        let _ = validate(bytes, false);
        let _ = Origins::of_module(bytes);
        Module::parse(bytes).is_err()
    };
    for length in 0..8 {
        assert!(
            look(&bytes[..length]),
            "the first {length} bytes are no module"
        );
    }
    for length in 8..bytes.len() {
        look(&bytes[..length]);
    }
    for at in 0..bytes.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bent = bytes.clone();
            bent[at] = value;
            look(&bent);
        }
    }
}
