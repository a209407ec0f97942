//! What every subcommand works with: folders, programs, sources, progress, and products that appear
//! whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, anyhow};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::llvm::Llvm;
use crate::process::Cmd;
use crate::progress::{Progress, Step};
use crate::sources::{Source, Sources};
use crate::stamp;
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

    /// Makes the product `name`: an empty staging folder is handed to `make`, and renamed to its
    /// place when that succeeds. Nothing happens when the product has the same `stamp` already,
    /// unless `force`. Returns whether it was made.
    ///
    /// Two runs at once wait for each other; an interrupted one leaves the old product as it was.
    ///
    /// # Errors
    /// Those of `make`, and when the build folder cannot be written.
    pub(crate) fn product(
        &self,
        name: &str,
        stamp: &str,
        force: bool,
        make: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<bool> {
        let is_current = || stamp::read(&self.out(name)).as_deref() == Some(stamp);
        if !force && is_current() {
            return Ok(false);
        }
        let _lock = self.lock(name)?;
        if !force && is_current() {
            return Ok(false);
        }
        let staging = self.build.join(".staging").join(name);
        self.make_empty(&staging)?;
        make(&staging)?;
        stamp::write(&staging, stamp)?;
        self.publish(&staging, &self.out(name))?;
        Ok(true)
    }

    /// Makes `folder` exist and be empty.
    ///
    /// # Errors
    /// When the build folder cannot be written.
    pub(crate) fn make_empty(&self, folder: &Path) -> Result<()> {
        if folder.symlink_metadata().is_ok() {
            remove(folder)?;
        }
        self.make_folder(folder)
    }

    /// Makes `folder` exist.
    ///
    /// # Errors
    /// When the build folder cannot be written.
    pub(crate) fn make_folder(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| {
            format!(
                "cannot write to the build folder {}: creating {} failed; \
                 choose another with --build-dir or WALI_BUILD_DIR",
                self.build.display(),
                folder.display()
            )
        })
    }

    // One rename: nobody ever sees half a product.
    fn publish(&self, staging: &Path, place: &Path) -> Result<()> {
        if let Some(parent) = place.parent() {
            self.make_folder(parent)?;
        }
        let publishing = || format!("publishing {}", place.display());
        if place.symlink_metadata().is_err() {
            return fs::rename(staging, place).with_context(publishing);
        }
        match renameat_with(CWD, staging, CWD, place, RenameFlags::EXCHANGE) {
            Ok(()) => remove(staging),
            // Some file systems cannot exchange; the product is missing for an instant then.
            Err(_) => {
                remove(place)?;
                fs::rename(staging, place).with_context(publishing)
            }
        }
    }

    fn lock(&self, name: &str) -> Result<File> {
        let folder = self.build.join(".staging");
        self.make_folder(&folder)?;
        let path = folder.join(format!("{}.lock", name.replace('/', "-")));
        lock_file(&path, || {
            self.say(format!("{name}: waiting for another run to finish"))
        })
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

/// Opens `path` and takes its lock, which the kernel gives back when the file is closed.
///
/// # Errors
/// When the file cannot be created or locked.
pub(crate) fn lock_file(path: &Path, waiting: impl FnOnce()) -> Result<File> {
    let locking = || format!("locking {}", path.display());
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path);
    let file = file.with_context(locking)?;
    if file.try_lock().is_err() {
        waiting();
        file.lock().with_context(locking)?;
    }
    Ok(file)
}

/// Removes a file, a link or a folder with all that is in it.
///
/// # Errors
/// When something in it cannot be removed.
pub(crate) fn remove(path: &Path) -> Result<()> {
    let kind = fs::symlink_metadata(path)?.file_type();
    let removed = if kind.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.with_context(|| format!("removing {}", path.display()))
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
