//! The modules of a package, as its source declares them: the file that each is in, what it defines, and
//! what it imports.
//!
//! What is compiled for tests only is left out: items under `#[cfg(test)]` or `#[test]`, and files
//! called `tests.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta, Token, UseTree, Visibility};

/// A module's place in [`Package::modules`].
pub(crate) type ModuleId = usize;

/// The source of a package: its library, its program, or both.
pub(crate) struct Package {
    /// The folder that the files' names start from.
    src: PathBuf,
    /// The library's name in the paths of the program.
    pub(crate) library: String,
    /// The library's own module.
    pub(crate) library_root: Option<ModuleId>,
    /// All modules but those for tests.
    pub(crate) modules: Vec<Module>,
    /// Files that only tests are made of, by their names below `src`.
    test_files: BTreeSet<String>,
}

/// A module.
pub(crate) struct Module {
    /// Its file's name below `src`; modules written inside another have that one's.
    pub(crate) file: String,
    pub(crate) parent: Option<ModuleId>,
    /// Modules inside it. A name has several when conditions choose between them.
    pub(crate) children: BTreeMap<String, Vec<ModuleId>>,
    /// The names of what it defines.
    pub(crate) items: BTreeSet<String>,
    /// Its `use` items, one for each name.
    pub(crate) imports: Vec<Import>,
    /// Its other items.
    pub(crate) code: Vec<Item>,
}

/// One name, or one glob, of a `use` item.
#[derive(Clone)]
pub(crate) struct Import {
    pub(crate) path: Vec<String>,
    /// The name it has here; `None` for a glob.
    pub(crate) name: Option<String>,
    /// Whether others can see it.
    pub(crate) is_public: bool,
}

impl Package {
    /// Reads the package whose source is in the folder `src`; the folder that it is in names the library.
    ///
    /// # Errors
    /// When there is neither a `lib.rs` nor a `main.rs`, or a file is missing or is no Rust.
    pub(crate) fn read(src: &Path) -> Result<Self> {
        let folder = src.parent().and_then(Path::file_name).unwrap_or_default();
        let mut package = Self {
            src: src.to_owned(),
            library: folder.to_string_lossy().replace('-', "_"),
            library_root: None,
            modules: Vec::new(),
            test_files: BTreeSet::new(),
        };
        if src.join("lib.rs").exists() {
            package.library_root = Some(package.read_root("lib.rs")?);
        }
        if src.join("main.rs").exists() {
            package.read_root("main.rs")?;
        }
        let src = src.display();
        ensure!(
            !package.modules.is_empty(),
            "{src} has no lib.rs or main.rs"
        );
        Ok(package)
    }

    /// The module that `module` finds as `crate`.
    pub(crate) fn root_of(&self, module: ModuleId) -> ModuleId {
        let parent = self.modules[module].parent;
        parent.map_or(module, |parent| self.root_of(parent))
    }

    /// Whether `module` is `ancestor` or inside it.
    pub(crate) fn is_within(&self, module: ModuleId, ancestor: ModuleId) -> bool {
        let parent = self.modules[module].parent;
        module == ancestor || parent.is_some_and(|parent| self.is_within(parent, ancestor))
    }

    /// The names of all files that have modules.
    pub(crate) fn files(&self) -> BTreeSet<&str> {
        let files = self.modules.iter().map(|module| module.file.as_str());
        files.collect()
    }

    /// The names of the files in the folder that no `mod` leads to.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub(crate) fn strays(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        list(&self.src, &mut found)?;
        let names = found.iter().map(|path| self.name_of(path));
        let known = self.files();
        let is_stray =
            |name: &String| !known.contains(name.as_str()) && !self.test_files.contains(name);
        Ok(names.filter(is_stray).collect())
    }

    fn name_of(&self, path: &Path) -> String {
        let name = path.strip_prefix(&self.src).unwrap_or(path);
        name.to_string_lossy().into_owned()
    }

    fn read_root(&mut self, file: &str) -> Result<ModuleId> {
        let path = self.src.join(file);
        self.read_file(&path, &self.src.clone(), None)
    }

    /// Reads the module in the file `path`, whose own modules are in `folder`.
    fn read_file(
        &mut self,
        path: &Path,
        folder: &Path,
        parent: Option<ModuleId>,
    ) -> Result<ModuleId> {
        let reading = || format!("reading {}", path.display());
        let text = fs::read_to_string(path).with_context(reading)?;
        let syntax = syn::parse_file(&text).with_context(reading)?;
        let file = self.name_of(path);
        self.add(file, folder, parent, syntax.items)
    }

    /// Adds a module of these items, and those inside it.
    fn add(
        &mut self,
        file: String,
        folder: &Path,
        parent: Option<ModuleId>,
        items: Vec<Item>,
    ) -> Result<ModuleId> {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.clone(),
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            code: Vec::new(),
        });
        for item in items {
            let is_test = is_for_tests(attributes(&item));
            match item {
                Item::Mod(item) if is_test => self.leave_out(&item, &file, folder),
                _ if is_test => {}
                Item::Mod(item) => {
                    let name = name_of(&item.ident);
                    let children = self.read_inner(id, item, &file, folder)?;
                    let known = &mut self.modules[id].children;
                    known.entry(name).or_default().extend(children);
                }
                Item::Use(item) => {
                    let is_public = !matches!(item.vis, Visibility::Inherited);
                    let imports = &mut self.modules[id].imports;
                    flatten(&item.tree, &mut Vec::new(), is_public, imports);
                }
                item => {
                    let module = &mut self.modules[id];
                    module.items.extend(defined(&item));
                    module.code.push(item);
                }
            }
        }
        Ok(id)
    }

    /// Reads the module that `item` of `parent` declares or holds; several where conditions choose a file.
    fn read_inner(
        &mut self,
        parent: ModuleId,
        item: ItemMod,
        file: &str,
        folder: &Path,
    ) -> Result<Vec<ModuleId>> {
        let name = name_of(&item.ident);
        if let Some((_, items)) = item.content {
            let inner = self.add(file.to_owned(), &folder.join(name), Some(parent), items)?;
            return Ok(vec![inner]);
        }
        let mut inner = Vec::new();
        let places = self.places(&item.attrs, &name, file, folder);
        ensure!(!places.is_empty(), "{file}: `mod {name};` has no file");
        for Place { path, folder } in places {
            if is_test_file(&path) {
                self.test_files.insert(self.name_of(&path));
            } else {
                inner.push(self.read_file(&path, &folder, Some(parent))?);
            }
        }
        Ok(inner)
    }

    /// Notes the files of a module for tests.
    fn leave_out(&mut self, item: &ItemMod, file: &str, folder: &Path) {
        let name = name_of(&item.ident);
        for Place { path, folder } in self.places(&item.attrs, &name, file, folder) {
            self.test_files.insert(self.name_of(&path));
            let mut inside = Vec::new();
            // A module for tests seldom has a folder.
            if list(&folder, &mut inside).is_ok() {
                let names: Vec<String> = inside.iter().map(|path| self.name_of(path)).collect();
                self.test_files.extend(names);
            }
        }
    }

    /// The files that `mod NAME;` in `file` may mean, as far as they exist.
    fn places(&self, attrs: &[Attribute], name: &str, file: &str, folder: &Path) -> Vec<Place> {
        let beside = self.src.join(file);
        let beside = beside.parent().unwrap_or(&self.src);
        let chosen = chosen_paths(attrs).into_iter().map(|path| Place {
            // The file behind `#[path]` has its modules beside it.
            folder: beside.to_owned(),
            path: beside.join(path),
        });
        let usual = ["", "/mod"].map(|rest| Place {
            path: folder.join(format!("{name}{rest}.rs")),
            folder: folder.join(name),
        });
        let places = chosen.chain(usual);
        places.filter(|place| place.path.is_file()).collect()
    }
}

/// A module's file, and the folder of the modules in it.
struct Place {
    path: PathBuf,
    folder: PathBuf,
}

fn is_test_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
}

/// Lists the Rust files below `folder`, those of tests left out.
fn list(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let reading = || format!("reading {}", folder.display());
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if path.is_dir() {
            list(&path, found)?;
        } else if path.extension().is_some_and(|rs| rs == "rs") && !is_test_file(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

/// `ident` as paths have it, without `r#`.
pub(crate) fn name_of(ident: &proc_macro2::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

/// Takes a `use` tree apart: a path for each name.
pub(crate) fn flatten(
    tree: &UseTree,
    before: &mut Vec<String>,
    is_public: bool,
    imports: &mut Vec<Import>,
) {
    let mut add = |last: Option<String>, name: Option<String>| {
        // `{self}` names what is before it.
        let last = last.filter(|last| last != "self" || before.is_empty());
        let path: Vec<String> = before.iter().cloned().chain(last).collect();
        let name = name.map(|name| match (name.as_str(), path.last()) {
            ("self", Some(module)) => module.clone(),
            _ => name,
        });
        imports.push(Import {
            path,
            name,
            is_public,
        });
    };
    match tree {
        UseTree::Path(path) => {
            before.push(name_of(&path.ident));
            flatten(&path.tree, before, is_public, imports);
            before.pop();
        }
        UseTree::Name(name) => {
            let name = name_of(&name.ident);
            add(Some(name.clone()), Some(name));
        }
        UseTree::Rename(rename) => {
            add(Some(name_of(&rename.ident)), Some(name_of(&rename.rename)));
        }
        UseTree::Glob(_) => add(None, None),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, is_public, imports);
            }
        }
    }
}

/// The names that an item gives its module.
fn defined(item: &Item) -> Vec<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Macro(item) => return item.ident.iter().map(name_of).collect(),
        Item::ForeignMod(item) => {
            let names = item.items.iter().filter_map(|item| match item {
                syn::ForeignItem::Fn(item) => Some(name_of(&item.sig.ident)),
                syn::ForeignItem::Static(item) => Some(name_of(&item.ident)),
                syn::ForeignItem::Type(item) => Some(name_of(&item.ident)),
                _ => None,
            });
            return names.collect();
        }
        _ => return Vec::new(),
    };
    vec![name_of(ident)]
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether what has these attributes is compiled for tests only.
pub(crate) fn is_for_tests(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let needs_test = |meta: Meta| requires_test(&meta);
        attr.path().is_ident("test")
            || (attr.path().is_ident("cfg") && attr.parse_args().is_ok_and(needs_test))
    })
}

/// Whether a condition of `cfg` holds in tests only.
fn requires_test(condition: &Meta) -> bool {
    let Meta::List(list) = condition else {
        return condition.path().is_ident("test");
    };
    let inner = parts(list.tokens.clone());
    if list.path.is_ident("all") {
        inner.iter().any(requires_test)
    } else {
        list.path.is_ident("any") && !inner.is_empty() && inner.iter().all(requires_test)
    }
}

/// What `#[path = …]` says, under a condition or without.
fn chosen_paths(attrs: &[Attribute]) -> Vec<String> {
    let mut paths = Vec::new();
    for attr in attrs {
        match &attr.meta {
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                paths.extend(parts(list.tokens.clone()).iter().filter_map(chosen_path));
            }
            meta => paths.extend(chosen_path(meta)),
        }
    }
    paths
}

/// The text in `path = "text"`.
fn chosen_path(meta: &Meta) -> Option<String> {
    let Meta::NameValue(pair) = meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if pair.path.is_ident("path") => Some(text.value()),
        _ => None,
    }
}

/// The parts of an attribute's argument, separated by commas; none when it is something else.
fn parts(tokens: proc_macro2::TokenStream) -> Vec<Meta> {
    let list = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(tokens);
    list.map(|list| list.into_iter().collect())
        .unwrap_or_default()
}
