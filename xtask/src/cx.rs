//! What every subcommand works with: folders, how much to do at once, programs to run and progress.
//! `product.rs` adds how things get into the build folder.
//!
//! The code that finds LLVM or fetches sources takes a `Cx`; a `Cx` knows nothing of either.

use std::ffi::OsStr;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow};

use crate::process::Cmd;
use crate::progress::{Progress, Step};

/// Options that every subcommand takes.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// Folder for everything that is built
    #[arg(long, global = true, env = "WALI_BUILD_DIR", value_name = "DIR")]
    pub(crate) build_dir: Option<PathBuf>,
    /// How much to do at once; the number of cores when not given
    #[arg(short, long, global = true, value_name = "N")]
    pub(crate) jobs: Option<NonZero<usize>>,
    /// Use only what is already on this machine
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Folder in which source archives are looked for first
    #[arg(long, global = true, env = "WALI_SOURCES_DIR", value_name = "DIR")]
    pub(crate) sources: Option<PathBuf>,
    /// Show every program that is run, and its output
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// State that travels through a subcommand.
pub(crate) struct Cx {
    program: PathBuf,
    root: PathBuf,
    build: PathBuf,
    jobs: usize,
    offline: bool,
    archives: Option<PathBuf>,
    verbose: bool,
    progress: Progress,
}

impl Cx {
    /// What `options` ask for, in the workspace that this program belongs to.
    ///
    /// # Errors
    /// When the workspace or the current folder cannot be told.
    pub(crate) fn new(options: &Options) -> Result<Self> {
        let root = workspace_root()?;
        let build = match &options.build_dir {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("build"),
        };
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        // Told now: a build may put another file in its place later.
        let program = std::env::current_exe().context("looking up this program's own path")?;
        Ok(Self {
            program,
            root,
            build,
            jobs: options.jobs.map_or(cores, NonZero::get),
            offline: options.offline,
            archives: options.sources.clone(),
            verbose: options.verbose,
            progress: Progress::new(),
        })
    }

    /// This program's path.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The workspace's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where the product `name` is, once published.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.build.join(name)
    }

    /// How many threads or programs may work at once.
    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    /// Whether nothing may be fetched.
    pub(crate) fn offline(&self) -> bool {
        self.offline
    }

    /// The folder in which source archives are looked for first, when the user named one.
    pub(crate) fn archives(&self) -> Option<&Path> {
        self.archives.as_deref()
    }

    /// Where progress is shown.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Prints one line for the user.
    pub(crate) fn say(&self, text: impl AsRef<str>) {
        self.progress.line(text.as_ref());
    }

    /// A step of `total` parts; 0 when their number is unknown.
    pub(crate) fn step(&self, label: &str, total: usize) -> Step {
        self.progress.step(label, total as u64)
    }

    /// A program to run; its output goes to `build/logs/LOG.log`.
    pub(crate) fn cmd(&self, program: impl AsRef<OsStr>, log: &str) -> Cmd {
        let log = self.build.join("logs").join(format!("{log}.log"));
        Cmd::new(program.as_ref(), log, self.verbose, &self.progress)
    }

    /// Calls `work` for each item, [`Cx::jobs`] at once, with a bar labelled `label`. The first error
    /// stops it.
    ///
    /// # Errors
    /// The first error of `work`.
    pub(crate) fn parallel<T: Sync>(
        &self,
        label: &str,
        items: &[T],
        work: impl Fn(&T) -> Result<()> + Sync,
    ) -> Result<()> {
        let step = self.step(label, items.len());
        let next = AtomicUsize::new(0);
        let failure = Mutex::new(None);
        let run = || {
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                match work(item) {
                    Ok(()) => step.advance(1),
                    Err(error) => {
                        next.store(items.len(), Ordering::Relaxed);
                        if let Ok(mut failure) = failure.lock() {
                            failure.get_or_insert(error);
                        }
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.jobs.min(items.len()) {
                scope.spawn(run);
            }
        });
        match failure.into_inner() {
            Ok(None) => {
                step.finish(label);
                Ok(())
            }
            Ok(Some(error)) => Err(error),
            Err(_) => Err(anyhow!("{label}: a worker thread panicked")),
        }
    }
}

fn workspace_root() -> Result<PathBuf> {
    // Cargo sets it when it runs us; the compiled-in value serves the binary when it is run alone.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = package
        .parent()
        .context("xtask's own folder has no parent")?;
    Ok(root.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn the_first_error_of_parallel_work_is_returned() {
        let folder = tempfile::tempdir().unwrap();
        let build_dir = Some(folder.path().to_owned());
        let cx = Cx::new(&Options {
            build_dir,
            ..Options::default()
        })
        .unwrap();
        let work = |&n: &i32| if n == 3 { bail!("number {n}") } else { Ok(()) };
        assert!(cx.parallel("fine", &[1, 2], work).is_ok());
        let error = cx.parallel("broken", &[1, 2, 3, 4], work).unwrap_err();
        assert_eq!(error.to_string(), "number 3");
    }
}
