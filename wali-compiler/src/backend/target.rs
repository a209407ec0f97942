//! What code is made for.

use wali_contract::Executor;

/// What code is made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// This machine's processor, with all that it can do.
    #[default]
    Host,
    /// Every processor of this machine's kind that has some features.
    Level(&'static Level),
    /// The interpreter.
    Interpreter,
}

/// A set of features that processors have in common.
#[derive(Debug, PartialEq, Eq)]
pub struct Level {
    /// Its usual name.
    pub name: &'static str,
    pub(super) triple: &'static str,
    pub(super) features: &'static [&'static str],
}

/// The levels of the host's instruction set.
#[cfg(target_arch = "x86_64")]
pub const LEVELS: &[Level] = &[
    level("x86-64", &[]),
    level("x86-64-v2", X86_64_V3.split_at(6).0),
    level("x86-64-v3", &X86_64_V3),
];
/// The levels of the host's instruction set.
#[cfg(target_arch = "aarch64")]
pub const LEVELS: &[Level] = &[Level {
    name: "armv8-a",
    triple: "aarch64-unknown-linux-gnu",
    features: &[],
}];
/// The levels of the host's instruction set.
#[cfg(target_arch = "riscv64")]
pub const LEVELS: &[Level] = &[Level {
    name: "rv64gcv",
    triple: "riscv64gc-unknown-linux-gnu",
    features: &["has_v"],
}];

/// The compiler's names of what the level x86-64-v3 has; the first six make up x86-64-v2.
#[cfg(target_arch = "x86_64")]
const X86_64_V3: [&str; 12] = [
    "has_cmpxchg16b",
    "has_popcnt",
    "has_sse3",
    "has_ssse3",
    "has_sse41",
    "has_sse42",
    "has_avx",
    "has_avx2",
    "has_bmi1",
    "has_bmi2",
    "has_fma",
    "has_lzcnt",
];

#[cfg(target_arch = "x86_64")]
const fn level(name: &'static str, features: &'static [&'static str]) -> Level {
    Level {
        name,
        triple: "x86_64-unknown-linux-gnu",
        features,
    }
}

impl Target {
    /// This machine, for `executor`.
    pub fn here(executor: Executor) -> Target {
        match executor {
            Executor::Compiler => Target::Host,
            Executor::Interpreter => Target::Interpreter,
        }
    }

    /// What executes the code.
    pub fn executor(self) -> Executor {
        match self {
            Target::Interpreter => Executor::Interpreter,
            Target::Host | Target::Level(_) => Executor::Compiler,
        }
    }
}

/// How hard the compiler tries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimization {
    /// Not at all.
    None,
    /// For speed.
    #[default]
    Speed,
    /// For speed and for small code.
    SpeedAndSize,
}
