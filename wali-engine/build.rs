//! Writes the engine's import table from the interface's description.
//!
//! A call served by hand is called where it is defined: a function of its name, directly in a file
//! of `src/sys` (or a folder in it). No such function, or two of them, stops the build.
//!
//! It also tells the engine the revision of what makes code: compiled programs of another one do not
//! fit.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use wali_abi::{ArgType, Dir, Import, Isa, Len, SYSCALLS, Serve, Syscall, Target, ValType, ViaArg};

/// What decides how a module becomes code, besides the compiler and the interface.
const CODE_MAKERS: [&str; 3] = ["src/loader", "src/engine.rs", "src/memory_calls.rs"];

/// Where the versions of the compiler's crates stand.
const LOCK_FILE: &str = "../Cargo.lock";

fn main() {
    let sys = Path::new("src/sys");
    println!("cargo::rerun-if-changed=src/sys");
    println!("cargo::rerun-if-changed=build.rs");
    for path in CODE_MAKERS {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rerun-if-changed={LOCK_FILE}");
    let revision = revision().unwrap_or_else(|e| fail(&format!("the code's revision: {e}")));
    println!("cargo::rustc-env=WALI_CODE_REVISION={revision}");
    if let Err(problem) = link_statically() {
        println!(
            "cargo::warning=wali-engine starts half a millisecond later than it could: {problem}"
        );
    }
    let functions = functions(sys).unwrap_or_else(|problem| fail(&problem));
    let table = table(&functions).unwrap_or_else(|problems| fail(&problems));
    let out = out_dir();
    std::fs::write(out.join("syscalls.rs"), table)
        .unwrap_or_else(|e| fail(&format!("syscalls.rs: {e}")));
}

fn out_dir() -> PathBuf {
    PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"))
}

/// Links the command with the host's C library in it: a dynamic linker takes longer to start than
/// most programs take to run. It stays one that is loaded at random addresses.
///
/// rustc names the libraries for dynamic linking, so linker scripts of these names stand in for them.
fn link_statically() -> Result<(), String> {
    const STAND_INS: [(&str, &[&str]); 3] = [
        ("libgcc_s.so", &["libgcc_eh.a", "libgcc.a", "libc.a"]),
        ("libc.so", &["libc.a", "libgcc_eh.a", "libgcc.a"]),
        ("libm.so", &["libm.a"]),
    ];
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() != Ok("gnu") {
        return Ok(());
    }
    let folder = out_dir().join("static");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (name, archives) in STAND_INS {
        let paths: Vec<String> = archives
            .iter()
            .map(|archive| find_archive(archive))
            .collect::<Result<_, _>>()?;
        let script = format!("GROUP ( {} )\n", paths.join(" "));
        let path = folder.join(name);
        std::fs::write(&path, script).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    println!("cargo::rustc-link-arg-bins=-static-pie");
    Ok(())
}

/// The path of a static library of the compiler that links for the target.
fn find_archive(name: &str) -> Result<String, String> {
    let compiler = std::env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let output = std::process::Command::new(&compiler)
        .arg(format!("-print-file-name={name}"))
        .output()
        .map_err(|e| format!("{compiler}: {e}"))?;
    let path = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // The compiler answers with the bare name when it has no such file.
    if Path::new(&path).is_absolute() {
        Ok(path)
    } else {
        Err(format!(
            "{compiler} has no {name}; install the C library's static files"
        ))
    }
}

fn fail(problems: &str) -> ! {
    for line in problems.lines() {
        println!("cargo::error={line}");
    }
    std::process::exit(1)
}

/// A number that changes with everything that decides how a module becomes code.
fn revision() -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in CODE_MAKERS {
        add_sources(Path::new(path), &mut hasher)?;
    }
    let lock = std::fs::read_to_string(LOCK_FILE)?;
    for package in lock.split("[[package]]") {
        let compiles = [
            "wasmtime",
            "cranelift",
            "pulley",
            "regalloc2",
            "wasm-encoder",
        ]
        .iter()
        .any(|name| {
            package
                .trim_start()
                .starts_with(&format!("name = \"{name}"))
        });
        if compiles {
            package.hash(&mut hasher);
        }
    }
    for (name, import) in wali_abi::imports() {
        (name, import.signature()).hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// Adds the Rust files at `path`, in the order of their names.
fn add_sources(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_file() {
        std::fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    entries
        .iter()
        .try_for_each(|entry| add_sources(entry, hasher))
}

/// The functions that serve calls, by name, with the paths they are called by.
fn functions(sys: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let entries = std::fs::read_dir(sys).map_err(|e| format!("{}: {e}", sys.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| format!("{}: {e}", sys.display()))?.path();
        let Some(module) = path.file_stem().and_then(|stem| stem.to_str()) else {
            continue;
        };
        let file = if path.is_dir() {
            path.join("mod.rs")
        } else {
            path.clone()
        };
        if module == "mod" || file.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("pub(super) fn ")
                && let Some((name, _)) = rest.split_once('(')
            {
                let function = format!("super::{module}::{name}");
                found.entry(name.to_owned()).or_default().push(function);
            }
        }
    }
    Ok(found)
}

/// The table's Rust source, or what is wrong, a line each.
fn table(functions: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let mut problems = Vec::new();
    let mut out = String::from("&[\n");
    for (import, what) in wali_abi::imports() {
        let Import::Syscall(call) = what else {
            continue;
        };
        match body(call, functions) {
            Ok(body) => {
                let _ = writeln!(out, "    ({import:?}, |imports| imports.add({body})),");
            }
            Err(problem) => problems.push(problem),
        }
    }
    out.push_str("]\n");
    if problems.is_empty() {
        Ok(out)
    } else {
        Err(problems.join("\n"))
    }
}

/// The closure that serves `call`.
fn body(call: &Syscall, functions: &BTreeMap<String, Vec<String>>) -> Result<String, String> {
    let params: String = (call.params.iter().enumerate())
        .map(|(i, val)| match val {
            ValType::I32 => format!(", a{i}: i32"),
            ValType::I64 => format!(", a{i}: i64"),
        })
        .collect();
    let head = format!("|mut cx: Cx<'_>{params}|");
    let name = call.name;
    let index = (SYSCALLS.iter().position(|listed| listed.name == name))
        .ok_or_else(|| format!("{name} is not in the table of calls"))?;
    let values: Vec<String> = (call.params.iter().enumerate())
        .map(|(i, val)| match val {
            ValType::I32 => format!("i64::from(a{i})"),
            ValType::I64 => format!("a{i}"),
        })
        .collect();
    let head = format!("{head} answer(&mut cx, {index}, &[{}],", values.join(", "));
    match call.serve {
        Serve::Refused(errno) => Ok(format!("{head} |_| refused({}))", errno.number)),
        Serve::Hand => {
            let function = match functions.get(name).map(Vec::as_slice) {
                Some([function]) => function,
                None | Some([]) => {
                    return Err(format!(
                        "src/sys has no function `pub(super) fn {name}(cx: &mut Cx<'_>, …)`; \
                         the spec says it is served by hand"
                    ));
                }
                Some(several) => return Err(format!("{name} is served by {several:?}")),
            };
            let args: String = (0..call.params.len())
                .map(|i| format!(", FromWasm::from_wasm(a{i})"))
                .collect();
            Ok(format!("{head} |cx| {function}(cx{args}))"))
        }
        Serve::Direct => {
            let found = Isa::ALL.map(|isa| direct(call, isa, functions));
            let [x86_64, aarch64, riscv64] = found;
            let bodies = [x86_64?, aarch64?, riscv64?];
            Ok(format!("{head} |cx| {})", bodies[target() as usize]))
        }
    }
}

/// The expression that makes the kernel of `isa` answer a call: by its number there, through its
/// newer relative, or by a function written by hand.
fn direct(
    call: &Syscall,
    isa: Isa,
    functions: &BTreeMap<String, Vec<String>>,
) -> Result<String, String> {
    let own: Vec<ViaArg> = (0..call.args.len()).map(ViaArg::Arg).collect();
    if let Some(number) = call.number(isa) {
        return kernel_call(call, isa, number, &own);
    }
    if let Some(via) = call.via {
        let number =
            (wali_abi::syscall(via.call).and_then(|newer| newer.number(isa))).ok_or_else(|| {
                format!(
                    "{} is to be served by {}, which is none",
                    call.name, via.call
                )
            })?;
        return kernel_call(call, isa, number, via.args);
    }
    match functions.get(call.name).map(Vec::as_slice) {
        Some([function]) => {
            let args: String = (0..call.params.len())
                .map(|i| format!(", FromWasm::from_wasm(a{i})"))
                .collect();
            Ok(format!("{function}(cx{args})"))
        }
        _ => Err(format!(
            "{isa:?} has no {}, and neither does the spec say which call answers in its place nor \
             has src/sys one function `pub(super) fn {}`",
            call.name, call.name
        )),
    }
}

/// The expression that makes the kernel's call `number` with these arguments of `call`. A structure
/// that `isa` lays out differently is translated.
fn kernel_call(call: &Syscall, isa: Isa, number: u32, args: &[ViaArg]) -> Result<String, String> {
    let words: Vec<String> = (args.iter())
        .map(|arg| match arg {
            ViaArg::Number(number) => format!("Word::from({number}_i32)"),
            ViaArg::Arg(index) => word(*index, &call.args[*index].ty),
        })
        .collect();
    let words = words.join(", ");
    let place_of = |index: usize| args.iter().position(|arg| *arg == ViaArg::Arg(index));
    let mut foreign = args.iter().enumerate().filter_map(|(place, arg)| {
        let ViaArg::Arg(index) = arg else { return None };
        match call.args[*index].ty {
            ArgType::Pointer {
                dir,
                target: Target::Struct(tag, len),
                ..
            } if wali_abi::isa::structure(isa, tag).is_some() => {
                let at = format!("GuestAddr(a{index}.cast_unsigned())");
                let place = format!("Place {{ word: {place}, tag: {tag:?}, at: {at} }}");
                Some((place, dir, len))
            }
            _ => None,
        }
    });
    let (first, second) = (foreign.next(), foreign.next());
    match (first, second) {
        (None, _) => Ok(format!("kernel(cx, {number}, &[{words}])")),
        (Some((place, Dir::In, Len::Fixed(1))), None) => {
            Ok(format!("kernel_reading(cx, {number}, &[{words}], {place})"))
        }
        (Some((place, Dir::Out, Len::Fixed(1))), None) => {
            Ok(format!("kernel_filling(cx, {number}, &[{words}], {place})"))
        }
        (Some((place, Dir::Out, Len::Arg(index))), None) if place_of(index).is_some() => {
            let count = place_of(index).unwrap_or_default();
            Ok(format!(
                "kernel_filling_many(cx, {number}, &[{words}], {place}, {count})"
            ))
        }
        _ => Err(format!(
            "{}: its structures differ on {isa:?} in a way that nothing here translates",
            call.name
        )),
    }
}

/// The expression of an argument's word for the kernel.
fn word(index: usize, ty: &ArgType) -> String {
    match ty {
        ArgType::Scalar(scalar) if scalar.name == "open_flags" => format!("open_flags(a{index})"),
        ArgType::Scalar(scalar) if scalar.val == ValType::I32 && !scalar.signed => {
            format!("Word::from(a{index}.cast_unsigned())")
        }
        ArgType::Scalar(_) => format!("Word::from(a{index})"),
        ArgType::Pointer { .. } | ArgType::Address | ArgType::Function => {
            format!("pointer(cx, a{index})")
        }
    }
}

/// The instruction set that the engine is compiled for.
fn target() -> Isa {
    match std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("x86_64") => Isa::X86_64,
        Ok("aarch64") => Isa::Aarch64,
        Ok("riscv64") => Isa::Riscv64,
        other => fail(&format!(
            "no system call numbers for {other:?}; known: x86_64, aarch64, riscv64"
        )),
    }
}
