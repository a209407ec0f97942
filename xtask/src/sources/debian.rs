//! The provider `debian`: the pristine upstream archive out of a Debian source package, through apt
//! and the mirror that this machine is set up with.
//!
//! apt works on lists and a cache of our own, so nothing on the system changes and no rights are
//! needed. The upstream version and the archive's checksum are pinned; the distribution's revision
//! moves and is looked up.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use which::which;

use super::cache::Cache;
use super::manifest::{Entry, Package};
use crate::cx::Cx;
use crate::files::{lock_file, remove};
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
    if which("apt-get").is_err() {
        bail!("this machine has no apt-get");
    }
    let key = Path::new(KEYRING)
        .exists()
        .then(|| format!("signed-by={KEYRING}"));
    let archive = Archive {
        address: mirror(cx)?,
        options: key.unwrap_or_default(),
    };
    download_from(cx, cache, &archive, entry, package, partial)
}

/// A Debian archive, as a line for apt has it.
struct Archive {
    address: String,
    /// Options such as the key that signed it; may be empty.
    options: String,
}

fn download_from(
    cx: &Cx,
    cache: &Cache,
    archive: &Archive,
    entry: &Entry,
    package: &Package,
    partial: &Path,
) -> Result<()> {
    let apt = Apt {
        cx,
        root: cache.folder("debian"),
        archive,
    };
    fs::create_dir_all(&apt.root)?;
    let _lock = lock_file(&apt.root.join("lock"), || {
        cx.say("apt: waiting for another run")
    })?;
    let upstream = package.version.as_ref().unwrap_or(&entry.version);
    let mut refusals = Vec::new();
    for suite in &package.suites {
        match apt.version(suite, package, upstream) {
            Ok(version) => return apt.fetch(suite, package, &version, partial),
            // The other suites are on the same mirror.
            Err(error) if is_unreachable(&error) => return Err(error),
            Err(error) => refusals.push(format!("{suite}: {error:#}")),
        }
    }
    bail!("no suite has version {upstream}: {}", refusals.join("; "))
}

/// apt with folders of our own.
struct Apt<'a> {
    cx: &'a Cx,
    root: PathBuf,
    archive: &'a Archive,
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
        let Archive { address, options } = self.archive;
        let list = format!("deb-src [{options}] {address} {suite} main\n").replace("[] ", "");
        fs::write(folder.join("sources.list"), list)?;
        let step = self
            .cx
            .step(&format!("apt: reading the source lists of {suite}"), 0);
        // Without the option a mirror that cannot be reached is only a warning.
        let strict = ["-o", "APT::Update::Error-Mode=any"];
        let update = self
            .apt("apt-get", suite)
            .args(strict)
            .arg("update")
            .quiet();
        update
            .run()
            .map_err(|error| match reasons(&error.to_string()) {
                reasons if reasons.is_empty() => error,
                reasons => anyhow!("the lists of {suite} cannot be read: {reasons}"),
            })?;
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
            "Acquire::Retries=1".to_owned(),
            "Acquire::Languages=none".to_owned(),
            // A mirror that lags is good enough: the archive's checksum is pinned.
            "Acquire::Check-Valid-Until=false".to_owned(),
        ];
        let options = options.iter().flat_map(|option| ["-o", option.as_str()]);
        self.cx.cmd(program, "sources").arg("-q").args(options)
    }
}

/// The reasons that apt gives in what it printed, each once.
fn reasons(output: &str) -> String {
    let mut reasons = Vec::new();
    let lines = output.lines().map(|line| line.trim_start_matches("  | "));
    for (error, reason) in lines.clone().zip(lines.clone().skip(1)) {
        if error.starts_with("Err:") && reason.starts_with(' ') && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() {
        reasons.extend(lines.filter_map(|line| line.strip_prefix("E:")));
    }
    reasons
        .iter()
        .map(|reason| reason.trim())
        .collect::<Vec<_>>()
        .join("; ")
}

/// Whether the mirror itself could not be reached.
fn is_unreachable(error: &anyhow::Error) -> bool {
    let text = error.to_string();
    [
        "resolving",
        "Could not connect",
        "Cannot initiate",
        "timed out",
    ]
    .iter()
    .any(|sign| text.contains(sign))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cx::Options;
    use crate::stamp::hex;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_mirror_is_the_one_that_has_this_release() {
        let release = "ID=debian\nVERSION_CODENAME=bookworm\n";
        let targets = "http://a/security/ bookworm-security\nhttp://b/other nodistro\n\
                       http://c/debian/ bookworm\nhttp://c/debian/ bookworm-updates\n";
        assert_eq!(
            find_mirror(targets, release).as_deref(),
            Some("http://c/debian/")
        );
        let rolling = "http://b/other nodistro\nhttp://d/debian/ sid\n";
        assert_eq!(
            find_mirror(rolling, "ID=debian\n").as_deref(),
            Some("http://d/debian/")
        );
        assert_eq!(find_mirror("http://b/other nodistro\n", release), None);
    }

    #[test]
    fn a_version_is_found_by_its_upstream_part() {
        let records = "Package: musl\nVersion: 1.2.5-3\n\nPackage: musl\nVersion: 2:1.2.6-2+b-1\n\n\
                       Package: musl-tools\nVersion: 1.2.7-1\n";
        assert_eq!(find_version(records, "musl", "1.2.5").unwrap(), "1.2.5-3");
        assert_eq!(
            find_version(records, "musl", "1.2.6-2+b").unwrap(),
            "2:1.2.6-2+b-1"
        );
        let error = find_version(records, "musl", "1.2.7")
            .unwrap_err()
            .to_string();
        assert_eq!(error, "has musl in 1.2.5-3, 2:1.2.6-2+b-1 only");
        let error = find_version(records, "lua", "5.4").unwrap_err().to_string();
        assert_eq!(error, "has no source package lua");
    }

    #[test]
    fn apts_reasons_are_told_without_its_noise() {
        let output = "`apt-get update` ended with exit status: 100\n  | Ign:1 http://a sid InRelease\n  \
                      | Err:1 http://a sid InRelease\n  |   Temporary failure resolving 'a'\n  \
                      | Err:2 http://b sid InRelease\n  |   Temporary failure resolving 'a'\n  \
                      | E: Failed to fetch http://a  Temporary failure resolving 'a'";
        assert_eq!(reasons(output), "Temporary failure resolving 'a'");
        assert_eq!(
            reasons("Reading\n  | E: Release file is expired"),
            "Release file is expired"
        );
    }

    /// An archive on this disk with version 1.0-1 of the source package `hello`.
    fn local_archive(root: &Path, contents: &[u8]) -> Archive {
        let pool = root.join("pool/hello");
        let lists = root.join("dists/sid/main/source");
        fs::create_dir_all(&pool).unwrap();
        fs::create_dir_all(&lists).unwrap();
        let sum = |bytes: &[u8]| format!("{} {}", hex(&Sha256::digest(bytes)), bytes.len());
        fs::write(pool.join("hello_1.0.orig.tar.gz"), contents).unwrap();
        fs::write(pool.join("hello_1.0-1.dsc"), "dsc").unwrap();
        let sources = format!(
            "Package: hello\nFormat: 3.0 (quilt)\nBinary: hello\nArchitecture: any\n\
             Version: 1.0-1\nDirectory: pool/hello\nChecksums-Sha256:\n {} hello_1.0-1.dsc\n \
             {} hello_1.0.orig.tar.gz\n\n",
            sum(b"dsc"),
            sum(contents)
        );
        fs::write(lists.join("Sources"), &sources).unwrap();
        let release = format!(
            "Origin: test\nSuite: sid\nCodename: sid\nComponents: main\nArchitectures: amd64\n\
             SHA256:\n {} main/source/Sources\n",
            sum(sources.as_bytes())
        );
        fs::write(root.join("dists/sid/Release"), release).unwrap();
        Archive {
            address: format!("file:{}", root.display()),
            options: "trusted=yes".to_owned(),
        }
    }

    #[test]
    fn apt_fetches_the_upstream_archive_with_folders_of_our_own() {
        if which("apt-get").is_err() {
            eprintln!("no apt-get on this machine: nothing to test");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let build_dir = Some(folder.path().join("build"));
        let cx = Cx::new(&Options {
            build_dir,
            ..Options::default()
        })
        .unwrap();
        let cache = Cache::at(folder.path().join("cache")).unwrap();
        let archive = local_archive(&folder.path().join("archive"), b"upstream");
        let package = Package {
            name: "hello".to_owned(),
            version: None,
            suites: vec!["sid".to_owned()],
        };
        let mut entry = Entry {
            name: "hello".to_owned(),
            version: "1.0".to_owned(),
            providers: Vec::new(),
            only: Vec::new(),
        };
        let partial = folder.path().join("partial");
        download_from(&cx, &cache, &archive, &entry, &package, &partial).unwrap();
        assert_eq!(fs::read(&partial).unwrap(), b"upstream");

        entry.version = "2.0".to_owned();
        let error = download_from(&cx, &cache, &archive, &entry, &package, &partial).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no suite has version 2.0: sid: has hello in 1.0-1 only"
        );
    }
}
