//! The provider `debian`: the pristine upstream archive out of a Debian source package, through apt
//! and the mirror that this machine is set up with.
//!
//! apt works on lists and a cache of our own, so nothing on the system changes and no rights are
//! needed. The upstream version and the archive's checksum are pinned; the distribution's revision
//! moves and is looked up.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::cache::Cache;
use super::manifest::{Entry, Package};
use crate::cx::{Cx, lock_file, remove};
use crate::llvm::which;
use crate::process::Cmd;

/// Lists younger than this are taken as they are.
const LISTS_AGE_LIMIT: Duration = Duration::from_secs(24 * 3600);
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Fetches the upstream archive of `entry` out of `package` to `partial`.
///
/// # Errors
/// When this is no Debian, the mirror cannot be reached, or no suite has the version.
pub(super) fn download(
    cx: &Cx,
    cache: &Cache,
    entry: &Entry,
    package: &Package,
    partial: &Path,
) -> Result<()> {
    if which("apt-get").is_none() {
        bail!("this machine has no apt-get");
    }
    let apt = Apt {
        cx,
        root: cache.folder("debian"),
        mirror: mirror(cx)?,
    };
    fs::create_dir_all(&apt.root)?;
    let _lock = lock_file(&apt.root.join("lock"), || {
        cx.say("apt: waiting for another run")
    })?;
    let mut refusals = Vec::new();
    for suite in &package.suites {
        match apt.version(suite, package, &entry.version) {
            Ok(version) => return apt.fetch(suite, package, &version, partial),
            Err(error) => refusals.push(format!("{suite}: {error:#}")),
        }
    }
    bail!(
        "no suite has version {}: {}",
        entry.version,
        refusals.join("; ")
    )
}

/// apt with folders of our own.
struct Apt<'a> {
    cx: &'a Cx,
    root: PathBuf,
    mirror: String,
}

impl Apt<'_> {
    /// The full version of `package` in `suite` whose upstream part is `upstream`.
    fn version(&self, suite: &str, package: &Package, upstream: &str) -> Result<String> {
        self.update(suite, LISTS_AGE_LIMIT)?;
        if let Ok(version) = self.listed(suite, package, upstream) {
            return Ok(version);
        }
        self.update(suite, Duration::from_secs(600))?;
        self.listed(suite, package, upstream)
    }

    fn listed(&self, suite: &str, package: &Package, upstream: &str) -> Result<String> {
        let records = self
            .apt("apt-cache", suite)
            .arg("showsrc")
            .arg(&package.name)
            .quiet();
        find_version(&records.read()?, &package.name, upstream)
    }

    /// Fetches the lists of `suite` unless they are younger than `limit`.
    fn update(&self, suite: &str, limit: Duration) -> Result<()> {
        let stamp = self.root.join(suite).join("updated");
        let is_fresh = |time: std::time::SystemTime| time.elapsed().is_ok_and(|age| age < limit);
        if stamp
            .metadata()
            .and_then(|data| data.modified())
            .is_ok_and(is_fresh)
        {
            return Ok(());
        }
        let folder = self.root.join(suite);
        for name in ["lists/partial", "archives/partial"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let key = if Path::new(KEYRING).exists() {
            format!("[signed-by={KEYRING}] ")
        } else {
            String::new()
        };
        let list = format!("deb-src {key}{} {suite} main\n", self.mirror);
        fs::write(folder.join("sources.list"), list)?;
        let step = self
            .cx
            .step(&format!("apt: reading the source lists of {suite}"), 0);
        // Without the option a mirror that cannot be reached is only a warning.
        let strict = ["-o", "APT::Update::Error-Mode=any"];
        self.apt("apt-get", suite)
            .args(strict)
            .arg("update")
            .quiet()
            .run()?;
        fs::write(&stamp, "")?;
        step.finish(&format!("apt: read the source lists of {suite}"));
        Ok(())
    }

    /// Fetches the upstream archive of `package` in exactly `version`.
    fn fetch(&self, suite: &str, package: &Package, version: &str, partial: &Path) -> Result<()> {
        let folder = self.root.join(suite).join("fetched");
        if folder.exists() {
            remove(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let wanted = format!("{}={version}", package.name);
        let step = self
            .cx
            .step(&format!("apt: fetching the source of {wanted}"), 0);
        let fetch = ["source", "--download-only", "--tar-only", &wanted];
        self.apt("apt-get", suite)
            .args(fetch)
            .dir(&folder)
            .quiet()
            .run()?;
        let archive = archive_in(&folder, &package.name)?;
        fs::rename(&archive, partial).with_context(|| format!("keeping {}", archive.display()))?;
        step.finish(&format!("apt: fetched the source of {wanted}"));
        remove(&folder)
    }

    fn apt(&self, program: &str, suite: &str) -> Cmd {
        let folder = self.root.join(suite);
        let set = |name: &str, value: &Path| format!("{name}={}", value.display());
        let options = [
            set("Dir::State::lists", &folder.join("lists")),
            set("Dir::Cache", &folder),
            set("Dir::Etc::sourcelist", &folder.join("sources.list")),
            set("Dir::Etc::sourceparts", Path::new("/dev/null")),
            // As root apt would change to a user who may not enter our folders.
            "APT::Sandbox::User=root".to_owned(),
            "Acquire::Retries=3".to_owned(),
            "Acquire::Languages=none".to_owned(),
        ];
        let options = options.iter().flat_map(|option| ["-o", option.as_str()]);
        self.cx.cmd(program, "sources").arg("-q").args(options)
    }
}

/// The address of the Debian archive that this machine installs from.
fn mirror(cx: &Cx) -> Result<String> {
    let format = "$(REPO_URI) $(RELEASE)";
    let list = cx.cmd("apt-get", "sources").quiet();
    let list = list
        .args(["indextargets", "--no-release-info", "--format", format])
        .read()?;
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    find_mirror(&list, &release).context("apt has no Debian archive among its sources")
}

/// Picks the archive that has this machine's own release, not its updates or someone else's packages.
fn find_mirror(targets: &str, os_release: &str) -> Option<String> {
    let field = |name| os_release.lines().find_map(|line| line.strip_prefix(name));
    let codename = field("VERSION_CODENAME=").map(|value| value.trim_matches('"'));
    let pairs = || targets.lines().filter_map(|line| line.split_once(' '));
    let suites = ["sid", "unstable", "testing", "stable"];
    let of_release = pairs().find(|(_, suite)| Some(*suite) == codename);
    let found = of_release.or_else(|| pairs().find(|(_, suite)| suites.contains(suite)));
    found.map(|(address, _)| address.to_owned())
}

/// Finds, in what `apt-cache showsrc` prints, the full version whose upstream part is `upstream`.
fn find_version(records: &str, package: &str, upstream: &str) -> Result<String> {
    let mut found = Vec::new();
    for record in records.split("\n\n") {
        let field = |name| record.lines().find_map(|line| line.strip_prefix(name));
        if field("Package: ") != Some(package) {
            continue;
        }
        let Some(version) = field("Version: ") else {
            continue;
        };
        let without_epoch = version.split_once(':').map_or(version, |(_, rest)| rest);
        let its_upstream = without_epoch
            .rsplit_once('-')
            .map_or(without_epoch, |(up, _)| up);
        if its_upstream == upstream {
            return Ok(version.to_owned());
        }
        found.push(version);
    }
    match found.as_slice() {
        [] => bail!("has no source package {package}"),
        _ => bail!("has {package} in {} only", found.join(", ")),
    }
}

fn archive_in(folder: &Path, package: &str) -> Result<PathBuf> {
    let prefix = format!("{package}_");
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with(&prefix) && name.contains(".orig.tar.") && !name.ends_with(".asc") {
            return Ok(path);
        }
    }
    bail!("apt fetched no upstream archive")
}
