//! What a command line asks for: which steps, which inputs, which kind of output.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::command::{Item, after};
use crate::config;
use crate::link::{Entry, Link};
use crate::own::OwnOptions;
use crate::probes::Probes;
use crate::rows::{last_linker_value, linker_option};
use crate::setjmp::Which;

/// Options after which clang answers and does nothing else.
const QUESTIONS: &[&str] = &[
    "--version",
    "--help",
    "-help",
    "-dumpversion",
    "-dumpmachine",
    "--help-hidden",
];

/// Options after which clang stops with an object.
const COMPILES: &[&str] = &["-c", "--compile"];

/// Options after which clang stops before that.
const STOPS: &[&str] = &[
    "-E",
    "-S",
    "-M",
    "-MM",
    "-fsyntax-only",
    "--preprocess",
    "--assemble",
    "--analyze",
    "--precompile",
    "-emit-ast",
    "-rewrite-objc",
    "-verify-pch",
    "-extract-api",
];

/// File name endings of what clang compiles or assembles.
const SOURCES: &[&str] = &[
    "c", "i", "C", "cc", "cp", "cpp", "cxx", "CPP", "c++", "CXX", "C++", "ii", "m", "mm", "mi",
    "mii", "s", "S", "asm", "ll", "bc", "cppm", "ixx",
];

/// File name endings of what is no C any more.
const LOW_LEVEL: &[&str] = &["s", "S", "asm", "ll", "bc"];

/// Options that leave no object with calls of setjmp, or no libc that has the probes.
const WITHOUT_PROBES: &[&str] = &[
    "-emit-llvm",
    "-ffreestanding",
    "-mno-exception-handling",
    "-nodefaultlibs",
    "-nolibc",
    "-nostdlib",
];

/// File name endings of what clang precompiles.
const HEADERS: &[&str] = &["h", "hh", "hpp", "hxx", "H", "h++", "tcc", "inl"];

/// The command line at a glance.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// A question, which clang answers alone.
    pub(crate) question: bool,
    /// `-r`: objects in, one object out.
    pub(crate) relocatable: bool,
    /// Neither libc nor the compiler's runtime.
    pub(crate) without_libraries: bool,
    /// No libc.
    pub(crate) without_libc: bool,
    /// The program is not to have vector instructions.
    pub(crate) without_simd: bool,
    /// Sanitizer checks end in a trap.
    pub(crate) trapping: bool,
    stops: bool,
    /// Stops with objects.
    makes_objects: bool,
    /// Code is generated at the link.
    late_code: bool,
    /// The linker's command line is shown, or the linker answers a question.
    dry: bool,
    reactor: bool,
    options: Vec<Vec<OsString>>,
    linker: Vec<OsString>,
    sources: Vec<PathBuf>,
    headers: usize,
    objects: Vec<PathBuf>,
    output: Option<PathBuf>,
}

impl Survey {
    /// Looks through the items of a command line, in their order.
    pub(crate) fn of(items: &[Item]) -> Survey {
        let mut survey = Survey::default();
        let mut language: Option<OsString> = None;
        for item in items {
            match item {
                Item::Option(words) => {
                    survey.option(words, &mut language);
                    survey.options.push(words.clone());
                }
                Item::Linker(token) => survey.linker.push(token.clone()),
                Item::Input(file) => survey.input(file, language.as_deref()),
            }
        }
        survey.relocatable |= ["r", "i", "relocatable"]
            .iter()
            .any(|name| survey.has_linker_option(name));
        survey.dry |= ["version", "help"]
            .iter()
            .any(|name| survey.has_linker_option(name));
        survey
    }

    /// Whether something is preprocessed, compiled or assembled.
    pub(crate) fn compiles(&self) -> bool {
        !self.question && (!self.sources.is_empty() || self.headers > 0)
    }

    /// Whether there is anything to do with files.
    pub(crate) fn works(&self) -> bool {
        self.compiles() || self.runs_linker()
    }

    /// Whether the linker runs.
    pub(crate) fn runs_linker(&self) -> bool {
        let files = !self.sources.is_empty() || !self.objects.is_empty();
        let arguments = !self.linker.is_empty() || self.options.iter().any(|w| is_library(w));
        !self.question && !self.stops && !self.makes_objects && (files || arguments)
    }

    /// Whether a module is linked.
    pub(crate) fn links(&self) -> bool {
        self.runs_linker() && !self.relocatable
    }

    /// Whether a module comes out that can be checked.
    pub(crate) fn makes_module(&self) -> bool {
        self.links() && !self.dry
    }

    /// Whether the linker is asked for its version and there is nothing else to do.
    pub(crate) fn asks_linker_version(&self) -> bool {
        self.links() && self.has_linker_option("version")
    }

    /// Where functions that call setjmp are to be looked for, if they can have probes.
    pub(crate) fn probes(&self, which: Which) -> Option<Probes> {
        let is_c = |source: &PathBuf| {
            let ending = source.extension().and_then(OsStr::to_str);
            ending.is_none_or(|ending| !LOW_LEVEL.contains(&ending))
        };
        let own_coverage = |words: &Vec<OsString>| {
            let mut words = words.iter();
            words.any(|word| after(word, "-fsanitize-coverage").is_some())
        };
        let to_stdout = self.output.as_deref() == Some(Path::new("-"));
        if self.question
            || self.stops
            || self.dry
            || self.late_code
            || (to_stdout && !self.makes_module())
            || !self.sources.iter().any(is_c)
            || self.options.iter().any(own_coverage)
            || WITHOUT_PROBES.iter().any(|option| self.has_option(option))
        {
            return None;
        }
        Some(Probes {
            objects: self.outputs(),
            from_stdin: self.sources.iter().any(|source| source.as_os_str() == "-"),
            which,
        })
    }

    /// The objects that are left, none where a module is.
    fn outputs(&self) -> Vec<PathBuf> {
        match &self.output {
            _ if self.makes_module() => Vec::new(),
            Some(output) => vec![output.clone()],
            None if self.relocatable && !self.makes_objects => vec!["a.out".into()],
            None => {
                let names = self.sources.iter().filter_map(|source| source.file_name());
                names
                    .map(|name| Path::new(name).with_extension("o"))
                    .collect()
            }
        }
    }

    /// Whether the option was given, without an operand.
    pub(crate) fn has_option(&self, option: &str) -> bool {
        self.options
            .iter()
            .any(|words| words.len() == 1 && words[0] == option)
    }

    /// What to check of the module, and what to look at when it fails.
    pub(crate) fn link(self, own: OwnOptions, sysroot: Option<&Path>) -> Link {
        let tokens: Vec<&OsStr> = self.linker.iter().map(OsString::as_os_str).collect();
        let mut link = Link {
            entry: self.entry(&tokens),
            output: self.output.unwrap_or_else(|| "a.out".into()),
            allowed: own.allowed,
            compat: own.compat,
            engine: None,
            objects: self.objects,
            libraries: Vec::new(),
            library_folders: Vec::new(),
            sources: self.sources,
        };
        for words in &self.options {
            if let Some(library) = operand(words, "-l") {
                link.libraries.push(library.into());
            } else if let Some(folder) = operand(words, "-L") {
                link.library_folders.push(folder.into());
            }
        }
        link.library_folders
            .extend(sysroot.map(|folder| folder.join(config::LIB_DIR)));
        link
    }

    fn entry(&self, tokens: &[&OsStr]) -> Entry {
        if self.has_linker_option("no-entry") {
            return Entry::None;
        }
        let by_driver = self
            .options
            .iter()
            .filter_map(|words| match words.as_slice() {
                [option, name] if option == "-e" => Some(name.as_os_str()),
                _ => None,
            })
            .next_back();
        let named = last_linker_value(tokens, &["entry", "e"]).or(by_driver);
        let default = if self.reactor {
            "_initialize"
        } else {
            "_start"
        };
        Entry::Function(named.map_or(default.into(), |name| name.to_string_lossy().into_owned()))
    }

    fn has_linker_option(&self, name: &str) -> bool {
        self.linker
            .iter()
            .any(|token| linker_option(token, name).is_some())
    }

    fn option(&mut self, words: &[OsString], language: &mut Option<OsString>) {
        let Some(option) = words[0].to_str() else {
            return;
        };
        match option {
            _ if QUESTIONS.contains(&option) => self.question = true,
            _ if COMPILES.contains(&option) => self.makes_objects = true,
            _ if STOPS.contains(&option) => self.stops = true,
            "-###" | "-fdriver-only" => self.dry = true,
            "-r" => self.relocatable = true,
            "-nostdlib" | "-nodefaultlibs" => self.without_libraries = true,
            "-nolibc" => self.without_libc = true,
            "-mno-simd128" => self.without_simd = true,
            "-msimd128" => self.without_simd = false,
            "-mexec-model=reactor" => self.reactor = true,
            "-fno-lto" => self.late_code = false,
            _ if option.starts_with("-flto") => self.late_code = true,
            _ if option.starts_with("-print-") || option.starts_with("--print-") => {
                self.question = true;
            }
            _ if option.starts_with("-fsanitize-trap")
                || option == "-fsanitize-undefined-trap-on-error" =>
            {
                self.trapping = true;
            }
            _ => {}
        }
        if let Some(output) = operand(words, "-o").or_else(|| operand(words, "--output")) {
            self.output = Some(output.into());
        }
        if let Some(name) = operand(words, "-x").or_else(|| operand(words, "--language")) {
            *language = (name != "none").then(|| name.to_owned());
        }
    }

    fn input(&mut self, file: &OsStr, language: Option<&OsStr>) {
        let ending = Path::new(file)
            .extension()
            .and_then(OsStr::to_str)
            .unwrap_or_default();
        let named = language.map(OsStr::to_string_lossy);
        match named {
            Some(language) if language.ends_with("-header") => self.headers += 1,
            None if HEADERS.contains(&ending) => self.headers += 1,
            Some(_) => self.sources.push(file.into()),
            None if file == "-" || SOURCES.contains(&ending) => self.sources.push(file.into()),
            None => self.objects.push(file.into()),
        }
    }
}

fn is_library(words: &[OsString]) -> bool {
    operand(words, "-l").is_some()
}

/// The operand of `option`, joined to it or apart.
fn operand<'a>(words: &'a [OsString], option: &str) -> Option<&'a OsStr> {
    match words {
        [name, operand] if name == option => Some(operand),
        [joined] if option.len() == 2 => {
            after(joined, option).filter(|rest| !rest.as_bytes().is_empty())
        }
        [joined] => after(joined, option).and_then(|rest| after(rest, "=")),
        _ => None,
    }
}
