//! Compiling a rewritten module with every processor, and leaving no thread behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use wasmtime::Engine;

use crate::host::code::FreshCode;
use crate::host::process::SignalsBlocked;

/// Compiles `bytes`.
///
/// The threads that help have every signal blocked, so that none is delivered to them, and are
/// gone on return: the guest may fork.
///
/// # Errors
/// The module is invalid or larger than the compiler takes.
pub(super) fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<FreshCode> {
    with_threads(|| FreshCode::compile(engine, bytes))
}

/// Runs `work` in a pool of threads that ends with it.
fn with_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let threads: Arc<Mutex<Vec<JoinHandle<()>>>> = Arc::default();
    let blocked = SignalsBlocked::new();
    let spawned = Arc::clone(&threads);
    let pool = rayon::ThreadPoolBuilder::new()
        .spawn_handler(move |thread| {
            let handle = thread::Builder::new().spawn(|| thread.run())?;
            lock(&spawned).push(handle);
            Ok(())
        })
        .build();
    drop(blocked);
    let result = match pool {
        Ok(pool) => pool.install(work),
        // No thread could be started: this one does it all.
        Err(_) => work(),
    };
    for thread in lock(&threads).drain(..) {
        // A thread that panicked has passed its panic on to `install`.
        let _ = thread.join();
    }
    result
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
