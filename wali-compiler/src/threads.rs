//! Compiling with every processor.

/// Runs `work` in a pool of threads, or alone where none can be started.
pub(crate) fn with_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let alone = |_| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .use_current_thread()
            .build()
    };
    match rayon::ThreadPoolBuilder::new().build().or_else(alone) {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}
