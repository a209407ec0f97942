//! Compiling a rewritten module with every processor, and leaving no thread behind.

use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use wasmtime::{Engine, Module};

use crate::host::process::SignalsBlocked;

/// Compiles `bytes`.
///
/// The threads that help have every signal blocked, so that none is delivered to them, and are
/// gone on return: the guest may fork.
///
/// # Errors
/// The module is invalid or larger than the compiler takes.
pub(super) fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Module> {
    with_threads(|| Module::from_binary(engine, bytes))?
}

/// Runs `work` in a pool of threads that ends with it.
fn with_threads<T: Send>(work: impl FnOnce() -> T + Send) -> wasmtime::Result<T> {
    let threads: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
    let blocked = SignalsBlocked::new();
    let spawned = Arc::clone(&threads);
    let pool = rayon::ThreadPoolBuilder::new()
        .spawn_handler(move |thread| {
            let handle = thread::Builder::new().spawn(|| thread.run())?;
            if let Ok(mut threads) = spawned.lock() {
                threads.push(handle);
            }
            Ok(())
        })
        .build();
    drop(blocked);
    let result = match pool {
        Ok(pool) => pool.install(work),
        // No thread could be started: this one does it all.
        Err(_) => work(),
    };
    if let Ok(mut threads) = threads.lock() {
        for thread in threads.drain(..) {
            // A thread that panicked has passed its panic on to `install`.
            let _ = thread.join();
        }
    }
    Ok(result)
}
