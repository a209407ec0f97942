//! What `toolchains/wali.toml` says of the target: triple, LLVM, default flags, and the names of tools.

/// Flags that wali-cc adds, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The arguments, in order.
    pub flags: &'static [&'static str],
    /// Whether an ordinary program gets them.
    pub program: bool,
    /// Whether a module built with `--wali-compat` gets them.
    pub compat: bool,
    /// The user's argument that takes them out.
    pub unless: Option<&'static str>,
    /// Why they are there.
    pub reason: &'static str,
}

impl Defaults {
    /// Whether a module of this kind gets them.
    pub fn apply_to(&self, compat: bool) -> bool {
        if compat { self.compat } else { self.program }
    }
}

include!(concat!(env!("OUT_DIR"), "/config.rs"));
