//! Cranelift, as wasmtime sets it up.

use wali_artifact::settings;
use wali_contract::TableFill;
use wasmtime::{Config, Engine, OptLevel};

use super::{Backend, BackendError, Optimization, Target};

/// Cranelift with its settings.
struct Cranelift {
    engine: Engine,
}

/// Cranelift for `target`; `fill` says when the module's tables are filled, which code relies on.
///
/// # Errors
/// Code for the target cannot be made on this machine.
pub fn cranelift(
    target: Target,
    optimization: Optimization,
    fill: TableFill,
) -> Result<impl Backend, BackendError> {
    if target == Target::Host && !has_vectors() {
        // Where it meets SIMD it would panic.
        return Err(BackendError(
            "the compiler needs a processor with vector instructions (V); the interpreter does not (--interp)"
                .to_owned(),
        ));
    }
    let engine = engine(target, optimization, fill).map_err(failed)?;
    Ok(Cranelift { engine })
}

impl Backend for Cranelift {
    fn compile(&self, module: &[u8]) -> Result<Vec<u8>, BackendError> {
        self.engine.precompile_module(module).map_err(failed)
    }
}

fn failed(error: wasmtime::Error) -> BackendError {
    BackendError(format!("{error:#}"))
}

fn engine(target: Target, optimization: Optimization, fill: TableFill) -> wasmtime::Result<Engine> {
    let mut config = settings::config(target.executor(), fill)?;
    if let Target::Level(level) = target {
        config.target(level.triple)?;
        use_features(&mut config, level.features);
    }
    config
        .cranelift_debug_verifier(false)
        .cranelift_opt_level(match optimization {
            Optimization::None => OptLevel::None,
            Optimization::Speed => OptLevel::Speed,
            Optimization::SpeedAndSize => OptLevel::SpeedAndSize,
        });
    Engine::new(&config)
}

/// Tells the compiler that the processor has `features`.
#[allow(
    unsafe_code,
    reason = "wasmtime calls the choice of a processor's features unsafe"
)]
fn use_features(config: &mut Config, features: &[&str]) {
    for feature in features {
        // SAFETY: the code is loaded only where wasmtime finds the processor to have them.
        unsafe { config.cranelift_flag_enable(feature) };
    }
}

/// Whether the processor has the vector instructions that the compiler makes SIMD of.
fn has_vectors() -> bool {
    !cfg!(target_arch = "riscv64") || settings::processor().contains(&"v")
}
