//! The names that a rewritten module has besides the program's own.

/// The module name of the engine's own imports.
pub const ENGINE_MODULE: &str = "wali-engine";

/// The export that is the module's first import: it shows the runtime where an instance keeps the
/// addresses that code calls its imports by.
pub const IMPORTS_EXPORT: &str = "__wali_imports";

/// The import, of [`ENGINE_MODULE`], that a safepoint calls: `() -> ()`.
pub const SAFEPOINT: &str = "safepoint";

/// The exported global that tells the address of the safepoints' word: an immutable `i32`.
pub const WORD_EXPORT: &str = "__wali_safepoint_word";

/// The exported function that does nothing but pass a safepoint: `() -> ()`.
pub const FAULT_EXPORT: &str = "__wali_fault";

/// The exported global that holds the address of the guest's stack. Linkers give it this name too.
pub const STACK_POINTER_EXPORT: &str = "__stack_pointer";

/// The export that holds the functions which the guest passes by number.
pub const FUNCTION_TABLE: &str = "__indirect_function_table";

/// The import of the interface that starts threads.
pub const THREAD_SPAWN: &str = "__wasm_thread_spawn";

/// How far behind the safepoints' word the page is that loops read, in bytes, on hosts where they do.
pub const POLL_AT: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(32 << 10)
} else {
    None
};

/// Bytes in a page of `memory.size` and `memory.grow`.
pub const WASM_PAGE_SIZE: u32 = 65536;

/// The types of the engine's calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValType {
    /// A 32-bit integer.
    I32,
    /// A 64-bit integer.
    I64,
}

/// A call of the engine that replaces an instruction on the memory's size, or one that waits on memory.
///
/// Each is an import of [`ENGINE_MODULE`] and returns an `i32`, as the instruction does. Those on an
/// address get the instruction's offset as last parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryCall {
    /// `memory.size`.
    Size,
    /// `memory.grow`.
    Grow,
    /// `memory.atomic.notify`.
    Notify,
    /// `memory.atomic.wait32`.
    Wait32,
    /// `memory.atomic.wait64`.
    Wait64,
}

impl MemoryCall {
    /// All of them, in the order of their imports.
    pub const ALL: [MemoryCall; 5] = [
        MemoryCall::Size,
        MemoryCall::Grow,
        MemoryCall::Notify,
        MemoryCall::Wait32,
        MemoryCall::Wait64,
    ];

    /// The import's name.
    pub const fn name(self) -> &'static str {
        match self {
            MemoryCall::Size => "memory_size",
            MemoryCall::Grow => "memory_grow",
            MemoryCall::Notify => "memory_notify",
            MemoryCall::Wait32 => "memory_wait32",
            MemoryCall::Wait64 => "memory_wait64",
        }
    }

    /// The import's parameters.
    pub const fn params(self) -> &'static [ValType] {
        use ValType::{I32, I64};
        match self {
            MemoryCall::Size => &[],
            MemoryCall::Grow => &[I32],
            MemoryCall::Notify => &[I32, I32, I32],
            MemoryCall::Wait32 => &[I32, I32, I64, I32],
            MemoryCall::Wait64 => &[I32, I64, I64, I32],
        }
    }
}
