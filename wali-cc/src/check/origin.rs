//! Which input of a link asks for an import. Read only when a link is refused.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use wasmparser::{KnownCustom, Linking, Parser, Payload, SymbolFlags, SymbolInfo};

use super::module::{Callers, Module};
use crate::link::Link;

/// An import's module and name.
type Key = (String, String);

/// Where imports come from.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    objects: BTreeMap<Key, String>,
    /// Files that have the import, but not the function that calls it in the module.
    possible: BTreeMap<Key, String>,
    callers: BTreeMap<Key, String>,
}

impl Origins {
    /// Looks through the inputs of a link, objects before archives, and at the callers in the
    /// linked module, whose bytes are given.
    pub fn of(link: &Link, bytes: &[u8]) -> Origins {
        let mut origins = Origins::of_module(bytes);
        // libc comes behind the user's libraries.
        let names = link.libraries.iter().map(OsString::as_os_str);
        let names = names.chain([OsStr::new("c")]);
        let libraries = names.filter_map(|name| library(name, &link.library_folders));
        let files: Vec<PathBuf> = link.objects.iter().cloned().chain(libraries).collect();
        let (archives, objects): (Vec<_>, Vec<_>) = files
            .iter()
            .filter_map(|path| Some((path, std::fs::read(path).ok()?)))
            .partition(|(_, bytes)| bytes.starts_with(b"!<arch>\n"));
        for (path, bytes) in objects {
            origins.add(path.display().to_string(), &bytes);
        }
        for (path, bytes) in archives {
            for (member, bytes) in members(&bytes) {
                origins.add(format!("{}({member})", path.display()), bytes);
            }
        }
        if let [only] = link.sources.as_slice() {
            origins.attribute_rest(only);
        }
        for (key, file) in std::mem::take(&mut origins.possible) {
            origins.objects.entry(key).or_insert(file);
        }
        origins
    }

    /// Looks at the callers in a finished module only.
    pub fn of_module(bytes: &[u8]) -> Origins {
        let mut origins = Origins::default();
        origins.add_callers(bytes);
        origins
    }

    /// `first used in …`, or nothing when that is unknown.
    pub fn of_import(&self, module: &str, name: &str) -> Option<String> {
        let key = (module.to_owned(), name.to_owned());
        let object = self
            .objects
            .get(&key)
            .map(|object| format!("first used in {object}"));
        let caller = self
            .callers
            .get(&key)
            .map(|caller| format!("called by {caller}"));
        match (object, caller) {
            (Some(object), Some(caller)) => Some(format!("{object}, {caller}")),
            (object, caller) => object.or(caller),
        }
    }

    fn add(&mut self, file: String, bytes: &[u8]) {
        let imports = Module::parse(bytes).unwrap_or_default().imports;
        let defined = defined_functions(bytes);
        for import in imports {
            let key = (import.module, import.name);
            let calls = |caller: &String| defined.contains(&caller.as_str());
            let files = if self.callers.get(&key).is_none_or(calls) {
                &mut self.objects
            } else {
                &mut self.possible
            };
            files.entry(key).or_insert_with(|| file.clone());
        }
    }

    fn add_callers(&mut self, bytes: &[u8]) {
        let imports = Module::parse(bytes).unwrap_or_default().imports;
        let functions: Vec<_> = imports
            .into_iter()
            .filter(|i| i.signature.is_some())
            .collect();
        let callers = Callers::of(bytes, functions.len());
        for (index, import) in functions.into_iter().enumerate() {
            if let Some(caller) = callers.of_import(index) {
                self.callers
                    .insert((import.module, import.name), caller.to_owned());
            }
        }
    }

    /// What no object asks for is asked for by the one source that was compiled.
    fn attribute_rest(&mut self, source: &Path) {
        for key in self.callers.keys() {
            self.objects
                .entry(key.clone())
                .or_insert_with(|| source.display().to_string());
        }
    }
}

/// The names of the functions that an object defines, those of its own included.
fn defined_functions(object: &[u8]) -> Vec<&str> {
    let sections = Parser::new(0).parse_all(object).map_while(Result::ok);
    let linking = sections.filter_map(|payload| match payload {
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Linking(linking) => Some(linking),
            _ => None,
        },
        _ => None,
    });
    let mut names = Vec::new();
    for part in linking.flat_map(|section| section.subsections()).flatten() {
        if let Linking::SymbolTable(symbols) = part {
            names.extend(
                symbols
                    .into_iter()
                    .flatten()
                    .filter_map(|symbol| match symbol {
                        SymbolInfo::Func { flags, name, .. }
                            if !flags.contains(SymbolFlags::UNDEFINED) =>
                        {
                            name
                        }
                        _ => None,
                    }),
            );
        }
    }
    names
}

/// The file that `-l` and `name` stand for.
fn library(name: &OsStr, folders: &[PathBuf]) -> Option<PathBuf> {
    let name = name.to_string_lossy();
    let file = match name.strip_prefix(':') {
        Some(file) => file.to_owned(),
        None => format!("lib{name}.a"),
    };
    let mut places = folders.iter().map(|folder| folder.join(&file));
    places.find(|path| path.is_file())
}

/// The members of an archive with their names. Damage ends the list.
fn members(archive: &[u8]) -> Vec<(String, &[u8])> {
    const HEADER: usize = 60;
    let mut members = Vec::new();
    let mut long_names: &[u8] = &[];
    let mut rest = archive.get(8..).unwrap_or_default();
    while let Some((header, data)) = rest.split_at_checked(HEADER) {
        let field = |range: std::ops::Range<usize>| {
            String::from_utf8_lossy(&header[range])
                .trim_end()
                .to_owned()
        };
        let Ok(size) = field(48..58).parse::<usize>() else {
            break;
        };
        let Some(data) = data.get(..size) else { break };
        let name = field(0..16);
        match name.as_str() {
            "//" => long_names = data,
            "/" | "/SYM64/" => {}
            _ => members.push((member_name(&name, long_names), data)),
        }
        // Members start at even offsets.
        rest = rest.get(HEADER + size + size % 2..).unwrap_or_default();
    }
    members
}

/// A member's name: short ones end with a slash, long ones are `/offset` into a table.
fn member_name(field: &str, long_names: &[u8]) -> String {
    let long = field.strip_prefix('/').and_then(|offset| {
        let name = long_names.get(offset.parse::<usize>().ok()?..)?;
        let end = name
            .iter()
            .position(|&byte| byte == b'\n')
            .unwrap_or(name.len());
        Some(String::from_utf8_lossy(&name[..end]).into_owned())
    });
    let name = long.unwrap_or_else(|| field.to_owned());
    name.strip_suffix('/').map_or(name.clone(), str::to_owned)
}
