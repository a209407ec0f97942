//! `wali-cc`, `wali-c++`, `wali-ld`, and LLVM's binary tools as `wali-ar` and the like, by the name the
//! program is called with.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use wali_cc::check::Rules;
use wali_cc::command::after;
use wali_cc::link::Entry;
use wali_cc::plan::{Driver, Facts, Plan};
use wali_cc::{config, explain, locate, run};

/// What `--wali-help` prints.
const HELP: &str = "\
wali-cc compiles and links C programs to WALI modules. It takes clang's command line, and besides

  --wali-explain              prints each argument it adds, drops or changes, and why
  --wali-compat               makes modules that other WALI engines take
  --wali-run-line             makes modules that the kernel starts with this engine, like programs
  --wali-allow-import=M::N    lets the module import N from M, which the embedder has
  --wali-all-probes           lets handlers of faults jump to every function that calls setjmp, not
                              only to those that call sigsetjmp or are in a file with handlers
  --wali-no-probes            lets them jump to none in which the fault itself is
  --sysroot=DIR               takes headers and libraries from DIR
  --wali-check FILE...        checks finished modules; --no-entry: they need no start routine
  --wali-help                 prints this

Environment: WALI_SYSROOT names the sysroot, WALI_LLVM the folder of LLVM.
";

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    let name = args.next().unwrap_or_default();
    let name = Path::new(&name)
        .file_name()
        .unwrap_or(OsStr::new("wali-cc"))
        .to_string_lossy();
    let args: Vec<OsString> = args.collect();
    let tool = name
        .strip_prefix("wali-")
        .filter(|tool| config::TOOLS.contains(tool));
    let done = match tool {
        Some(tool) => run_tool(tool, &args),
        None if name == "wali-ld" => link(args),
        None => compile(&name, args),
    };
    match done {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{name}: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs LLVM's tool in place of this process.
fn run_tool(tool: &str, args: &[OsString]) -> anyhow::Result<u8> {
    let bin = locate::llvm(&locate::own_folder()?)?;
    let program = locate::llvm_program(&bin, &format!("llvm-{tool}"))?;
    let error = Command::new(&program).args(args).exec();
    Err(error).with_context(|| format!("starting {}", program.display()))
}

fn compile(name: &str, args: Vec<OsString>) -> anyhow::Result<u8> {
    match args.first() {
        Some(arg) if arg == "--wali-help" => {
            print!("{HELP}");
            return Ok(0);
        }
        Some(arg) if arg == "--wali-check" => return check(&args[1..]),
        _ => {}
    }
    let own_folder = locate::own_folder()?;
    let driver = if name.ends_with("++") {
        Driver::Cxx
    } else {
        Driver::C
    };
    let sysroot = locate::sysroot(&own_folder);
    let facts = Facts {
        driver,
        has_cxx_library: sysroot.join("include/c++/v1").is_dir(),
        sysroot,
        programs: own_folder.clone(),
    };
    let plan = Plan::from_args(args, &facts);
    if plan.explain {
        eprint!("{}", explain::changes(&plan.changes));
    }
    if !plan.refusals.is_empty() {
        eprint!("{}", explain::refusals(name, &plan.refusals));
        return Ok(1);
    }
    let llvm = locate::llvm(&own_folder)?;
    if plan.linker_version {
        return run::print_linker_version(&locate::llvm_program(&llvm, "wasm-ld")?);
    }
    let clang = locate::llvm_program(&llvm, "clang")?;
    if plan.explain {
        eprintln!("wali-cc: runs {}", explain::pasteable(&clang, &plan.args));
    }
    run::run(&plan, &clang)
}

/// `wali-ld`: wasm-ld, with the arguments of ELF linkers made harmless.
fn link(args: Vec<OsString>) -> anyhow::Result<u8> {
    let plan = Plan::from_linker_args(args);
    if !plan.refusals.is_empty() {
        eprint!("{}", explain::refusals("wali-ld", &plan.refusals));
        return Ok(1);
    }
    let linker = locate::llvm_program(&locate::llvm(&locate::own_folder()?)?, "wasm-ld")?;
    if plan.linker_version {
        return run::print_linker_version(&linker);
    }
    run::run(&plan, &linker)
}

/// `wali-cc --wali-check`.
fn check(args: &[OsString]) -> anyhow::Result<u8> {
    let mut entry = Entry::Function("_start".to_owned());
    let (mut allowed, mut compat, mut files) = (Vec::new(), false, Vec::new());
    for arg in args {
        if arg == "--no-entry" || arg == "-Wl,--no-entry" {
            entry = Entry::None;
        } else if arg == "--wali-compat" {
            compat = true;
        } else if let Some(import) = after(arg, "--wali-allow-import=") {
            allowed.push(import.to_string_lossy().into_owned());
        } else if after(arg, "-").is_some() {
            anyhow::bail!(
                "--wali-check knows no {}\nhelp: wali-cc --wali-help",
                arg.display()
            );
        } else {
            files.push(PathBuf::from(arg));
        }
    }
    if files.is_empty() {
        anyhow::bail!("--wali-check needs a module\nhelp: wali-cc --wali-check prog.wasm");
    }
    let rules = Rules {
        entry: &entry,
        allowed: &allowed,
        compat,
    };
    Ok(run::check_files(&files, &rules))
}
