//! `wali-engine cache`: the compiled programs that are kept for the next start.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use clap::Subcommand;

use wali_artifact::{Cache, CacheChoice, Entry, Pruned, State, cache_folder};
use wali_runtime::Executor;
use wali_text::{shown, shown_path};

use super::failure::Failure;
use super::size::Size;

/// The exit status when something was found to be wrong.
const FAILED: u8 = 1;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder; the one in the user's cache folder by default.
    #[arg(long, value_name = "DIR", global = true)]
    cache_dir: Option<PathBuf>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show what is kept, the program used last first.
    List,
    /// Remove what no start can use, then what was not used for longest, down to a size.
    Prune {
        /// What may stay, a number with K, M or G behind it.
        #[arg(long, value_name = "SIZE", default_value = "1G")]
        limit: Size,
    },
    /// Remove everything.
    Clear,
    /// Read every program and remove those that are damaged; the exit status is 1 if there are any.
    Verify,
}

pub(super) fn run(args: &Args) -> Result<u8, Failure> {
    let choice = match &args.cache_dir {
        Some(dir) => CacheChoice::Dir(dir.clone()),
        None => CacheChoice::User,
    };
    let Some(dir) = cache_folder(&choice) else {
        return Err(failure(
            "neither XDG_CACHE_HOME nor HOME says where the cache is; give --cache-dir".to_owned(),
        ));
    };
    if !dir.exists() {
        say(&format!("{}: empty\n", shown_path(&dir)));
        return Ok(0);
    }
    let Some(cache) = Cache::open(&choice, false) else {
        return Err(failure(format!(
            "{} is not used: it is no folder, belongs to another user, or can be written by others",
            shown_path(&dir)
        )));
    };
    let reading = |error: io::Error| failure(format!("reading {}: {error}", shown_path(&dir)));
    match &args.action {
        Action::List => list(&cache).map_err(reading),
        Action::Prune { limit } => {
            let pruned = cache.prune(limit.bytes).map_err(reading)?;
            Ok(tell_removed(pruned))
        }
        Action::Clear => {
            let pruned = cache.clear().map_err(reading)?;
            Ok(tell_removed(pruned))
        }
        Action::Verify => verify(&cache).map_err(reading),
    }
}

fn list(cache: &Cache) -> io::Result<u8> {
    let entries = cache.entries()?;
    let total: u64 = entries.iter().map(|entry| entry.bytes).sum();
    let mut text = format!(
        "{}: {} programs, {}\n",
        shown_path(cache.dir()),
        entries.len(),
        Size { bytes: total }
    );
    if let Err(why) = cache.check() {
        text.push_str(&format!("nothing of it is used: {why}\n"));
    }
    for entry in &entries {
        text.push_str(&line(entry));
    }
    say(&text);
    Ok(0)
}

fn line(entry: &Entry) -> String {
    let size = Size { bytes: entry.bytes }.to_string();
    let ago = SystemTime::now()
        .duration_since(entry.used)
        .map_or(0, |ago| ago.as_secs() / 3600);
    let used = match ago {
        0 => "in the last hour".to_owned(),
        1..48 => format!("{ago} hours ago"),
        hours => format!("{} days ago", hours / 24),
    };
    let what = match &entry.state {
        State::Usable(name, Executor::Compiler) => shown(name).to_string(),
        State::Usable(name, Executor::Interpreter) => format!("{} (interpreted)", shown(name)),
        State::Old => "of another version".to_owned(),
        State::Damaged => "damaged".to_owned(),
    };
    format!("{size:>12}  {used:16}  {what}\n")
}

fn tell_removed(removed: Pruned) -> u8 {
    let size = Size {
        bytes: removed.bytes,
    };
    say(&format!("removed {} programs, {size}\n", removed.entries));
    0
}

fn verify(cache: &Cache) -> io::Result<u8> {
    let n_entries = cache.entries()?.len();
    let damaged = cache.remove_damaged()?;
    let mut text = String::new();
    for entry in &damaged {
        text.push_str(&format!("{}: damaged, removed\n", shown_path(&entry.path)));
    }
    text.push_str(&format!(
        "{} of {n_entries} sound\n",
        n_entries - damaged.len()
    ));
    say(&text);
    Ok(if damaged.is_empty() { 0 } else { FAILED })
}

/// Writes to standard output; a closed one is no matter.
fn say(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}

fn failure(message: String) -> Failure {
    Failure {
        message,
        status: FAILED,
    }
}
