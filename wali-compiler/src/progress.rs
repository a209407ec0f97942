//! What is shown on a terminal while a module is compiled for long.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use wali_text::shown_path;

/// How long compiling may take before somebody at a terminal is told, and between two lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// Runs `work` and shows on a terminal that it takes long.
pub(crate) fn with_progress<T>(path: &Path, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let name = shown_path(Path::new(path.file_name().unwrap_or_default()));
    let (done, is_done) = channel::<()>();
    thread::scope(|scope| {
        let watch = || show_progress(&name, is_done);
        // Without such a thread the work is done in silence.
        let watcher = thread::Builder::new().spawn_scoped(scope, watch);
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
