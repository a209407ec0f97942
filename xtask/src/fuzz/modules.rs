//! `cargo xtask fuzz modules`: modules that were changed at random must compile or be refused.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::options::Options;
use super::random::Random;
use crate::bounded::{End, Outcome, Program};
use crate::cx::Cx;
use crate::files;
use crate::harness::sandbox;

/// How long one module may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Tries modules until the time is over and returns the number of problems.
///
/// # Errors
/// When there is nothing to start from or the engine cannot run.
pub(super) fn run(cx: &Cx, options: &Options) -> Result<usize> {
    let originals = originals(cx)?;
    let kept = cx.out("fuzz/modules");
    cx.make_folder(&kept)?;
    let folder = sandbox::folder()?;
    let file = folder.path().join("module.wasm");
    let (deadline, mut n, mut n_accepted, mut n_problems) = (options.deadline(), 0, 0, 0);
    while Instant::now() < deadline {
        let module = mutated(&originals, &mut Random::new(options.seed, n));
        std::fs::write(&file, &module).with_context(|| format!("writing {}", file.display()))?;
        let outcome = Program {
            limit: LIMIT,
            ..Program::new(cx.out("bin/wali-engine"), &sandbox::environment(cx))
        };
        let out = folder.path().join("module.cwasm");
        let outcome = outcome.arg("compile").arg(&file).arg("-o").arg(&out);
        let outcome = outcome.run(folder.path())?;
        n_accepted += usize::from(outcome.end == End::Status(0));
        if let Some(why) = problem(&outcome) {
            n_problems += 1;
            let copy = kept.join(format!("{}-{n}.wasm", options.seed));
            std::fs::write(&copy, &module)
                .with_context(|| format!("writing {}", copy.display()))?;
            cx.say(format!("{}: {why}", copy.display()));
        }
        n += 1;
    }
    cx.say(format!(
        "{n} modules from seed {}, {n_accepted} of them valid: {n_problems} problems",
        options.seed
    ));
    Ok(n_problems)
}

/// Modules to start from: those of the engine's own tests and the built examples.
fn originals(cx: &Cx) -> Result<Vec<Vec<u8>>> {
    let mut modules = Vec::new();
    let source = cx.root().join("examples/print.c");
    let built = cx.out("fuzz/print.wasm");
    cx.make_folder(&cx.out("fuzz"))?;
    let cmd = cx.cmd(cx.out("bin/wali-cc"), "fuzz").quiet().arg("-O1");
    cmd.arg("-o").arg(&built).arg(&source).run()?;
    let mut paths: Vec<PathBuf> = vec![built];
    paths.extend(files::tests(&cx.root().join("tests/wali-cc/data"), "wasm")?);
    for path in paths {
        let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        if bytes.len() > 8 {
            modules.push(bytes);
        }
    }
    modules.push(small_module());
    Ok(modules)
}

/// A module with a section of nearly every kind: types, an import, functions, a table, a memory, a
/// global, exports, elements, code, data.
fn small_module() -> Vec<u8> {
    let sections: &[(u8, &[u8])] = &[
        (1, &[2, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
        (2, b"\x01\x04wali\x0aSYS_getpid\x00\x02"),
        (3, &[1, 0]),
        (4, &[1, 0x70, 0, 4]),
        (5, &[1, 1, 2, 16]),
        (6, &[1, 0x7f, 1, 0x41, 0, 0x0b]),
        (7, b"\x02\x06_start\x00\x01\x06memory\x02\x00"),
        (9, &[1, 0, 0x41, 1, 0x0b, 1, 1]),
        (10, &[1, 6, 0, 0x03, 0x40, 0x0b, 0x01, 0x0b]),
        (11, b"\x01\x00\x41\x10\x0b\x02hi"),
    ];
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    for (id, body) in sections {
        // Type 2, of the import, has to be there too.
        let body = match id {
            1 => [&[3], &body[1..], &[0x60, 0, 1, 0x7e]].concat(),
            _ => body.to_vec(),
        };
        module.push(*id);
        module.push(body.len() as u8);
        module.extend(body);
    }
    module
}

/// A module with a few changes.
fn mutated(originals: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut module = originals[random.below(originals.len())].clone();
    for _ in 0..=random.below(4) {
        mutate(
            &mut module,
            &originals[random.below(originals.len())],
            random,
        );
    }
    module
}

fn mutate(module: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    const TELLING: [u8; 12] = [
        0, 1, 2, 0x0b, 0x40, 0x60, 0x7b, 0x7f, 0x80, 0xfc, 0xfe, 0xff,
    ];
    if module.is_empty() {
        return;
    }
    let at = random.below(module.len());
    let len = random.below(16).min(module.len() - at);
    match random.below(7) {
        0 => module[at] ^= 1 << random.below(8),
        1 => module[at] = TELLING[random.below(TELLING.len())],
        2 => module.truncate(at),
        3 => drop(module.drain(at..at + len)),
        4 => {
            let piece = module[at..at + len].to_vec();
            let to = random.below(module.len());
            module.splice(to..to, piece);
        }
        5 => {
            let from = random.below(other.len());
            let piece = &other[from..(from + 1 + random.below(64)).min(other.len())];
            module.splice(at..at + len, piece.iter().copied());
        }
        _ => {
            // A large number where a small one may be: all LEB128 that fit into 32 bits.
            let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
            module.splice(at..at + len.min(1), huge);
        }
    }
}

/// What is wrong with how the engine took a module.
fn problem(outcome: &Outcome) -> Option<String> {
    let said = String::from_utf8_lossy(&outcome.stderr);
    let why = match outcome.end {
        _ if said.contains("panicked at") => "a panic",
        End::Signal(_) => "a fault",
        End::TimedOut(_) => "a hang",
        End::Status(0) => return None,
        End::Status(_) if said.starts_with("wali-engine: ") => return None,
        End::Status(_) => "no message",
    };
    Some(format!(
        "{why}, ended with {}\n{}",
        outcome.end,
        said.trim_end()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_module_and_changes_are_made() {
        let originals = [small_module()];
        let of = |n| mutated(&originals, &mut Random::new(3, n));
        assert_eq!(of(5), of(5));
        let n_changed = (0..50).filter(|&n| of(n) != originals[0]).count();
        assert!(n_changed > 40, "{n_changed}");
    }

    #[test]
    fn a_refusal_with_a_message_is_no_problem() {
        let outcome = |end, stderr: &str| Outcome {
            end,
            stdout: Vec::new(),
            stderr: stderr.into(),
        };
        let refused = "wali-engine: error: module.wasm is no module\n";
        assert_eq!(problem(&outcome(End::Status(1), refused)), None);
        assert_eq!(problem(&outcome(End::Status(0), "")), None);
        for (end, said) in [
            (End::Status(1), ""),
            (End::Status(101), "thread 'main' panicked at x"),
            (End::Signal(11), refused),
            (End::TimedOut(LIMIT), refused),
        ] {
            assert!(problem(&outcome(end, said)).is_some(), "{end:?}");
        }
    }
}
