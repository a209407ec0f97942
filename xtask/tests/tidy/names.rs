//! What a path means: the module that defines what it names, through whatever re-exports.

use std::collections::BTreeSet;

use crate::modules::{ModuleId, Package};

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A module.
    Module(ModuleId),
    /// Something that this module defines.
    Item(ModuleId),
}

/// Names that are being looked up, and where: a circle of re-exports ends at them.
type Seen = BTreeSet<(ModuleId, String)>;

impl Package {
    /// Returns what `path` means in `module`; nothing when that is outside the package, and several
    /// things where one name stands for them.
    ///
    /// What a module seems to lack, because a macro or an included file defines it, counts as its own.
    pub(crate) fn resolve(&self, module: ModuleId, path: &[String]) -> BTreeSet<Target> {
        self.resolve_from(module, path, &mut Seen::new())
    }

    fn resolve_from(&self, from: ModuleId, path: &[String], seen: &mut Seen) -> BTreeSet<Target> {
        let Some((first, rest)) = path.split_first() else {
            return BTreeSet::new();
        };
        let mut targets = match first.as_str() {
            "crate" => BTreeSet::from([Target::Module(self.root_of(from))]),
            "self" => BTreeSet::from([Target::Module(from)]),
            "super" => self.parents(&[from]),
            name => {
                let mut found = self.look_up(from, name, seen);
                let library = self.library_root.filter(|_| name == self.library);
                if found.is_empty() {
                    found.extend(library.map(Target::Module));
                }
                found
            }
        };
        for name in rest {
            let modules: Vec<ModuleId> = targets.iter().filter_map(Target::module).collect();
            if modules.is_empty() {
                // What follows an item is a part of it.
                break;
            }
            targets = match name.as_str() {
                "super" => self.parents(&modules),
                name => {
                    let found = modules.iter();
                    let found = found.flat_map(|&module| self.look_up(module, name, seen));
                    found.collect()
                }
            };
            if targets.is_empty() {
                return modules.into_iter().map(Target::Item).collect();
            }
        }
        targets
    }

    fn parents(&self, modules: &[ModuleId]) -> BTreeSet<Target> {
        let parents = modules.iter().filter_map(|&id| self.modules[id].parent);
        parents.map(Target::Module).collect()
    }

    /// What `name` means inside `id`.
    fn look_up(&self, id: ModuleId, name: &str, seen: &mut Seen) -> BTreeSet<Target> {
        let module = &self.modules[id];
        let children = module.children.get(name).into_iter().flatten();
        let mut found: BTreeSet<Target> = children.map(|&child| Target::Module(child)).collect();
        if module.items.contains(name) {
            found.insert(Target::Item(id));
        }
        if !seen.insert((id, name.to_owned())) {
            return found;
        }
        for import in &module.imports {
            if import.name.as_deref() == Some(name) {
                found.extend(self.resolve_from(id, &import.path, seen));
            }
        }
        if found.is_empty() {
            let globs = module.imports.iter().filter(|import| import.name.is_none());
            for glob in globs {
                let modules = self.resolve_from(id, &glob.path, seen);
                for inner in modules.iter().filter_map(Target::module) {
                    found.extend(self.look_up(inner, name, seen));
                }
            }
        }
        found
    }
}

impl Target {
    /// The module, when it is one.
    fn module(&self) -> Option<ModuleId> {
        match self {
            Self::Module(id) => Some(*id),
            Self::Item(_) => None,
        }
    }
}
