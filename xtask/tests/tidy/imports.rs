//! Which file takes something from which other: by a `use`, or by a path in its code.
//!
//! A `use` of a module takes nothing by itself, what is named through it does. Neither `mod x;` nor the
//! re-export of something inside the module takes anything. What a method call reaches is not seen:
//! the file that names the type has imported that.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItem, Item, Local, Meta, Path, Stmt, TraitItem, Visibility};

use crate::modules::{Import, ModuleId, Package, attributes, flatten, is_for_tests, name_of};
use crate::names::Target;

/// For each file the files that it takes something from, with the paths that say so.
pub(crate) type Imports = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Collects the imports of all files of `package`.
pub(crate) fn imports(package: &Package) -> Imports {
    let mut imports = Imports::new();
    for (id, module) in package.modules.iter().enumerate() {
        let mut reader = Reader {
            package,
            module: id,
            blocks: Vec::new(),
            imports: &mut imports,
        };
        for import in &module.imports {
            reader.take_import(import);
        }
        for item in &module.code {
            reader.visit_item(item);
        }
    }
    imports
}

/// Reads the code of one module.
struct Reader<'a> {
    package: &'a Package,
    module: ModuleId,
    /// The `use` items of the blocks around, the innermost last.
    blocks: Vec<Vec<Import>>,
    imports: &'a mut Imports,
}

impl Reader<'_> {
    fn take_import(&mut self, import: &Import) {
        for target in self.package.resolve(self.module, &import.path) {
            let source = match target {
                Target::Item(source) => source,
                // A glob may take all that the module has, traits too, which no path names.
                Target::Module(source) if import.name.is_none() => source,
                Target::Module(_) => continue,
            };
            if !(import.is_public && self.package.is_within(source, self.module)) {
                self.add(source, &import.path);
            }
        }
    }

    /// Takes what `path` names in the code.
    fn take(&mut self, path: &[String]) {
        for meant in self.meanings(path) {
            for target in self.package.resolve(self.module, &meant) {
                if let Target::Item(source) = target {
                    self.add(source, path);
                }
            }
        }
    }

    /// `path` with the first name replaced by what a `use` in a block says it is.
    fn meanings(&self, path: &[String]) -> Vec<Vec<String>> {
        let first = path.first();
        for imports in self.blocks.iter().rev() {
            let named = imports
                .iter()
                .filter(|import| import.name.as_ref() == first);
            let meant = named.map(|import| [&import.path, &path[1..]].concat());
            let meant: Vec<Vec<String>> = meant.collect();
            if !meant.is_empty() {
                return meant;
            }
        }
        vec![path.to_owned()]
    }

    fn add(&mut self, source: ModuleId, path: &[String]) {
        let modules = &self.package.modules;
        let (own, other) = (&modules[self.module].file, &modules[source].file);
        if own != other {
            let sources = self.imports.entry(own.clone()).or_default();
            let paths = sources.entry(other.clone()).or_default();
            paths.insert(path.join("::"));
        }
    }

    /// Takes what the arguments of a macro name. They are no syntax yet, so whatever looks like a path
    /// counts as one.
    fn scan(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut punctuation = String::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if punctuation != "::" {
                        self.take(&path);
                        path.clear();
                    }
                    // Behind a dot is a field or a method.
                    if punctuation != "." {
                        path.push(name_of(&ident));
                    }
                    punctuation.clear();
                    continue;
                }
                TokenTree::Punct(mark) => {
                    punctuation.push(mark.as_char());
                    if !"::".starts_with(&punctuation) {
                        self.take(&path);
                        path.clear();
                        let is_range = punctuation.ends_with("..");
                        punctuation = if is_range {
                            "..".to_owned()
                        } else {
                            mark.as_char().to_string()
                        };
                    }
                    continue;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Literal(_) => {}
            }
            self.take(&path);
            path.clear();
            punctuation.clear();
        }
        self.take(&path);
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        // One that starts with `::` is another package's.
        if path.leading_colon.is_none() {
            let names: Vec<String> = path.segments.iter().map(|s| name_of(&s.ident)).collect();
            self.take(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        self.scan(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => self.scan(list.tokens.clone()),
            Meta::NameValue(pair) => self.visit_expr(&pair.value),
            Meta::Path(_) => {}
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let mut imports = Vec::new();
        for stmt in &block.stmts {
            if let Stmt::Item(Item::Use(item)) = stmt
                && !is_for_tests(&item.attrs)
            {
                let is_public = !matches!(item.vis, Visibility::Inherited);
                flatten(&item.tree, &mut Vec::new(), is_public, &mut imports);
            }
        }
        for import in &imports {
            self.take_import(import);
        }
        self.blocks.push(imports);
        visit::visit_block(self, block);
        self.blocks.pop();
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attrs: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attrs) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        let attrs: &[Attribute] = match item {
            TraitItem::Const(item) => &item.attrs,
            TraitItem::Fn(item) => &item.attrs,
            TraitItem::Type(item) => &item.attrs,
            TraitItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_for_tests(attrs) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if !is_for_tests(&local.attrs) {
            visit::visit_local(self, local);
        }
    }

    // Both name modules, and take nothing from them.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}
}
