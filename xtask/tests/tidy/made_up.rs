//! The rules tried on small packages that were made up for it.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::rules::{Layer, Rules, check};

/// A package of these files: their names below `src`, and their text.
struct MadeUp {
    folder: TempDir,
}

impl MadeUp {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made_up = Self { folder };
        for (name, text) in files {
            let path = made_up.src().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        made_up
    }

    fn src(&self) -> PathBuf {
        self.folder.path().join("made-up/src")
    }

    /// What is wrong with it, one problem after the other; empty when nothing is.
    fn problems(&self, largest_circle: usize, layers: &[Layer]) -> String {
        let rules = Rules {
            largest_circle,
            layers,
        };
        match check(&self.src(), &rules) {
            Ok(()) => String::new(),
            Err(error) => {
                let text = format!("{error:#}");
                let (_, problems) = text.split_once(":\n").unwrap_or(("", &text));
                problems.to_owned()
            }
        }
    }
}

/// The circles of a package that has no layers.
fn circles(files: &[(&str, &str)]) -> String {
    MadeUp::new(files).problems(0, &[])
}

#[test]
fn a_circle_is_told_with_its_imports() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::{B, self as bee}; pub struct A;"),
        (
            "b.rs",
            "pub struct B; fn f() { let x = super::c::g(); use super::c::h; }",
        ),
        ("c.rs", "pub fn g() { println!(\"{}\", crate::a::A); }"),
        ("d.rs", "use crate::a::A; use crate::b::B;"),
    ];
    let expected = "3 files import each other, allowed are 0:\n  a.rs -> b.rs: crate::b::B\n  \
                    b.rs -> c.rs: super::c::g, super::c::h\n  c.rs -> a.rs: crate::a::A";
    assert_eq!(circles(&files), expected);
    assert_eq!(MadeUp::new(&files).problems(3, &[]), "");
}

#[test]
fn a_name_counts_for_the_file_that_defines_it() {
    struct Case {
        name: &'static str,
        /// What the module `guest::low` has, which `guest::task` imports.
        low: &'static str,
        circular: bool,
    }
    let cases = [
        Case {
            name: "re-export",
            low: "use crate::guest::Other;",
            circular: false,
        },
        Case {
            name: "re-export through a glob",
            low: "use crate::guest::Far;",
            circular: false,
        },
        Case {
            name: "path through a module",
            low: "use crate::guest; fn f(o: guest::Other) {}",
            circular: false,
        },
        Case {
            name: "re-export of the one above",
            low: "use crate::guest::Task;",
            circular: true,
        },
        Case {
            name: "under another name",
            low: "use crate::guest::Renamed;",
            circular: true,
        },
        Case {
            name: "path in a type",
            low: "struct L(Option<super::task::Task>);",
            circular: true,
        },
        Case {
            name: "through a module",
            low: "use crate::guest as g; fn f() { g::Task::new() }",
            circular: true,
        },
        Case {
            name: "in a macro",
            low: "use super::task; fn f() { assert!(1 < task::LIMIT) }",
            circular: true,
        },
        Case {
            name: "what a macro makes",
            low: "use super::task::MADE;",
            circular: true,
        },
        Case {
            name: "glob",
            low: "use super::task::*;",
            circular: true,
        },
        Case {
            name: "attribute",
            low: "#[arg(parser = super::task::parse)] struct L;",
            circular: true,
        },
        Case {
            name: "inner module",
            low: "mod inner { use super::super::task::Task; }",
            circular: true,
        },
        Case {
            name: "defined in the module's own file",
            low: "use super::Defined;",
            circular: true,
        },
        Case {
            name: "another package of that name",
            low: "use ::guest::Task; use std::task::Poll;",
            circular: false,
        },
        Case {
            name: "visibility",
            low: "pub(in super::task) struct L;",
            circular: false,
        },
    ];
    for Case {
        name,
        low,
        circular,
    } in cases
    {
        for module in ["guest.rs", "guest/mod.rs"] {
            let files = [
                ("lib.rs", "pub mod guest;"),
                (
                    module,
                    "mod low; mod other; mod far; mod task; pub(crate) use far::*; pub use other::Other;
                     pub use task::{Task, Task as Renamed}; pub struct Defined(task::Task);",
                ),
                ("guest/low.rs", low),
                ("guest/other.rs", "pub struct Other;"),
                ("guest/far.rs", "pub enum Far { A }"),
                ("guest/task.rs", "use super::low; pub struct Task(low::L); make!(MADE);"),
            ];
            let found = circles(&files);
            assert_eq!(!found.is_empty(), circular, "{name}: {low}\n{found}");
        }
    }
}

#[test]
fn a_function_may_be_called_like_its_module() {
    let files = [
        ("main.rs", "mod apps; mod bench; fn main() {}"),
        (
            "apps.rs",
            "mod build; pub(crate) use build::{Flavour, build};",
        ),
        (
            "apps/build.rs",
            "use crate::bench::B; pub fn build() {} pub struct Flavour;",
        ),
        ("bench.rs", "pub struct B; fn f() { crate::apps::build(); }"),
    ];
    let found = circles(&files);
    assert!(
        found.contains("bench.rs -> apps/build.rs: crate::apps::build"),
        "{found}"
    );
}

#[test]
fn what_only_tests_use_is_left_out() {
    let files = [
        (
            "lib.rs",
            "mod a; mod b; #[cfg(test)] mod tests; #[cfg(all(test, unix))] mod made_up;",
        ),
        (
            "a.rs",
            "use crate::b::B; pub struct A; #[cfg(test)] mod tests;",
        ),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] use crate::a::A; #[cfg(test)] mod tests { use crate::a::A; }
             impl B { #[cfg(test)] fn f(a: crate::a::A) {} } #[test] fn t() { crate::a::f() }",
        ),
        ("tests.rs", "use crate::a::A;"),
        ("a/tests.rs", "use super::A;"),
        ("made_up.rs", "mod inner; use crate::a::A;"),
        ("made_up/inner.rs", "use crate::made_up;"),
    ];
    assert_eq!(circles(&files), "");
    let with = |condition: &str| {
        let low = format!("pub struct B; #[cfg({condition})] use crate::a::A;");
        let files = [files[0], files[1], ("b.rs", &*low), files[5]];
        circles(&files)
    };
    for condition in ["not(test)", "any(test, unix)", "unix"] {
        assert!(!with(condition).is_empty(), "{condition}");
    }
}

#[test]
fn a_program_imports_from_its_own_library() {
    let files = [
        ("lib.rs", "pub mod a; pub mod b;"),
        ("a.rs", "pub struct A;"),
        ("b.rs", "pub struct B;"),
        ("main.rs", "use made_up::a::A; fn main() {}"),
    ];
    let layers: [Layer; 2] = [("program", &["main", "lib"]), ("rest", &["a", "b"])];
    let expected = "main.rs of layer program imports from a.rs of layer rest, which is above: \
                    made_up::a::A";
    assert_eq!(MadeUp::new(&files).problems(0, &layers), expected);
}

#[test]
fn files_that_conditions_choose_between_are_all_read() {
    let direct =
        "#[cfg_attr(unix, path = \"x.rs\")] #[cfg_attr(not(unix), path = \"none.rs\")] mod imp;
                  pub use imp::f;";
    let files = [
        ("lib.rs", "mod direct; mod a;"),
        ("a.rs", "use crate::direct::f; pub struct A;"),
        ("direct/mod.rs", direct),
        ("direct/x.rs", "pub fn f() {}"),
        ("direct/none.rs", "pub fn f() { crate::a::A; }"),
    ];
    let found = circles(&files);
    assert!(found.contains("a.rs -> direct/none.rs"), "{found}");
    assert!(!found.contains("direct/x.rs"), "{found}");
}

#[test]
fn a_lower_layer_may_not_import_from_a_higher_one() {
    let files = [
        ("lib.rs", "mod low; mod high; mod mid;"),
        ("low.rs", "mod inner;"),
        ("low/inner.rs", "use crate::high::H;"),
        ("mid.rs", "use crate::low; use crate::mid;"),
        ("high.rs", "use crate::mid::M; pub struct H;"),
    ];
    let made_up = MadeUp::new(&files);
    let layers: [Layer; 3] = [
        ("bottom", &["low"]),
        ("middle", &["mid"]),
        ("top", &["high", "lib"]),
    ];
    let expected = "low/inner.rs of layer bottom imports from high.rs of layer top, which is above: \
                    crate::high::H";
    assert_eq!(made_up.problems(0, &layers), expected);
    // The longest beginning decides.
    let layers: [Layer; 3] = [
        ("bottom", &["low.rs"]),
        ("middle", &["mid"]),
        ("top", &["high", "lib", "low/inner.rs"]),
    ];
    assert_eq!(made_up.problems(0, &layers), "");
}

#[test]
fn every_file_has_a_layer_and_every_layer_its_files() {
    let files = [
        ("lib.rs", "mod low; mod lower;"),
        ("low.rs", ""),
        ("lower.rs", ""),
    ];
    let layers: [Layer; 2] = [("bottom", &["low", "mid"]), ("top", &["lib.rs"])];
    let expected = "layer bottom: there is no file mid\nlower.rs: is in no layer";
    assert_eq!(MadeUp::new(&files).problems(0, &layers), expected);
}

#[test]
fn a_file_that_no_mod_leads_to_is_told() {
    let files = [("lib.rs", "mod a;"), ("a.rs", ""), ("a/b.rs", "")];
    assert_eq!(circles(&files), "a/b.rs: no `mod` leads to it");
    let missing = circles(&[("lib.rs", "mod a;")]);
    assert_eq!(missing, "lib.rs: `mod a;` has no file");
    let broken = circles(&[("lib.rs", "mod")]);
    assert!(broken.contains("lib.rs"), "{broken}");
}
