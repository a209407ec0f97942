//! Planning: from the user's command line to the one that clang gets.

mod linker;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::command::{self, Item, after, joined};
use crate::config;
use crate::probes::Probes;
use crate::rows::{self, Action, Context, linker_option};
use crate::setjmp::Which;
use crate::survey::Survey;

/// Which compiler wali-cc is called as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Driver {
    /// `wali-cc`.
    #[default]
    C,
    /// `wali-c++`.
    Cxx,
}

/// What planning has to know beside the command line.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Which compiler is wanted.
    pub driver: Driver,
    /// The folder with headers and libraries, unless the command line names one.
    pub sysroot: PathBuf,
    /// Whether the C++ standard library is there.
    pub has_cxx_library: bool,
    /// The folder wali-cc is in, where its sister programs are.
    pub programs: PathBuf,
}

/// A rewrite that was made, for `--wali-explain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The user's words; empty when something was added.
    pub from: Vec<OsString>,
    /// What stands in their place; empty when they were dropped.
    pub to: Vec<OsString>,
    /// Why.
    pub reason: &'static str,
    /// Where the fact comes from.
    pub source: &'static str,
}

/// An argument that cannot be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The words refused.
    pub words: Vec<OsString>,
    /// Why.
    pub reason: &'static str,
    /// What to do instead.
    pub help: &'static str,
}

/// The start routine that a module has to export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A function of this name, without parameters and results.
    Function(String),
    /// None: `--no-entry`.
    None,
}

/// What is checked when the link is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where the module is written.
    pub output: PathBuf,
    /// The start routine it exports.
    pub entry: Entry,
    /// Imports outside the interface that the embedder has: `module::name`.
    pub allowed: Vec<String>,
    /// Only what the published interface has.
    pub compat: bool,
    /// The engine named in a line before the module, which makes the file a program for the kernel.
    pub engine: Option<PathBuf>,
    /// Objects and archives in the order of the command line.
    pub objects: Vec<PathBuf>,
    /// What follows each `-l`.
    pub libraries: Vec<OsString>,
    /// Where libraries are searched, in order.
    pub library_folders: Vec<PathBuf>,
    /// Source files compiled on the way.
    pub sources: Vec<PathBuf>,
}

/// What a command line comes to.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// clang's arguments.
    pub args: Vec<OsString>,
    /// What was changed, in order.
    pub changes: Vec<Change>,
    /// What cannot be done; when not empty nothing is run.
    pub refusals: Vec<Refusal>,
    /// The folder with headers and libraries that is used, when one is.
    pub sysroot: Option<PathBuf>,
    /// Set when the command ends with a module to check.
    pub link: Option<Link>,
    /// Set when functions that call setjmp are to have probes.
    pub probes: Option<Probes>,
    /// Whether the changes are to be printed.
    pub explain: bool,
    /// The linker is asked for its version, and nothing else.
    pub linker_version: bool,
}

impl Plan {
    /// Plans the command line `args`, the program's name left out. Reads response files, else nothing.
    pub fn from_args(args: impl IntoIterator<Item = OsString>, facts: &Facts) -> Plan {
        let expanded = crate::response::expand(args);
        let mut plan = Plan::default();
        if matches!(expanded.first(), Some(first) if first == "-cc1" || first == "-cc1as") {
            plan.args = expanded;
            return plan;
        }
        let mut items = command::parse(expanded);
        let own = OwnOptions::take(&mut items);
        plan.explain = own.explain;
        let survey = Survey::of(&items);
        if facts.driver == Driver::Cxx && !facts.has_cxx_library && survey.works() {
            plan.refusals.push(Refusal {
                words: vec!["wali-c++".into()],
                reason: "the sysroot has no C++ standard library",
                help: "compile C with wali-cc; C++ needs a sysroot with include/c++/v1",
            });
        }
        let items = plan.rewrite_options(items, &survey);
        let items = plan.rewrite_linker(items);
        plan.linker_version = survey.asks_linker_version();
        plan.compose(items, &survey, &own, facts);
        plan.probes = own.probes.and_then(|which| survey.probes(which));
        if survey.makes_module() && plan.refusals.is_empty() {
            let engine = own.run_line.then(|| facts.programs.join("wali-engine"));
            let link = survey.link(own, plan.sysroot.as_deref());
            plan.link = Some(Link { engine, ..link });
        }
        plan
    }

    /// Whether the command ends with a module that is checked.
    pub fn links(&self) -> bool {
        self.link.is_some()
    }

    /// Applies the driver's rows.
    fn rewrite_options(&mut self, items: Vec<Item>, survey: &Survey) -> Vec<Item> {
        let context = Context {
            linking: survey.runs_linker(),
            compiling: survey.compiles(),
            trapping: survey.trapping,
        };
        let mut kept = Vec::with_capacity(items.len());
        for item in items {
            let Item::Option(words) = &item else {
                kept.push(item);
                continue;
            };
            let Some(row) = rows::for_option(words, context) else {
                kept.push(item);
                continue;
            };
            if let Action::Refuse(help) = row.action {
                self.refusals.push(Refusal {
                    words: words.clone(),
                    reason: row.reason,
                    help,
                });
                continue;
            }
            let to = rows::replacement(row.action);
            self.changes.push(Change {
                from: words.clone(),
                to: to.iter().flat_map(Item::words).collect(),
                reason: row.reason,
                source: row.source,
            });
            kept.extend(to);
        }
        kept
    }

    /// Puts clang's command line together.
    fn compose(&mut self, items: Vec<Item>, survey: &Survey, own: &OwnOptions, facts: &Facts) {
        let sysroot = own.sysroot.clone().unwrap_or_else(|| facts.sysroot.clone());
        if facts.driver == Driver::Cxx {
            self.add(
                vec!["--driver-mode=g++".into()],
                "wali-c++ is a C++ compiler",
                "clang",
            );
        }
        self.add(
            vec!["--no-default-config".into()],
            "the machine's configuration of clang is for its own programs",
            "clang 22, configuration files",
        );
        self.add(
            vec![joined("--target=", config::TRIPLE.as_ref())],
            "the target",
            "toolchains/wali.toml",
        );
        self.add(
            vec![joined("--sysroot=", sysroot.as_os_str())],
            "headers, libraries and start files of the target",
            "toolchains/wali.toml",
        );
        if survey.question && !facts.programs.as_os_str().is_empty() {
            self.add(
                vec![joined("-B", facts.programs.as_os_str())],
                "questions for programs find wali-cc's own first",
                "clang 22, -B",
            );
        }
        if survey.compiles() {
            self.add_defaults(config::COMPILE, survey, own, |flag| flag.into());
        }
        if survey.links() {
            let reason = "clang would run whichever wasm-opt is on PATH, and it may be too old";
            self.add(vec!["--no-wasm-opt".into()], reason, "clang 22, --wasm-opt");
            self.add_defaults(config::LINK, survey, own, |flag| {
                joined("-Wl,", flag.as_ref())
            });
        } else if survey.relocatable {
            let reason =
                "-r puts objects together; start files and libraries wait for the real link";
            self.add(vec!["-nostdlib".into()], reason, "gcc's manual, -r");
        }
        self.args.extend(items.iter().flat_map(Item::words));
        if survey.links() && !survey.without_libraries {
            let mut libraries = vec!["-nodefaultlibs".into()];
            if !survey.without_libc {
                if !own.compat && !survey.without_simd {
                    libraries.push("-lwali-simd".into());
                }
                libraries.push("-lc".into());
            }
            libraries.push(joined("-l", config::BUILTINS.as_ref()));
            let reason = "the runtime library lies in the sysroot, not in clang's folder";
            self.add(libraries, reason, "toolchains/wali.toml, builtins");
            if own.compat && !survey.without_libc {
                let reason = "libc's calls that are not published answer ENOSYS instead";
                self.add(vec!["-lwali-published".into()], reason, "docs/compiling.md");
            }
        }
        self.sysroot = (!survey.question).then_some(sysroot);
    }

    fn add(&mut self, words: Vec<OsString>, reason: &'static str, source: &'static str) {
        self.args.extend(words.iter().cloned());
        self.changes.push(Change {
            from: Vec::new(),
            to: words,
            reason,
            source,
        });
    }

    /// Adds the rows of a table of defaults, without warnings where clang has no use for one.
    fn add_defaults(
        &mut self,
        rows: &'static [config::Defaults],
        survey: &Survey,
        own: &OwnOptions,
        word: impl Fn(&'static str) -> OsString,
    ) {
        self.args.push("--start-no-unused-arguments".into());
        for row in rows {
            let off = row.unless.is_some_and(|option| survey.has_option(option));
            if row.apply_to(own.compat) && !off {
                let words = row.flags.iter().map(|flag| word(flag)).collect();
                self.add(words, row.reason, "toolchains/wali.toml");
            }
        }
        self.args.push("--end-no-unused-arguments".into());
    }
}

/// wali-cc's own options, and those it answers itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnOptions {
    pub(crate) explain: bool,
    pub(crate) compat: bool,
    pub(crate) run_line: bool,
    pub(crate) probes: Option<Which>,
    pub(crate) allowed: Vec<String>,
    pub(crate) sysroot: Option<PathBuf>,
}

impl OwnOptions {
    /// Takes them out of the command line.
    fn take(items: &mut Vec<Item>) -> OwnOptions {
        let mut own = OwnOptions {
            probes: Some(Which::default()),
            ..OwnOptions::default()
        };
        items.retain(|item| match item {
            Item::Option(words) => !own.is(words),
            Item::Linker(_) | Item::Input(_) => true,
        });
        own
    }

    fn is(&mut self, words: &[OsString]) -> bool {
        let [option, ..] = words else { return false };
        if option == "--wali-explain" {
            self.explain = true;
        } else if option == "--wali-compat" {
            self.compat = true;
        } else if option == "--wali-run-line" {
            self.run_line = true;
        } else if option == "--wali-all-probes" {
            self.probes = Some(Which::All);
        } else if option == "--wali-no-probes" {
            self.probes = None;
        } else if let Some(import) = after(option, "--wali-allow-import=") {
            self.allowed.push(import.to_string_lossy().into_owned());
        } else if let Some(folder) = after(option, "--sysroot=") {
            self.sysroot = Some(folder.into());
        } else if let ("--sysroot", [_, folder]) = (&*option.to_string_lossy(), words) {
            self.sysroot = Some(folder.into());
        } else {
            return false;
        }
        true
    }
}

/// The value of the last linker argument that is one of `names`, joined or apart.
pub(crate) fn last_linker_value<'a>(tokens: &[&'a OsStr], names: &[&str]) -> Option<&'a OsStr> {
    let mut last = None;
    for (at, token) in tokens.iter().enumerate() {
        for name in names {
            match linker_option(token, name) {
                Some(Some(value)) => last = Some(value),
                Some(None) => last = tokens.get(at + 1).copied().or(last),
                None => {}
            }
        }
    }
    last
}
