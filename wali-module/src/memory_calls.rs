//! Which instructions become calls of the engine.

use wali_contract::MemoryCall;
use wasmparser::Operator;

/// Which call replaces the instruction, and the offset it gets.
pub(crate) fn memory_call(operator: &Operator<'_>) -> Option<(MemoryCall, Option<u64>)> {
    match operator {
        Operator::MemorySize { .. } => Some((MemoryCall::Size, None)),
        Operator::MemoryGrow { .. } => Some((MemoryCall::Grow, None)),
        Operator::MemoryAtomicNotify { memarg } => Some((MemoryCall::Notify, Some(memarg.offset))),
        Operator::MemoryAtomicWait32 { memarg } => Some((MemoryCall::Wait32, Some(memarg.offset))),
        Operator::MemoryAtomicWait64 { memarg } => Some((MemoryCall::Wait64, Some(memarg.offset))),
        _ => None,
    }
}

/// Whether the instruction is one that becomes a call.
pub(crate) fn is_memory_call(operator: &Operator<'_>) -> bool {
    memory_call(operator).is_some()
}
