//! What every subcommand works with: folders, programs, sources and progress; `product.rs` adds how
//! things get into the build folder.

use std::ffi::OsStr;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow};

use crate::llvm::Llvm;
use crate::process::Cmd;
use crate::progress::{Progress, Step};
use crate::sources::{Source, Sources};

use crate::toolchain::Toolchain;

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
    root: PathBuf,
    build: PathBuf,
    jobs: usize,
    offline: bool,
    verbose: bool,
    progress: Progress,
    sources: Sources,
    toolchain: Toolchain,
    llvm: OnceLock<Llvm>,
}

impl Cx {
    /// # Errors
    /// When the workspace or the list of sources cannot be read.
    pub(crate) fn new(options: &Options) -> Result<Self> {
        let root = workspace_root()?;
        let build = match &options.build_dir {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("build"),
        };
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let progress = Progress::new();
        let toolchain = Toolchain::read(&root.join("toolchains/wali.toml"))?;
        let sources = Sources::read(
            &root.join("toolchains/sources.toml"),
            options.sources.clone(),
        )?;
        Ok(Self {
            root,
            build,
            jobs: options.jobs.map_or(cores, NonZero::get),
            offline: options.offline,
            verbose: options.verbose,
            progress,
            sources,
            toolchain,
            llvm: OnceLock::new(),
        })
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

    /// The source `name` of `toolchains/sources.toml`, fetched and unpacked. The folder is shared by
    /// all checkouts: read it, never write to it.
    ///
    /// # Errors
    /// When it is unknown, or no provider has it.
    pub(crate) fn source(&self, name: &str) -> Result<Source> {
        self.sources.get(self, name)
    }

    /// All sources that can be had.
    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// What we know about the target.
    pub(crate) fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    /// LLVM, found once.
    ///
    /// # Errors
    /// When there is none that is new enough; the error says how to get it.
    pub(crate) fn llvm(&self) -> Result<&Llvm> {
        if let Some(llvm) = self.llvm.get() {
            return Ok(llvm);
        }
        let found = Llvm::find(self)?;
        Ok(self.llvm.get_or_init(|| found))
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
