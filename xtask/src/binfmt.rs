//! `cargo xtask binfmt`: lets the kernel run modules like native programs, through binfmt_misc.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::cx::Cx;
use crate::progress::answer;
use crate::setup;

/// Command line of `cargo xtask binfmt`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to do
    #[arg(value_enum)]
    action: Action,
    /// Also for all later starts of the machine (what reads the folder's files is systemd-binfmt)
    #[arg(long)]
    persistent: bool,
    /// Print the commands for doing it by hand, and do nothing
    #[arg(long)]
    print: bool,
    /// Where --persistent keeps its file
    #[arg(long, value_name = "DIR", default_value = "/etc/binfmt.d")]
    folder: PathBuf,
    /// The engine that is to run modules; the one of this workspace by default
    #[arg(long, value_name = "FILE")]
    engine: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Action {
    /// Let the kernel run modules by the engine
    Register,
    /// Take that back
    Unregister,
    /// Say whether it is so
    Status,
}

/// Where the kernel shows its formats.
const KERNEL: &str = "/proc/sys/fs/binfmt_misc";

/// The name of our format.
const NAME: &str = "wali";

/// The first eight bytes of every module: the magic and version 1, which components do not have.
const MAGIC: &str = r"\x00asm\x01\x00\x00\x00";

/// P: the engine is told the name that the program was called by. F: the engine is opened now, so
/// that later mounts and changed roots change nothing.
const FLAGS: &str = "PF";

/// The most that the kernel takes of a registration.
const MOST_BYTES: usize = 1920;

/// A line that registers a format.
struct Registration(String);

impl fmt::Display for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Registration {
    /// Registers `engine`, an absolute path.
    ///
    /// # Errors
    /// When the kernel cannot be told such a path.
    fn of(engine: &Path) -> Result<Self> {
        let path = engine.to_str().context("the engine's path is not UTF-8")?;
        // The kernel takes any character that does not occur in the fields.
        let separator = [':', ',', ';', '|', '!'];
        let separator = separator.into_iter().find(|&one| !path.contains(one));
        let Some(separator) = separator else {
            bail!("{path}: too many kinds of punctuation for binfmt_misc; move the engine");
        };
        let fields = ["", NAME, "M", "", MAGIC, "", path, FLAGS];
        let line = fields.join(&separator.to_string());
        if line.len() >= MOST_BYTES || path.contains('\n') {
            bail!("{path}: binfmt_misc takes no such path; move the engine");
        }
        Ok(Self(line))
    }
}

/// Does what is asked for. `status` ends with 1 when modules are not registered.
///
/// # Errors
/// When the kernel or the file system refuses; the error says what to do.
pub(crate) fn run(cx: &Cx, args: &Args) -> Result<ExitCode> {
    let file = args.folder.join(format!("{NAME}.conf"));
    match args.action {
        Action::Status => return Ok(status(cx, &file)),
        Action::Register => {
            let registration = Registration::of(&engine(cx, args)?)?;
            if args.print {
                print_registration(&registration, args.persistent.then_some(&file));
                return Ok(ExitCode::SUCCESS);
            }
            register(cx, &registration)?;
            if args.persistent {
                keep(cx, &registration, &file)?;
            }
        }
        Action::Unregister => {
            if args.print {
                answer(&format!("echo -1 | sudo tee {KERNEL}/{NAME}"));
                if args.persistent {
                    answer(&format!("sudo rm -f {}", file.display()));
                }
                return Ok(ExitCode::SUCCESS);
            }
            unregister(cx)?;
            if args.persistent {
                forget(cx, &file)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The engine's absolute path.
fn engine(cx: &Cx, args: &Args) -> Result<PathBuf> {
    let engine = match &args.engine {
        Some(engine) => engine.clone(),
        None => {
            if !args.print {
                setup::ensure(cx)?;
            }
            cx.out("bin/wali-engine")
        }
    };
    let engine = std::path::absolute(engine)?;
    if !args.print && !engine.is_file() {
        bail!("{}: no such file", engine.display());
    }
    Ok(engine)
}

fn print_registration(registration: &Registration, file: Option<&PathBuf>) {
    let quoted = format!("'{}'", registration.0.replace('\'', r"'\''"));
    answer(&format!(
        "[ -e {KERNEL}/register ] || sudo mount -t binfmt_misc binfmt_misc {KERNEL}"
    ));
    answer(&format!(
        "printf '%s\\n' {quoted} | sudo tee {KERNEL}/register"
    ));
    if let Some(file) = file {
        answer(&format!(
            "printf '%s\\n' {quoted} | sudo tee {}",
            file.display()
        ));
    }
}

fn register(cx: &Cx, registration: &Registration) -> Result<()> {
    mount_formats(cx)?;
    if entry().exists() {
        // The engine may have been built anew since; the kernel keeps the file that it opened.
        unregister(cx)?;
    }
    let place = Path::new(KERNEL).join("register");
    fs::write(&place, &registration.0).map_err(|error| refused(&place, &error, "register"))?;
    cx.say(format!(
        "binfmt: the kernel runs modules now ({registration})"
    ));
    Ok(())
}

fn unregister(cx: &Cx) -> Result<()> {
    let place = entry();
    if !place.exists() {
        cx.say("binfmt: modules are not registered");
        return Ok(());
    }
    fs::write(&place, "-1").map_err(|error| refused(&place, &error, "unregister"))?;
    cx.say("binfmt: the kernel runs modules no longer");
    Ok(())
}

/// Our format as the kernel shows it.
fn entry() -> PathBuf {
    Path::new(KERNEL).join(NAME)
}

/// Makes the kernel show its formats, if it does not yet.
fn mount_formats(cx: &Cx) -> Result<()> {
    let shown = || Path::new(KERNEL).join("register").exists();
    if shown() {
        return Ok(());
    }
    let words = ["-t", "binfmt_misc", "binfmt_misc", KERNEL];
    cx.cmd("mount", "binfmt").args(words).run().context(
        "the kernel's formats cannot be shown; run this as root and outside of containers, with a \
         kernel that has binfmt_misc (`modprobe binfmt_misc`), or see `--print`",
    )?;
    if !shown() {
        bail!("{KERNEL} has no `register`, although binfmt_misc is mounted there");
    }
    Ok(())
}

fn refused(place: &Path, error: &io::Error, action: &str) -> anyhow::Error {
    let cure = match error.kind() {
        io::ErrorKind::PermissionDenied => format!(
            "this takes root's rights; `cargo xtask binfmt {action} --print` prints the commands"
        ),
        io::ErrorKind::AlreadyExists => "somebody else has registered it meanwhile".to_owned(),
        _ => format!("`cargo xtask binfmt {action} --print` prints what was tried"),
    };
    anyhow::anyhow!("writing {}: {error}; {cure}", place.display())
}

/// Writes the file that registers the format when the machine starts.
fn keep(cx: &Cx, registration: &Registration, file: &Path) -> Result<()> {
    let folder = file.parent().context("a file without a folder")?;
    let text =
        format!("# Written by `cargo xtask binfmt register --persistent`.\n{registration}\n");
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(file, text));
    written.with_context(|| format!("writing {}; this takes root's rights", file.display()))?;
    cx.say(format!("binfmt: and at each start ({})", file.display()));
    Ok(())
}

fn forget(cx: &Cx, file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Ok(()) => cx.say(format!("binfmt: removed {}", file.display())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            cx.say(format!("binfmt: there is no {}", file.display()));
        }
        Err(error) => {
            let removing = || format!("removing {}; this takes root's rights", file.display());
            return Err(error).with_context(removing);
        }
    }
    Ok(())
}

/// Says what the kernel and the folder for later starts hold.
fn status(cx: &Cx, file: &Path) -> ExitCode {
    let shown = fs::read_to_string(entry()).ok();
    let field = |name: &str| {
        let mut lines = shown.as_deref().unwrap_or_default().lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned()))
    };
    let is_on = shown
        .as_deref()
        .is_some_and(|text| text.starts_with("enabled"));
    match field("interpreter ") {
        Some(engine) if is_on => {
            answer(&format!("registered: the kernel runs modules by {engine}"));
            if Path::new(&engine) != cx.out("bin/wali-engine") {
                answer("            which is not this workspace's engine");
            }
        }
        Some(_) => answer(&format!("registered, but disabled ({})", entry().display())),
        None if !Path::new(KERNEL).join("register").exists() => {
            answer("not registered; binfmt_misc is not mounted");
        }
        None => answer("not registered"),
    }
    match file.exists() {
        true => answer(&format!("at each start: by {}", file.display())),
        false => answer("at each start: no"),
    }
    if is_on {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_does_not_occur_in_the_engine_s_path() {
        let cases = [
            (
                "/opt/wali-engine",
                r":wali:M::\x00asm\x01\x00\x00\x00::/opt/wali-engine:PF",
            ),
            (
                "/a:b/engine",
                r",wali,M,,\x00asm\x01\x00\x00\x00,,/a:b/engine,PF",
            ),
        ];
        for (engine, line) in cases {
            let found = Registration::of(Path::new(engine)).unwrap().to_string();
            assert_eq!(found, line);
        }
    }

    #[test]
    fn a_path_that_the_kernel_does_not_take_is_refused() {
        let long = format!("/{}", "x".repeat(MOST_BYTES));
        for path in [long.as_str(), "/a:,;|!/engine", "/a\n/engine"] {
            assert!(Registration::of(Path::new(path)).is_err(), "{path}");
        }
    }
}
