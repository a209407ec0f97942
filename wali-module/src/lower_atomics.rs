//! Atomic accesses as plain ones, for the interpreter, which has no others.
//!
//! A program under the interpreter has one thread, and its signal handlers run between
//! instructions of its own, never inside a lowered one. So only other processes that share memory
//! with it could see a difference.

use wasm_encoder::{BlockType, Function, Instruction, MemArg, ValType};
use wasmparser::Operator;

/// What kind of access an atomic instruction is.
#[derive(Clone, Copy, Debug)]
enum Access {
    Load,
    Store,
    Modify(Update),
    Exchange,
    CompareExchange,
}

/// How a read-modify-write changes the value.
#[derive(Clone, Copy, Debug)]
enum Update {
    Add,
    Sub,
    And,
    Or,
    Xor,
}

/// An atomic instruction: access, type of its operands, bytes accessed.
#[derive(Clone, Copy, Debug)]
struct Atomic {
    access: Access,
    ty: ValType,
    bytes: u32,
}

/// The locals that lowered instructions use, behind a function's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scratch {
    first: u32,
}

impl Scratch {
    /// What has to be added to the locals of a function.
    pub(super) const LOCALS: [(u32, ValType); 2] = [(4, ValType::I32), (3, ValType::I64)];

    /// The scratch locals of a function with `n_locals` of its own, parameters included.
    pub(super) fn after(n_locals: u32) -> Scratch {
        Scratch { first: n_locals }
    }

    fn address(self) -> u32 {
        self.first
    }

    /// The value that was there, an operand, and a second operand, by type.
    fn values(self, ty: ValType) -> [u32; 3] {
        let first = self.first + if ty == ValType::I64 { 4 } else { 1 };
        [first, first + 1, first + 2]
    }
}

/// The atomic instruction that an operator is, with the place it accesses.
fn atomic(operator: &Operator<'_>) -> Option<(Atomic, wasmparser::MemArg)> {
    use Access::{CompareExchange, Exchange, Load, Modify, Store};
    use ValType::{I32, I64};
    macro_rules! table {
        ($($name:ident => $access:expr, $ty:ident, $bytes:literal;)*) => {
            match operator {
                $(Operator::$name { memarg } => {
                    let (access, ty, bytes) = ($access, $ty, $bytes);
                    Some((Atomic { access, ty, bytes }, *memarg))
                })*
                _ => None,
            }
        };
    }
    table! {
        I32AtomicLoad => Load, I32, 4;
        I32AtomicLoad8U => Load, I32, 1;
        I32AtomicLoad16U => Load, I32, 2;
        I32AtomicStore => Store, I32, 4;
        I32AtomicStore8 => Store, I32, 1;
        I32AtomicStore16 => Store, I32, 2;
        I32AtomicRmwAdd => Modify(Update::Add), I32, 4;
        I32AtomicRmw8AddU => Modify(Update::Add), I32, 1;
        I32AtomicRmw16AddU => Modify(Update::Add), I32, 2;
        I32AtomicRmwSub => Modify(Update::Sub), I32, 4;
        I32AtomicRmw8SubU => Modify(Update::Sub), I32, 1;
        I32AtomicRmw16SubU => Modify(Update::Sub), I32, 2;
        I32AtomicRmwAnd => Modify(Update::And), I32, 4;
        I32AtomicRmw8AndU => Modify(Update::And), I32, 1;
        I32AtomicRmw16AndU => Modify(Update::And), I32, 2;
        I32AtomicRmwOr => Modify(Update::Or), I32, 4;
        I32AtomicRmw8OrU => Modify(Update::Or), I32, 1;
        I32AtomicRmw16OrU => Modify(Update::Or), I32, 2;
        I32AtomicRmwXor => Modify(Update::Xor), I32, 4;
        I32AtomicRmw8XorU => Modify(Update::Xor), I32, 1;
        I32AtomicRmw16XorU => Modify(Update::Xor), I32, 2;
        I32AtomicRmwXchg => Exchange, I32, 4;
        I32AtomicRmw8XchgU => Exchange, I32, 1;
        I32AtomicRmw16XchgU => Exchange, I32, 2;
        I32AtomicRmwCmpxchg => CompareExchange, I32, 4;
        I32AtomicRmw8CmpxchgU => CompareExchange, I32, 1;
        I32AtomicRmw16CmpxchgU => CompareExchange, I32, 2;
        I64AtomicLoad => Load, I64, 8;
        I64AtomicLoad8U => Load, I64, 1;
        I64AtomicLoad16U => Load, I64, 2;
        I64AtomicLoad32U => Load, I64, 4;
        I64AtomicStore => Store, I64, 8;
        I64AtomicStore8 => Store, I64, 1;
        I64AtomicStore16 => Store, I64, 2;
        I64AtomicStore32 => Store, I64, 4;
        I64AtomicRmwAdd => Modify(Update::Add), I64, 8;
        I64AtomicRmw8AddU => Modify(Update::Add), I64, 1;
        I64AtomicRmw16AddU => Modify(Update::Add), I64, 2;
        I64AtomicRmw32AddU => Modify(Update::Add), I64, 4;
        I64AtomicRmwSub => Modify(Update::Sub), I64, 8;
        I64AtomicRmw8SubU => Modify(Update::Sub), I64, 1;
        I64AtomicRmw16SubU => Modify(Update::Sub), I64, 2;
        I64AtomicRmw32SubU => Modify(Update::Sub), I64, 4;
        I64AtomicRmwAnd => Modify(Update::And), I64, 8;
        I64AtomicRmw8AndU => Modify(Update::And), I64, 1;
        I64AtomicRmw16AndU => Modify(Update::And), I64, 2;
        I64AtomicRmw32AndU => Modify(Update::And), I64, 4;
        I64AtomicRmwOr => Modify(Update::Or), I64, 8;
        I64AtomicRmw8OrU => Modify(Update::Or), I64, 1;
        I64AtomicRmw16OrU => Modify(Update::Or), I64, 2;
        I64AtomicRmw32OrU => Modify(Update::Or), I64, 4;
        I64AtomicRmwXor => Modify(Update::Xor), I64, 8;
        I64AtomicRmw8XorU => Modify(Update::Xor), I64, 1;
        I64AtomicRmw16XorU => Modify(Update::Xor), I64, 2;
        I64AtomicRmw32XorU => Modify(Update::Xor), I64, 4;
        I64AtomicRmwXchg => Exchange, I64, 8;
        I64AtomicRmw8XchgU => Exchange, I64, 1;
        I64AtomicRmw16XchgU => Exchange, I64, 2;
        I64AtomicRmw32XchgU => Exchange, I64, 4;
        I64AtomicRmwCmpxchg => CompareExchange, I64, 8;
        I64AtomicRmw8CmpxchgU => CompareExchange, I64, 1;
        I64AtomicRmw16CmpxchgU => CompareExchange, I64, 2;
        I64AtomicRmw32CmpxchgU => CompareExchange, I64, 4;
    }
}

/// Writes `operator` to `function` as plain instructions, if it is atomic and there are locals for that.
/// Returns whether it did.
pub(super) fn lower(
    operator: &Operator<'_>,
    scratch: Option<Scratch>,
    function: &mut Function,
) -> bool {
    let Some(scratch) = scratch else {
        return false;
    };
    if matches!(operator, Operator::AtomicFence) {
        return true;
    }
    let Some((atomic, memarg)) = atomic(operator) else {
        return false;
    };
    let place = MemArg {
        offset: memarg.offset,
        align: u32::from(memarg.align),
        memory_index: memarg.memory,
    };
    for instruction in atomic.plain(place, scratch) {
        function.instruction(&instruction);
    }
    true
}

impl Atomic {
    fn plain(self, place: MemArg, scratch: Scratch) -> Vec<Instruction<'static>> {
        use Instruction::{LocalGet, LocalSet, LocalTee};
        let address = scratch.address();
        let [old, operand, expected] = scratch.values(self.ty);
        match self.access {
            Access::Load => vec![self.load(place)],
            Access::Store => vec![self.store(place)],
            Access::Modify(update) => vec![
                LocalSet(operand),
                LocalTee(address),
                self.load(place),
                LocalSet(old),
                LocalGet(address),
                LocalGet(old),
                LocalGet(operand),
                self.change(update),
                self.store(place),
                LocalGet(old),
            ],
            Access::Exchange => vec![
                LocalSet(operand),
                LocalTee(address),
                self.load(place),
                LocalSet(old),
                LocalGet(address),
                LocalGet(operand),
                self.store(place),
                LocalGet(old),
            ],
            Access::CompareExchange => {
                let mut plain = vec![LocalSet(operand), LocalSet(expected), LocalTee(address)];
                plain.extend([self.load(place), LocalTee(old), LocalGet(expected)]);
                plain.extend(self.narrowed());
                plain.extend([self.equal(), Instruction::If(BlockType::Empty)]);
                plain.extend([LocalGet(address), LocalGet(operand), self.store(place)]);
                plain.extend([Instruction::End, LocalGet(old)]);
                plain
            }
        }
    }

    fn load(self, place: MemArg) -> Instruction<'static> {
        match (self.ty, self.bytes) {
            (ValType::I64, 1) => Instruction::I64Load8U(place),
            (ValType::I64, 2) => Instruction::I64Load16U(place),
            (ValType::I64, 4) => Instruction::I64Load32U(place),
            (ValType::I64, _) => Instruction::I64Load(place),
            (_, 1) => Instruction::I32Load8U(place),
            (_, 2) => Instruction::I32Load16U(place),
            (_, _) => Instruction::I32Load(place),
        }
    }

    fn store(self, place: MemArg) -> Instruction<'static> {
        match (self.ty, self.bytes) {
            (ValType::I64, 1) => Instruction::I64Store8(place),
            (ValType::I64, 2) => Instruction::I64Store16(place),
            (ValType::I64, 4) => Instruction::I64Store32(place),
            (ValType::I64, _) => Instruction::I64Store(place),
            (_, 1) => Instruction::I32Store8(place),
            (_, 2) => Instruction::I32Store16(place),
            (_, _) => Instruction::I32Store(place),
        }
    }

    fn change(self, update: Update) -> Instruction<'static> {
        match (self.ty, update) {
            (ValType::I64, Update::Add) => Instruction::I64Add,
            (ValType::I64, Update::Sub) => Instruction::I64Sub,
            (ValType::I64, Update::And) => Instruction::I64And,
            (ValType::I64, Update::Or) => Instruction::I64Or,
            (ValType::I64, Update::Xor) => Instruction::I64Xor,
            (_, Update::Add) => Instruction::I32Add,
            (_, Update::Sub) => Instruction::I32Sub,
            (_, Update::And) => Instruction::I32And,
            (_, Update::Or) => Instruction::I32Or,
            (_, Update::Xor) => Instruction::I32Xor,
        }
    }

    /// Cuts the value on the stack to the bytes that are accessed.
    fn narrowed(self) -> Vec<Instruction<'static>> {
        match (self.ty, self.bytes) {
            (ValType::I64, 8) | (ValType::I32, 4) => Vec::new(),
            (ValType::I64, bytes) => {
                let mask = (1_i64 << (8 * bytes)) - 1;
                vec![Instruction::I64Const(mask), Instruction::I64And]
            }
            (_, bytes) => {
                let mask = (1_i32 << (8 * bytes)) - 1;
                vec![Instruction::I32Const(mask), Instruction::I32And]
            }
        }
    }

    fn equal(self) -> Instruction<'static> {
        match self.ty {
            ValType::I64 => Instruction::I64Eq,
            _ => Instruction::I32Eq,
        }
    }
}
