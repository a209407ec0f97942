//! A call whose type is not the function's, made as x86-64 makes it.
//!
//! There, a caller puts integers into one row of registers and floating-point numbers into
//! another, each in the order of the arguments; the function takes from the rows what its own type
//! says, and leaves its result in the first integer or the first floating-point register. So the
//! rows are the common form of all calls: an adapter fills them, the dispatcher finds the
//! function's type and calls it. Registers that nobody filled read as zero.

use wasm_encoder::{BlockType, Function, HeapType, InstructionSink, ValType};
use wasmparser::FuncType;

use super::survey::CalleeType;

/// How many registers of each kind the functions in tables take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Registers {
    integers: u32,
    floats: u32,
}

impl Registers {
    pub(super) fn for_callees<'a>(types: impl Iterator<Item = &'a FuncType>) -> Self {
        types.fold(Self::default(), |most, ty| {
            let floats = ty.params().iter().copied().filter(is_float).count() as u32;
            let integers = ty.params().len() as u32 - floats;
            Self {
                integers: most.integers.max(integers),
                floats: most.floats.max(floats),
            }
        })
    }

    /// The dispatcher's parameters: integers, floating-point numbers, the function.
    pub(super) fn parameters(self) -> Vec<ValType> {
        let mut parameters = vec![ValType::I64; self.integers as usize];
        parameters.extend(vec![ValType::F64; self.floats as usize]);
        parameters.push(ValType::FUNCREF);
        parameters
    }

    /// The dispatcher's results: the first register of each kind.
    pub(super) const RESULTS: [ValType; 2] = [ValType::I64, ValType::F64];

    /// The function that calls one of `callees` by the type it has.
    ///
    /// Traps when the function has none of them, or is null.
    pub(super) fn dispatcher(self, callees: &[CalleeType]) -> Function {
        let callee_local = self.integers + self.floats;
        let float_result = callee_local + 1;
        let mut function = Function::new([(1, ValType::F64)]);
        for callee in callees {
            let heap_type = HeapType::Concrete(callee.index);
            let mut code = function.instructions();
            code.block(BlockType::Empty)
                .local_get(callee_local)
                .ref_test_non_null(heap_type)
                .i32_eqz()
                .br_if(0);
            self.unload_arguments(&mut code, &callee.ty);
            code.local_get(callee_local)
                .ref_cast_non_null(heap_type)
                .call_ref(callee.index);
            load_result(&mut code, callee.ty.results().first(), float_result);
            code.return_().end();
        }
        let mut code = function.instructions();
        // A null, or a function whose type no C compiler makes.
        code.local_get(callee_local)
            .ref_as_non_null()
            .drop()
            .unreachable()
            .end();
        function
    }

    /// The function of type `called` that calls the one in the global `stranger`.
    pub(super) fn adapter(self, called: &FuncType, stranger: u32, dispatcher: u32) -> Function {
        let float_result = called.params().len() as u32;
        let mut function = Function::new([(1, ValType::F64)]);
        let mut code = function.instructions();
        self.load_arguments(&mut code, called);
        code.global_get(stranger).call(dispatcher);
        match called.results().first() {
            None => _ = code.drop().drop(),
            Some(wasmparser::ValType::I32) => _ = code.drop().i32_wrap_i64(),
            Some(wasmparser::ValType::I64) => _ = code.drop(),
            Some(result) => {
                code.local_set(float_result).drop().local_get(float_result);
                from_float_register(&mut code, *result);
            }
        }
        code.end();
        function
    }

    fn load_arguments(self, code: &mut InstructionSink<'_>, called: &FuncType) {
        let arguments = |float| {
            let params = called.params().iter().copied().enumerate();
            params.filter(move |(_, ty)| is_float(ty) == float)
        };
        let mut free = self.integers;
        for (local, ty) in arguments(false).take(self.integers as usize) {
            code.local_get(local as u32);
            to_integer_register(code, ty);
            free -= 1;
        }
        (0..free).for_each(|_| _ = code.i64_const(0));
        free = self.floats;
        for (local, ty) in arguments(true).take(self.floats as usize) {
            code.local_get(local as u32);
            to_float_register(code, ty);
            free -= 1;
        }
        (0..free).for_each(|_| _ = code.f64_const(0.0.into()));
    }

    fn unload_arguments(self, code: &mut InstructionSink<'_>, callee: &FuncType) {
        let (mut integer, mut float) = (0, self.integers);
        for ty in callee.params() {
            if is_float(ty) {
                code.local_get(float);
                from_float_register(code, *ty);
                float += 1;
            } else {
                code.local_get(integer);
                if *ty == wasmparser::ValType::I32 {
                    code.i32_wrap_i64();
                }
                integer += 1;
            }
        }
    }
}

fn is_float(ty: &wasmparser::ValType) -> bool {
    matches!(ty, wasmparser::ValType::F32 | wasmparser::ValType::F64)
}

/// Puts a call's result into the first register of its kind.
fn load_result(
    code: &mut InstructionSink<'_>,
    result: Option<&wasmparser::ValType>,
    float_result: u32,
) {
    match result {
        None => {
            code.i64_const(0).f64_const(0.0.into());
        }
        Some(float) if is_float(float) => {
            to_float_register(code, *float);
            code.local_set(float_result)
                .i64_const(0)
                .local_get(float_result);
        }
        Some(integer) => {
            to_integer_register(code, *integer);
            code.f64_const(0.0.into());
        }
    }
}

/// A move to a 32-bit register clears the upper half.
fn to_integer_register(code: &mut InstructionSink<'_>, ty: wasmparser::ValType) {
    if ty == wasmparser::ValType::I32 {
        code.i64_extend_i32_u();
    }
}

/// A single-precision number takes the lower half of its register.
fn to_float_register(code: &mut InstructionSink<'_>, ty: wasmparser::ValType) {
    if ty == wasmparser::ValType::F32 {
        code.i32_reinterpret_f32()
            .i64_extend_i32_u()
            .f64_reinterpret_i64();
    }
}

fn from_float_register(code: &mut InstructionSink<'_>, ty: wasmparser::ValType) {
    if ty == wasmparser::ValType::F32 {
        code.i64_reinterpret_f64()
            .i32_wrap_i64()
            .f32_reinterpret_i32();
    }
}
