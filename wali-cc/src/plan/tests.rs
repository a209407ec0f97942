//! Planning is pure: a line in, a line out.

use std::ffi::OsString;

use super::{Driver, Facts, Plan};
use crate::link::Entry;

fn facts() -> Facts {
    Facts {
        sysroot: "/sysroot".into(),
        ..Facts::default()
    }
}

fn plan(line: &str) -> Plan {
    Plan::from_args(line.split(' ').map(OsString::from), &facts())
}

/// clang's arguments without those that wali-cc adds on its own.
fn users(plan: &Plan) -> String {
    let mut added = plan
        .changes
        .iter()
        .filter(|change| change.from.is_empty())
        .flat_map(|change| &change.to)
        .peekable();
    let is_users = |arg: &&OsString| {
        let scaffold = arg.to_string_lossy().ends_with("-no-unused-arguments");
        !scaffold && added.next_if(|next| next == arg).is_none()
    };
    let words: Vec<_> = plan.args.iter().filter(is_users).collect();
    words
        .iter()
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn only_a_link_step_gets_link_flags_and_a_check() {
    struct Case {
        name: &'static str,
        line: &'static str,
        links: bool,
        checks: bool,
    }
    let case = |name, line, links, checks| Case {
        name,
        line,
        links,
        checks,
    };
    let cases = [
        case("object file", "-c a.c -o a.o", false, false),
        case("preprocess", "-E a.c", false, false),
        case("dependencies", "-MM a.c", false, false),
        case("assembly", "-S a.c", false, false),
        case("syntax only", "-fsyntax-only a.c", false, false),
        case("dependencies on the way", "-MD -MF d a.c", true, true),
        case("one source", "a.c -o a.wasm", true, true),
        case("standard input", "-x c -", true, true),
        case("objects", "a.o b.o", true, true),
        case("a library alone", "-lfoo", true, true),
        case("a header", "a.h", false, false),
        case("a header by language", "-x c-header a", false, false),
        case("relocatable", "-r a.o -o b.o", false, false),
        case("relocatable by linker", "-Wl,-r a.o -o b.o", false, false),
        case("asks version", "--version", false, false),
        case("asks version with input", "--version a.c", false, false),
        case("asks the linker's version", "-Wl,--version", true, false),
        case("shows commands", "-### a.c", true, false),
        case("asks a path", "-print-prog-name=ld", false, false),
        case("verbose alone", "-v", false, false),
    ];
    for Case {
        name,
        line,
        links,
        checks,
    } in cases
    {
        let plan = plan(line);
        let shared = plan.args.iter().any(|arg| arg == "-Wl,--shared-memory");
        assert_eq!(shared, links, "{name}: wali-cc {line}");
        assert_eq!(plan.links(), checks, "{name}: wali-cc {line}");
    }
}

#[test]
fn what_is_compiled_gets_the_targets_features() {
    for (line, compiles) in [
        ("-c a.c", true),
        ("-E a.c", true),
        ("-c a.s", true),
        ("a.h", true),
        ("-x c -E -", true),
        ("-c -x none a.c", true),
        ("a.o -o a", false),
        ("--version", false),
        ("-dumpmachine", false),
    ] {
        let args = plan(line).args;
        let has = |flag: &str| args.iter().any(|arg| arg == flag);
        assert_eq!(has("-matomics"), compiles, "wali-cc {line}");
        assert!(
            has("--target=wasm32-unknown-linux-muslwali"),
            "wali-cc {line}"
        );
    }
}

#[test]
fn arguments_are_kept_dropped_or_changed() {
    let cases = [
        // What every build system passes goes through untouched and in order.
        (
            "-O2 -g -Wall -std=gnu99 -DX=1 -I. -c a.c -o a.o",
            "-O2 -g -Wall -std=gnu99 -DX=1 -I. -c a.c -o a.o",
        ),
        (
            "a.o -lfoo b.o -L/l -lbar -pthread",
            "a.o -lfoo b.o -L/l -lbar -pthread",
        ),
        ("-static a.o", "-static a.o"),
        (
            "-Wl,--whole-archive x.a -Wl,--no-whole-archive",
            "-Wl,--whole-archive x.a -Wl,--no-whole-archive",
        ),
        // Operands belong to their options.
        ("-o -shared -c a.c", "-o -shared -c a.c"),
        ("-MT -fPIC -c a.c", "-MT -fPIC -c a.c"),
        ("-Xclang -fPIC -c a.c", "-Xclang -fPIC -c a.c"),
        // The target.
        ("--target=wasm32-unknown-linux-muslwali -c a.c", "-c a.c"),
        ("-target wasm32-linux-muslwali -c a.c", "-c a.c"),
        ("-m64 -march=native -mtune=generic -c a.c", "-c a.c"),
        ("-mcpu=native -c a.c", "-c a.c"),
        ("-mcpu=mvp -msse2 -c a.c", "-mcpu=mvp -msse2 -c a.c"),
        ("-mno-sse2 -mno-red-zone -mcmodel=kernel -c a.c", "-c a.c"),
        // Hardening.
        (
            "-fcf-protection=full -fstack-clash-protection -fstack-protector-strong -c a.c",
            "-fstack-protector-strong -c a.c",
        ),
        (
            "-mbranch-protection=standard -fzero-call-used-regs=used-gpr -c a.c",
            "-c a.c",
        ),
        // Position independence and dynamic linking.
        (
            "-fPIC -fpie -fno-plt -fvisibility=hidden -c a.c",
            "-fvisibility=hidden -c a.c",
        ),
        ("-pie -no-pie -static-libgcc a.o", "a.o"),
        ("-static-pie a.o", "-static a.o"),
        ("-rdynamic a.o", "-Wl,--export-dynamic a.o"),
        ("-c -shared -rdynamic a.c", "-c a.c"),
        ("-Wl,-rpath,/x -Wl,-rpath -Wl,--gc-sections a.o", "a.o"),
        ("-Xlinker -rpath -Xlinker /x a.o", "a.o"),
        ("-Wl,-rpath=/x,-E a.o", "-Wl,-E a.o"),
        (
            "-Wl,-soname,x a.o -Wl,-hx -Wl,-h,x",
            "-Wl,-soname -Wl,x a.o",
        ),
        (
            "-Wl,--as-needed,-O1,-z,relro,-znow a.o -z noexecstack",
            "-Wl,-O1 a.o",
        ),
        ("-z stack-size=65536 a.o", "-Wl,-z -Wl,stack-size=65536 a.o"),
        ("-Wl,-z,muldefs a.o", "-Wl,--allow-multiple-definition a.o"),
        (
            "-Wl,--version-script=a.map -Wl,--version-script,a.map a.o",
            "a.o",
        ),
        (
            "-Wl,--dynamic-linker=/l -Wl,-dynamic-linker,/l -Wl,-I/l a.o",
            "a.o",
        ),
        // Archives and layout.
        ("-Wl,--start-group a.a b.a -Wl,--end-group", "a.a b.a"),
        ("-Wl,-( a.a -Wl,-)", "a.a"),
        ("-Wl,-Map=a.map,--cref a.o", "-Wl,-Map=a.map a.o"),
        ("-Wl,-Map a.o -Wl,a.map", "-Wl,-Map -Wl,a.map a.o"),
        ("-Wl,-melf_x86_64 -Wl,-m,elf_i386 a.o", "a.o"),
        (
            "-Wl,--no-build-id -Wl,--build-id=sha1 a.o",
            "-Wl,--build-id=none -Wl,--build-id=sha1 a.o",
        ),
        (
            "-Wl,-export-dynamic -Wl,-fatal-warnings a.o",
            "-Wl,-export-dynamic -Wl,-fatal-warnings a.o",
        ),
        // An argument that nobody knows is wasm-ld's to judge.
        ("-Wl,--frobnicate a.o", "-Wl,--frobnicate a.o"),
        ("-Xlinker a,b a.o", "-Xlinker a,b a.o"),
        // Other toolchains' libraries and ways.
        ("a.o -lgcc -lgcc_s -latomic -lm", "a.o -lm"),
        ("a.o -l gcc_eh -l m", "a.o -l m"),
        ("-fuse-ld=gold a.o", "a.o"),
        ("-fuse-ld=lld a.o", "-fuse-ld=lld a.o"),
        ("-flto=8 -ffat-lto-objects -c a.c", "-flto -c a.c"),
        ("-flto=thin -c a.c", "-flto=thin -c a.c"),
        (
            "-specs=/usr/share/x.specs -frecord-gcc-switches -c a.c",
            "-c a.c",
        ),
        ("-print-prog-name=ld", "-print-prog-name=wali-ld"),
        (
            "-print-libgcc-file-name",
            "-print-file-name=libclang_rt.builtins.a",
        ),
        (
            "-fsanitize=undefined -fsanitize-trap=undefined -c a.c",
            "-fsanitize=undefined -fsanitize-trap=undefined -c a.c",
        ),
        // Our own options never reach clang.
        (
            "--wali-explain --wali-no-probes --wali-allow-import=m::f --sysroot=/x a.o",
            "a.o",
        ),
        ("--sysroot /x a.o", "a.o"),
        ("a.c -- -b.c c.c", "a.c ./-b.c c.c"),
    ];
    for (line, expected) in cases {
        let plan = plan(line);
        let (found, expected) = (users(&plan), expected.to_owned());
        assert_eq!(found, expected, "wali-cc {line}");
        assert_eq!(plan.refusals, [], "wali-cc {line}");
    }
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    for line in [
        "-shared a.o -o liba.so",
        "-Wl,-shared a.o",
        "-dynamiclib a.o",
        "-fsanitize=address -c a.c",
        "-fsanitize=undefined a.c",
        "-fprofile-generate -c a.c",
        "-pg a.c",
        "-T script.ld a.o",
        "-Wl,-T,script.ld a.o",
        "-Wl,-Tscript.ld a.o",
        "-Wl,--defsym=a=b a.o",
        "-Wl,-b,binary a.o",
        "--target=x86_64-linux-gnu -c a.c",
        "-target aarch64-linux-gnu -c a.c",
    ] {
        let plan = plan(line);
        assert_eq!(plan.refusals.len(), 1, "wali-cc {line}");
        assert!(!plan.links(), "wali-cc {line}");
    }
}

#[test]
fn several_refusals_are_all_told() {
    assert_eq!(
        plan("-shared -fsanitize=address -Wl,-T,x a.c")
            .refusals
            .len(),
        3
    );
}

#[test]
fn libraries_follow_the_inputs_unless_left_out() {
    for (line, tail) in [
        (
            "a.c -lm",
            "-lm -nodefaultlibs -lwali-simd -lc -lclang_rt.builtins",
        ),
        (
            "a.c -mno-simd128",
            "-mno-simd128 -nodefaultlibs -lc -lclang_rt.builtins",
        ),
        ("a.c -nolibc", "a.c -nodefaultlibs -lclang_rt.builtins"),
        ("a.c -nostdlib", "a.c -nostdlib"),
        ("a.c -nodefaultlibs", "a.c -nodefaultlibs"),
        (
            "a.c -nostartfiles",
            "-nostartfiles -nodefaultlibs -lwali-simd -lc -lclang_rt.builtins",
        ),
        ("-c a.c", "-c a.c"),
    ] {
        let args = plan(line).args;
        let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
        let args = args.join(" ");
        assert!(args.ends_with(tail), "wali-cc {line}: {args}");
    }
}

#[test]
fn the_start_routine_is_the_one_asked_for() {
    let function = |name: &str| Entry::Function(name.to_owned());
    for (line, entry) in [
        ("a.c", function("_start")),
        ("a.c -nostartfiles", function("_start")),
        ("a.c -nostartfiles -Wl,--no-entry", Entry::None),
        ("a.c -Wl,--entry=go", function("go")),
        ("a.c -Wl,--entry -Wl,go", function("go")),
        ("a.c -Wl,-e,go", function("go")),
        ("a.c -e go", function("go")),
        ("a.c -mexec-model=reactor", function("_initialize")),
    ] {
        let link = plan(line)
            .link
            .unwrap_or_else(|| panic!("wali-cc {line} links"));
        assert_eq!(link.entry, entry, "wali-cc {line}");
    }
}

#[test]
fn the_check_knows_output_and_inputs() {
    let link = plan("a.c b.o -la -l b -Lx -L y c.a -oout")
        .link
        .expect("it links");
    assert_eq!(link.output.to_str(), Some("out"));
    assert_eq!(link.objects, ["b.o", "c.a"].map(std::path::PathBuf::from));
    assert_eq!(link.sources, ["a.c"].map(std::path::PathBuf::from));
    assert_eq!(link.libraries, ["a", "b"].map(OsString::from));
    let folders = ["x", "y", "/sysroot/lib/wasm32-linux-muslwali"];
    assert_eq!(link.library_folders, folders.map(std::path::PathBuf::from));
    let link = plan("a.c").link.expect("it links");
    assert_eq!(link.output.to_str(), Some("a.out"));
}

#[test]
fn compatible_modules_get_no_newer_features() {
    let line = |line| {
        let words: Vec<_> = plan(line)
            .args
            .iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect();
        words.join(" ")
    };
    let (usual, compat) = (line("a.c"), line("--wali-compat a.c"));
    for flag in ["-msimd128", "-wasm-use-legacy-eh=false"] {
        assert!(usual.contains(flag), "{usual}");
        assert!(!compat.contains(flag), "{compat}");
    }
    assert!(compat.contains("-wasm-enable-sjlj"), "{compat}");
}

#[test]
fn without_exceptions_setjmp_is_not_lowered() {
    let plan = plan("-mno-exception-handling -c a.c");
    assert!(!plan.args.iter().any(|arg| arg == "-wasm-enable-sjlj"));
}

#[test]
fn the_compiler_proper_is_called_untouched() {
    let plan = plan("-cc1 -triple x86_64 -shared a.c");
    assert_eq!(plan.args.len(), 5);
    assert!(plan.changes.is_empty() && plan.refusals.is_empty());
}

#[test]
fn cxx_without_its_library_is_refused_but_answers_questions() {
    let facts = Facts {
        driver: Driver::Cxx,
        ..facts()
    };
    let plan = |line: &str| Plan::from_args(line.split(' ').map(OsString::from), &facts);
    assert_eq!(plan("a.cc").refusals.len(), 1);
    assert_eq!(plan("--version").refusals, []);
}

#[test]
fn arguments_that_are_not_utf8_reach_clang_byte_for_byte() {
    use std::os::unix::ffi::OsStringExt;
    let file = OsString::from_vec(b"\xff a.c".to_vec());
    let define = OsString::from_vec(b"-DX=\x80".to_vec());
    let plan = Plan::from_args(["-c".into(), file.clone(), define.clone()], &facts());
    assert!(plan.args.contains(&file) && plan.args.contains(&define));
}

#[test]
fn every_rewrite_has_a_reason_and_a_source() {
    let plan = plan("-fPIC -m64 -Wl,-rpath,x -Wl,-z,now -flto=2 a.c -lgcc");
    assert!(plan.changes.len() > 6);
    for change in &plan.changes {
        assert!(
            !change.reason.is_empty() && !change.source.is_empty(),
            "{change:?}"
        );
    }
}

#[test]
fn the_linker_alone_takes_what_elf_linkers_take() {
    let cases = [
        ("-r a.o b.o -o c.o", "-r a.o b.o -o c.o"),
        (
            "-melf_x86_64 --start-group a.a --end-group -z now -o x",
            "a.a -o x",
        ),
        ("-rpath /x --as-needed -lm", "-lm"),
    ];
    for (line, expected) in cases {
        let plan = Plan::from_linker_args(line.split(' ').map(OsString::from));
        let words: Vec<_> = plan
            .args
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        assert_eq!(
            words.join(" "),
            format!("-m wasm32 {expected}"),
            "wali-ld {line}"
        );
        assert!(!plan.linker_version);
    }
    for line in ["-v", "--version", "--version -o x"] {
        let plan = Plan::from_linker_args(line.split(' ').map(OsString::from));
        assert!(plan.linker_version, "wali-ld {line}");
    }
    assert_eq!(Plan::from_linker_args(["-shared".into()]).refusals.len(), 1);
}

#[test]
fn a_question_for_the_linkers_version_is_told_from_a_link() {
    for (line, asks) in [
        ("-Wl,--version", true),
        ("-O2 -Wl,--version", true),
        ("-Wl,-v a.o", false),
        ("-Wl,--version-script=x a.o", false),
        ("--version", false),
    ] {
        assert_eq!(plan(line).linker_version, asks, "wali-cc {line}");
    }
}
