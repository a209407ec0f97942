use wasmtime::{Config, Engine, Instance, Module, Store, Trap, Val};

use super::adapt_indirect_calls;

fn engine() -> Engine {
    let mut config = Config::new();
    config.wasm_gc(true).wasm_function_references(true);
    Engine::new(&config).unwrap()
}

/// Calls the export `call` of the module, once adapted.
fn call(module: &str, arguments: &[Val]) -> wasmtime::Result<Option<Val>> {
    let wasm = wat::parse_str(module).unwrap();
    let adapted = adapt_indirect_calls(&wasm).unwrap().unwrap_or(wasm);
    let engine = engine();
    let module = Module::new(&engine, &adapted)?;
    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[])?;
    let function = instance.get_func(&mut store, "call").unwrap();
    let mut results = vec![Val::I32(0); function.ty(&store).results().len()];
    function.call(&mut store, arguments, &mut results)?;
    Ok(results.pop())
}

/// A module that calls `callee` through the type `called`, with the parameters of `call`.
fn module(called: &str, callee: &str, loads: &str) -> String {
    format!(
        "(module
           (type $called (func {called}))
           (table funcref (elem $callee))
           (func $callee {callee})
           (func (export \"call\") {called}
             {loads} (call_indirect (type $called) (i32.const 0))))"
    )
}

fn show(value: Option<Val>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Val::I32(value)) => value.to_string(),
        Some(Val::I64(value)) => format!("{value}L"),
        Some(Val::F32(bits)) => format!("{}f", f32::from_bits(bits)),
        Some(Val::F64(bits)) => format!("{}d", f64::from_bits(bits)),
        Some(other) => format!("{other:?}"),
    }
}

#[test]
fn a_call_of_another_type_does_what_x86_64_does() {
    struct Case {
        name: &'static str,
        called: &'static str,
        callee: &'static str,
        loads: &'static str,
        arguments: &'static [Val],
        expected: &'static str,
    }
    const F64_2: Val = Val::F64(2.0_f64.to_bits());
    const F32_2: Val = Val::F32(2.0_f32.to_bits());
    let cases = [
        Case {
            name: "the same type",
            called: "(param i32) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0",
            arguments: &[Val::I32(7)],
            expected: "7",
        },
        Case {
            name: "an argument more than the function takes",
            called: "(param i32 i32) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0 local.get 1",
            arguments: &[Val::I32(7), Val::I32(8)],
            expected: "7",
        },
        Case {
            name: "an argument less is zero",
            called: "(param i32) (result i32)",
            callee: "(param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))",
            loads: "local.get 0",
            arguments: &[Val::I32(7)],
            expected: "7",
        },
        Case {
            name: "a result that nobody wants",
            called: "(param i32)",
            callee: "(param i32) (result i64) i64.const 5",
            loads: "local.get 0",
            arguments: &[Val::I32(7)],
            expected: "nothing",
        },
        Case {
            name: "a result that nobody gives is zero",
            called: "(result i32)",
            callee: "",
            loads: "",
            arguments: &[],
            expected: "0",
        },
        Case {
            name: "int for long has a clear upper half",
            called: "(param i32) (result i64)",
            callee: "(param i64) (result i64) local.get 0",
            loads: "local.get 0",
            arguments: &[Val::I32(-1)],
            expected: "4294967295L",
        },
        Case {
            name: "long for int is cut",
            called: "(param i64) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0",
            arguments: &[Val::I64((1 << 32) + 3)],
            expected: "3",
        },
        Case {
            name: "an int result read as long",
            called: "(result i64)",
            callee: "(result i32) i32.const -1",
            loads: "",
            arguments: &[],
            expected: "4294967295L",
        },
        Case {
            name: "integers and doubles are counted apart",
            called: "(param i32 f64) (result f64)",
            callee: "(param f64 i32) (result f64)
                     (f64.add (local.get 0) (f64.convert_i32_s (local.get 1)))",
            loads: "local.get 0 local.get 1",
            arguments: &[Val::I32(7), F64_2],
            expected: "9d",
        },
        Case {
            name: "float for float beside another result",
            called: "(param f32 i32) (result f32)",
            callee: "(param f32) (result f32) local.get 0",
            loads: "local.get 0 local.get 1",
            arguments: &[F32_2, Val::I32(1)],
            expected: "2f",
        },
        Case {
            name: "the bits of a float are the lower half of a double",
            called: "(param f32) (result i64)",
            callee: "(param f64) (result i64) (i64.reinterpret_f64 (local.get 0))",
            loads: "local.get 0",
            arguments: &[F32_2],
            expected: "1073741824L",
        },
        Case {
            name: "a double where an int is wanted stays in its own register",
            called: "(param f64) (result i32)",
            callee: "(param i32) (result f64) f64.const 1",
            loads: "local.get 0",
            arguments: &[F64_2],
            expected: "0",
        },
    ];
    for case in cases {
        let module = module(case.called, case.callee, case.loads);
        let result = call(&module, case.arguments);
        let result = result.unwrap_or_else(|error| panic!("{}: {error:?}\n{module}", case.name));
        assert_eq!(show(result), case.expected, "{}\n{module}", case.name);
    }
}

#[test]
fn the_function_is_found_among_many_types() {
    let module = "(module
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $same $none $two $long $same))
        (func $none)
        (func $same (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $two (param i32 i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
        (func $long (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))
        (func (export \"call\") (param $index i32) (result i32)
          (call_indirect (type $called) (i32.const 10) (local.get $index))))";
    for (index, expected) in [(0, "11"), (1, "0"), (2, "20"), (3, "30"), (4, "11")] {
        let result = call(module, &[Val::I32(index)]).unwrap();
        assert_eq!(show(result), expected, "function {index}");
    }
}

#[test]
fn an_adapted_call_can_make_another() {
    let module = "(module
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $outer $inner))
        (func $inner (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $outer (param i32 i32 i32) (result i32)
          (i32.add
            (call_indirect (type $called) (local.get 0) (i32.const 1))
            (call_indirect (type $called) (local.get 0) (i32.const 1))))
        (func (export \"call\") (param i32) (result i32)
          (call_indirect (type $called) (local.get 0) (i32.const 0))))";
    assert_eq!(show(call(module, &[Val::I32(4)]).unwrap()), "10");
}

#[test]
fn a_tail_call_of_another_type_leaves_no_frame() {
    let module = "(module
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $count $other))
        (func $other (param i32 i32) (result i32) (i32.const 42))
        (func $count (type $called)
          (if (result i32) (local.get 0)
            (then (return_call_indirect (type $called)
              (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
            (else (return_call_indirect (type $called) (i32.const 0) (i32.const 1)))))
        (func (export \"call\") (param i32) (result i32) (call $count (local.get 0))))";
    assert_eq!(show(call(module, &[Val::I32(3_000_000)]).unwrap()), "42");
}

#[test]
fn a_null_or_missing_function_still_traps() {
    let module = "(module
        (type $called (func (param i32)))
        (table 3 3 funcref)
        (elem (i32.const 0) $callee)
        (func $callee)
        (func (export \"call\") (param $index i32)
          (call_indirect (type $called) (i32.const 0) (local.get $index))))";
    assert!(call(module, &[Val::I32(0)]).is_ok());
    for (index, expected) in [
        (1, Trap::NullReference),
        (3, Trap::TableOutOfBounds),
        (-1, Trap::TableOutOfBounds),
    ] {
        let error = call(module, &[Val::I32(index)]).unwrap_err();
        assert_eq!(error.downcast_ref::<Trap>(), Some(&expected), "{index}");
    }
}

#[test]
fn modules_whose_calls_all_fit_stay_as_they_are() {
    let modules = [
        "(module)",
        "(module (func (export \"f\")))",
        "(module (table 1 funcref) (type $t (func))
           (func (call_indirect (type $t) (i32.const 0))))",
        "(module (table funcref (elem $f)) (type $t (func)) (func $f)
           (func (call_indirect (type $t) (i32.const 0))))",
    ];
    for module in modules {
        let wasm = wat::parse_str(module).unwrap();
        assert!(adapt_indirect_calls(&wasm).unwrap().is_none(), "{module}");
    }
}

#[test]
fn new_functions_have_names_and_old_ones_keep_theirs() {
    let wasm = wat::parse_str(module("(param i32)", "", "local.get 0")).unwrap();
    let adapted = adapt_indirect_calls(&wasm).unwrap().unwrap();
    let module = Module::new(&engine(), &adapted).unwrap();
    let names: Vec<_> = module.functions().map(|f| f.name).collect();
    let other = Some("(call through another type)".to_owned());
    assert_eq!(names[0].as_deref(), Some("callee"));
    assert_eq!(names[2..], [other.clone(), other]);
}

#[test]
fn a_damaged_module_is_an_error() {
    let wasm = wat::parse_str(module("(param i32)", "", "local.get 0")).unwrap();
    for length in 1..wasm.len() {
        // A cut at a section's end leaves a smaller module.
        let _ = adapt_indirect_calls(&wasm[..length]);
    }
    assert!(adapt_indirect_calls(&wasm[..wasm.len() / 2]).is_err());
    assert!(adapt_indirect_calls(b"\x7fELF").is_err());
}
