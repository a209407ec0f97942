//! Compiling a rewritten module with every processor, and leaving no thread behind.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wasmtime::Engine;

use crate::host::code::FreshCode;
use crate::host::process::SignalsBlocked;

/// How long compiling may take before somebody at a terminal is told, and between two lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// Compiles `bytes`, the module at `path`.
///
/// The threads that help have every signal blocked, so that none is delivered to them, and are
/// gone on return: the guest may fork.
///
/// # Errors
/// The module is invalid or larger than the compiler takes.
pub(super) fn compile(engine: &Engine, bytes: &[u8], path: &Path) -> wasmtime::Result<FreshCode> {
    with_progress(path, || with_threads(|| FreshCode::compile(engine, bytes)))
}

/// Runs `work` and shows on a terminal that it takes long.
fn with_progress<T>(path: &Path, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (done, is_done) = channel::<()>();
    let blocked = SignalsBlocked::new();
    thread::scope(|scope| {
        let watch = || show_progress(&name, is_done);
        // Without such a thread the work is done in silence.
        let watcher = thread::Builder::new().spawn_scoped(scope, watch);
        drop(blocked);
        let result = work();
        drop(done);
        if let Ok(watcher) = watcher {
            // It has nothing to panic about, and its line would be all that is lost.
            let _ = watcher.join();
        }
        result
    })
}

/// Writes a line that says how long it takes, each second anew, and removes it when it is done.
fn show_progress(name: &str, is_done: Receiver<()>) {
    let begin = Instant::now();
    let mut shown = false;
    while is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        shown = true;
        let seconds = begin.elapsed().as_secs();
        // Nobody misses a line that cannot be written.
        let _ = write!(
            std::io::stderr(),
            "\r\x1b[Kwali-engine: compiling {name}, {seconds} s"
        );
    }
    if shown {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
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
    // Where no thread can be started this one does it all.
    let alone = || {
        rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .use_current_thread()
            .build()
    };
    let result = match pool.or_else(|_| alone()) {
        Ok(pool) => pool.install(work),
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
