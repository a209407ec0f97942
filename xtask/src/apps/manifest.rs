//! `applications/NAME/app.toml`: how an application is built and tested.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// An application, as its folder describes it.
#[derive(Debug)]
pub(crate) struct App {
    /// The name of its folder.
    pub(crate) name: String,
    /// `applications/NAME`.
    pub(crate) folder: PathBuf,
    /// What its `app.toml` says.
    pub(crate) manifest: Manifest,
}

/// The contents of `app.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Manifest {
    /// One line: what it is.
    pub(crate) description: String,
    /// Its source in `toolchains/sources.toml`.
    pub(crate) source: String,
    /// Commands that prepare a copy of the source for building, each a list of words.
    #[serde(default)]
    pub(crate) configure: Vec<Vec<String>>,
    /// Words that stand for `{cross}` in these commands when the target is Wasm; natively none do.
    #[serde(default)]
    pub(crate) cross: Vec<String>,
    /// Commands that build it.
    pub(crate) build: Vec<Vec<String>>,
    /// Programs that the build leaves: their names, and where they are in the source.
    pub(crate) products: BTreeMap<String, PathBuf>,
    /// Its tests, each a kind of file in the application's folder.
    #[serde(default)]
    pub(crate) tests: Vec<Tests>,
    /// The test suite that comes with the source.
    pub(crate) suite: Option<Suite>,
    /// Why `cargo xtask test` leaves it to `cargo xtask test-apps NAME`.
    pub(crate) on_request: Option<String>,
}

/// A test suite of the source's own: files that a product runs in the folder that holds them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Suite {
    /// The product that is tested.
    pub(crate) product: String,
    /// The folder in the source.
    pub(crate) folder: PathBuf,
    /// What the names of its cases start with.
    pub(crate) prefix: String,
    /// Files with such names that are no cases.
    #[serde(default)]
    pub(crate) not_cases: Vec<String>,
    /// The product's arguments; `{file}` is the case.
    pub(crate) args: Vec<String>,
    /// Products that the cases find in their folder.
    #[serde(default)]
    pub(crate) helpers: Vec<String>,
    /// Variables: `{product}` is the product's path, `{build}` the folder it was built in, `{folder}`
    /// the one the case runs in.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// Seconds that a case may take.
    pub(crate) timeout: u64,
    /// The file with the cases that cannot pass: their names, and why.
    pub(crate) differences: Option<PathBuf>,
}

/// Files that are run as tests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tests {
    /// The product that is tested.
    pub(crate) product: String,
    /// The folder with the files, in the application's own.
    pub(crate) folder: PathBuf,
    /// What the files' names end with, for example `lua`; with `terminal` they are dialogues.
    pub(crate) extension: String,
    /// The product's arguments; `{file}` is the test file. Not for dialogues.
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// What starts a comment in these files; directives are read from the first ones.
    pub(crate) comment: String,
    /// Whether the files are dialogues on a terminal.
    #[serde(default)]
    pub(crate) terminal: bool,
}

impl App {
    /// The application `name` of the folder `applications`.
    ///
    /// # Errors
    /// When there is none, or its manifest makes no sense.
    pub(crate) fn read(applications: &Path, name: &str) -> Result<Self> {
        let known = names(applications)?;
        if !known.iter().any(|app| app == name) {
            bail!(
                "no application is called `{name}`; there are: {}",
                known.join(", ")
            );
        }
        let folder = applications.join(name);
        let path = folder.join("app.toml");
        let reading = || format!("reading {}", path.display());
        let text = std::fs::read_to_string(&path).with_context(reading)?;
        let manifest = parse(&text).with_context(reading)?;
        Ok(Self {
            name: name.to_owned(),
            folder,
            manifest,
        })
    }
}

/// The names of all applications, sorted.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn names(applications: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let reading = || format!("reading {}", applications.display());
    for entry in std::fs::read_dir(applications).with_context(reading)? {
        let entry = entry.with_context(reading)?;
        if entry.path().join("app.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn parse(text: &str) -> Result<Manifest> {
    let manifest: Manifest = toml::from_str(text)?;
    for (name, path) in &manifest.products {
        let is_inside = |part| matches!(part, std::path::Component::Normal(_));
        if !path.components().all(is_inside) {
            bail!(
                "product `{name}`: {} is not inside the source",
                path.display()
            );
        }
    }
    let tested = manifest
        .tests
        .iter()
        .map(|tests| (&tests.folder, &tests.product));
    let suite = manifest.suite.iter().flat_map(|suite| {
        let products = [&suite.product].into_iter().chain(&suite.helpers);
        products.map(|product| (&suite.folder, product))
    });
    for (folder, product) in tested.chain(suite) {
        if !manifest.products.contains_key(product) {
            bail!(
                "tests in {}: there is no product `{product}`",
                folder.display()
            );
        }
    }
    if manifest
        .configure
        .iter()
        .chain(&manifest.build)
        .any(Vec::is_empty)
    {
        bail!("a command without words");
    }
    Ok(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_applications_of_this_workspace_are_described() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../applications"));
        for name in names(folder).unwrap() {
            App::read(folder, &name).unwrap();
        }
    }

    #[test]
    fn an_unknown_application_is_answered_with_those_there_are() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../applications"));
        for name in ["nano", "../xtask", ""] {
            let error = App::read(folder, name).unwrap_err().to_string();
            assert!(
                error.contains(&format!("`{name}`")) && error.contains("lua"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_damaged_manifest_is_refused_with_the_reason() {
        let head = "description = 'd'\nsource = 's'\nbuild = [['make']]\n";
        let cases = [
            ("products = { a = '../a' }", "is not inside the source"),
            ("products = { a = '/bin/a' }", "is not inside the source"),
            ("products = {}\nconfigure = [[]]", "without words"),
            ("products = {}\nbuilt = 1", "unknown field `built`"),
            (
                "products = {}\n[[tests]]\nproduct = 'b'\nfolder = 't'\nextension = 'x'\ncomment = '#'",
                "no product `b`",
            ),
            (
                "products = { b = 'b' }\n[suite]\nproduct = 'b'\nfolder = 't'\nprefix = 'run-'\nargs = []\nhelpers = ['c']\ntimeout = 1",
                "no product `c`",
            ),
            ("", "missing field `products`"),
            ("products = [", "products"),
        ];
        for (tail, expected) in cases {
            let error = format!("{:#}", parse(&format!("{head}{tail}")).unwrap_err());
            assert!(error.contains(expected), "{tail}: {error}");
        }
    }
}
