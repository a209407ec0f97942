//! What the one who prepares a module and the one who runs it agree on.
//!
//! `wali-module` rewrites a program's module, a compiler makes code of it, and `wali-runtime` runs that
//! code, possibly years later in another process. They know each other only through this crate: the
//! names of the imports and exports that a rewritten module has besides the program's own, and the few
//! facts that a start needs and the code does not tell.

#![forbid(unsafe_code)]

mod facts;
mod head;
mod names;

pub use facts::{Executor, Facts, TableFill};
pub use head::{MAGIC, is_compiled, module_start};
pub use names::{
    ENGINE_MODULE, FAULT_EXPORT, FUNCTION_TABLE, IMPORTS_EXPORT, MemoryCall, POLL_AT, SAFEPOINT,
    STACK_POINTER_EXPORT, THREAD_SPAWN, ValType, WASM_PAGE_SIZE, WORD_EXPORT,
};
