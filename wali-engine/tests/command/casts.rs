//! Calls through pointers of another function type (`docs/function-casts.md`), compiled and interpreted.

use crate::workplace::{Ended, Workplace};

/// The options for either executor.
const EXECUTORS: [&[&str]; 2] = [&[], &["--interp"]];

/// Runs a module of these `definitions`, beside what lets it write.
fn run(definitions: &str, options: &[&str]) -> Ended {
    let place = Workplace::new();
    let text = format!(
        "(module
           (import \"wali\" \"SYS_write\" (func $write (param i32 i32 i32) (result i64)))
           (memory (export \"memory\") 1 1 shared)
           {definitions})"
    );
    let module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let module = place.file("casts.wasm", &module);
    Ended::of(place.engine().arg("run").args(options).arg(module))
}

/// What `$call` of the `definitions`, a function of type `ty`, returns for `arguments`: the bytes of its
/// result, which takes `len` of them. Both executors have to agree.
fn results(definitions: &str, arguments: &str, len: usize, ty: &str) -> Vec<u8> {
    let result = ty
        .split("(result ")
        .nth(1)
        .and_then(|rest| rest.split(')').next());
    let call = format!("{arguments} call $call");
    let body = match result {
        Some(result) => format!(
            "i32.const 1024 {call} {result}.store
             i32.const 1 i32.const 1024 i32.const {len} call $write drop"
        ),
        None => call,
    };
    let start = format!("{definitions} (func (export \"_start\") {body})");
    let [compiled, interpreted] = EXECUTORS.map(|options| run(&start, options));
    assert_eq!(compiled.status, Some(0), "{compiled:?}");
    assert_eq!(compiled.stdout, interpreted.stdout, "{interpreted:?}");
    compiled.stdout
}

/// The same for a function that returns an `i32`.
fn int(definitions: &str, arguments: &str) -> i32 {
    let bytes = results(definitions, arguments, 4, "(result i32)");
    i32::from_le_bytes(bytes.try_into().expect("four bytes"))
}

#[test]
fn a_call_of_another_type_does_what_x86_64_does() {
    struct Case {
        name: &'static str,
        called: &'static str,
        callee: &'static str,
        loads: &'static str,
        arguments: &'static str,
        expected: Vec<u8>,
    }
    let cases = [
        Case {
            name: "the same type",
            called: "(param i32) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0",
            arguments: "i32.const 7",
            expected: 7_i32.to_le_bytes().to_vec(),
        },
        Case {
            name: "an argument more than the function takes",
            called: "(param i32 i32) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0 local.get 1",
            arguments: "i32.const 7 i32.const 8",
            expected: 7_i32.to_le_bytes().to_vec(),
        },
        Case {
            name: "an argument less is zero",
            called: "(param i32) (result i32)",
            callee: "(param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))",
            loads: "local.get 0",
            arguments: "i32.const 7",
            expected: 7_i32.to_le_bytes().to_vec(),
        },
        Case {
            name: "a result that nobody wants",
            called: "(param i32)",
            callee: "(param i32) (result i64) i64.const 5",
            loads: "local.get 0",
            arguments: "i32.const 7",
            expected: Vec::new(),
        },
        Case {
            name: "a result that nobody gives is zero",
            called: "(result i32)",
            callee: "",
            loads: "",
            arguments: "",
            expected: 0_i32.to_le_bytes().to_vec(),
        },
        Case {
            name: "int for long has a clear upper half",
            called: "(param i32) (result i64)",
            callee: "(param i64) (result i64) local.get 0",
            loads: "local.get 0",
            arguments: "i32.const -1",
            expected: 0xffff_ffff_i64.to_le_bytes().to_vec(),
        },
        Case {
            name: "long for int is cut",
            called: "(param i64) (result i32)",
            callee: "(param i32) (result i32) local.get 0",
            loads: "local.get 0",
            arguments: "i64.const 4294967299",
            expected: 3_i32.to_le_bytes().to_vec(),
        },
        Case {
            name: "an int result read as long",
            called: "(result i64)",
            callee: "(result i32) i32.const -1",
            loads: "",
            arguments: "",
            expected: 0xffff_ffff_i64.to_le_bytes().to_vec(),
        },
        Case {
            name: "integers and doubles are counted apart",
            called: "(param i32 f64) (result f64)",
            callee: "(param f64 i32) (result f64)
                     (f64.add (local.get 0) (f64.convert_i32_s (local.get 1)))",
            loads: "local.get 0 local.get 1",
            arguments: "i32.const 7 f64.const 2",
            expected: 9_f64.to_le_bytes().to_vec(),
        },
        Case {
            name: "float for float beside another result",
            called: "(param f32 i32) (result f32)",
            callee: "(param f32) (result f32) local.get 0",
            loads: "local.get 0 local.get 1",
            arguments: "f32.const 2 i32.const 1",
            expected: 2_f32.to_le_bytes().to_vec(),
        },
        Case {
            name: "the bits of a float are the lower half of a double",
            called: "(param f32) (result i64)",
            callee: "(param f64) (result i64) (i64.reinterpret_f64 (local.get 0))",
            loads: "local.get 0",
            arguments: "f32.const 2",
            expected: 1_073_741_824_i64.to_le_bytes().to_vec(),
        },
        Case {
            name: "a double where an int is wanted stays in its own register",
            called: "(param f64) (result i32)",
            callee: "(param i32) (result f64) f64.const 1",
            loads: "local.get 0",
            arguments: "f64.const 2",
            expected: 0_i32.to_le_bytes().to_vec(),
        },
    ];
    for case in cases {
        let Case {
            called,
            callee,
            loads,
            ..
        } = case;
        let module = format!(
            "(type $called (func {called}))
             (table funcref (elem $callee))
             (func $callee {callee})
             (func $call {called} {loads} (call_indirect (type $called) (i32.const 0)))"
        );
        assert_eq!(
            results(&module, case.arguments, case.expected.len(), called),
            case.expected,
            "{}",
            case.name
        );
    }
}

#[test]
fn the_function_is_found_among_many_types() {
    let module = "
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $same $none $two $long $same))
        (func $none)
        (func $same (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $two (param i32 i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
        (func $long (param i64) (result i64) (i64.mul (local.get 0) (i64.const 3)))
        (func $call (param $index i32) (result i32)
          (call_indirect (type $called) (i32.const 10) (local.get $index)))";
    for (index, expected) in [(0, 11), (1, 0), (2, 20), (3, 30), (4, 11)] {
        let found = int(module, &format!("i32.const {index}"));
        assert_eq!(found, expected, "function {index}");
    }
}

#[test]
fn an_adapted_call_can_make_another() {
    let module = "
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $outer $inner))
        (func $inner (param i32 i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $outer (param i32 i32 i32) (result i32)
          (i32.add
            (call_indirect (type $called) (local.get 0) (i32.const 1))
            (call_indirect (type $called) (local.get 0) (i32.const 1))))
        (func $call (param i32) (result i32)
          (call_indirect (type $called) (local.get 0) (i32.const 0)))";
    assert_eq!(int(module, "i32.const 4"), 10);
}

#[test]
fn a_tail_call_of_another_type_leaves_no_frame() {
    let module = "
        (type $called (func (param i32) (result i32)))
        (table funcref (elem $count $other))
        (func $other (param i32 i32) (result i32) (i32.const 42))
        (func $count (type $called)
          (if (result i32) (local.get 0)
            (then (return_call_indirect (type $called)
              (i32.sub (local.get 0) (i32.const 1)) (i32.const 0)))
            (else (return_call_indirect (type $called) (i32.const 0) (i32.const 1)))))
        (func $call (param i32) (result i32) (call $count (local.get 0)))";
    assert_eq!(int(module, "i32.const 3000000"), 42);
}

#[test]
fn a_null_or_missing_function_still_traps() {
    let module = "
        (type $called (func (param i32)))
        (table 3 3 funcref)
        (elem (i32.const 0) $callee)
        (func $callee)
        (func $call (param $index i32)
          (call_indirect (type $called) (i32.const 0) (local.get $index)))";
    let ended = |index: i32, options: &[&str]| {
        let call = format!("(call $call (i32.const {index}))");
        run(
            &format!("{module} (func (export \"_start\") {call})"),
            options,
        )
    };
    for options in EXECUTORS {
        assert_eq!(ended(0, options).status, Some(0));
        for index in [1, 3, -1] {
            let ended = ended(index, options);
            assert_eq!(ended.signal, Some(libc::SIGSEGV), "{index}: {ended:?}");
            assert!(
                ended.stderr.contains("invalid function pointer"),
                "{ended:?}"
            );
        }
    }
}
