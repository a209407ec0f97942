//! What a start needs besides the code.

/// What executes programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Executor {
    /// The processor: the program is machine code.
    #[default]
    Compiler,
    /// An interpreter, which needs no executable memory.
    Interpreter,
}

/// When the function tables of an instance are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFill {
    /// When it is made. Calls through function pointers then find every entry in its place.
    AtOnce,
    /// Each entry when it is first used, which every such call has to test: for programs that start
    /// threads, each with an instance of its own.
    OnUse,
}

/// What the code of a program does not tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The size of the linear memory at the start, in Wasm pages.
    pub initial_pages: u32,
    /// The size that it may grow to, in Wasm pages.
    pub max_pages: u32,
    /// When its tables are filled, which the code relies on.
    pub table_fill: TableFill,
}
