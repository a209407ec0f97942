//! Planning: from the user's command line to the one that clang gets.

mod linker;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;

use crate::changes::{Change, Refusal};
use crate::command::{self, Item, joined};
use crate::config;
use crate::link::Link;
use crate::own::OwnOptions;
use crate::probes::Probes;
use crate::rows::{self, Action, Context, linker_option};
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
        let items = linker::rewrite(items, &mut plan.changes, &mut plan.refusals);
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

    /// Plans a command line of `wali-ld`. Reads response files, else nothing.
    pub fn from_linker_args(args: impl IntoIterator<Item = OsString>) -> Plan {
        let expanded = crate::response::expand(args);
        let asks = |name: &str| {
            expanded
                .iter()
                .any(|arg| linker_option(arg, name).is_some())
        };
        let mut plan = Plan {
            linker_version: asks("version") || (asks("v") && expanded.len() == 1),
            ..Plan::default()
        };
        let items = expanded.into_iter().map(Item::Linker).collect();
        let items = linker::rewrite(items, &mut plan.changes, &mut plan.refusals);
        plan.args = ["-m", "wasm32"].map(OsString::from).into();
        plan.args
            .extend(items.into_iter().filter_map(|item| match item {
                Item::Linker(token) => Some(token),
                Item::Option(_) | Item::Input(_) => None,
            }));
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

    /// Adds arguments of ours.
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
