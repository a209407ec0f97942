//! The stubs of the direct calls (`src/signals/direct`): a few instructions for each call that goes to
//! the kernel as it is, which put its arguments where the kernel expects them.

use std::fmt::Write as _;

use wali_abi::{ArgType, Follow, Import, Isa, Serve, Syscall, Target, ValType};

/// Where compiled code puts a function's parameters, behind its two contexts in `rdi` and `rsi`:
/// 64 bits of each, 32 bits of each, and the size of an operand that does not tell it.
const PARAMS: [(&str, &str, &str); 6] = [
    ("rdx", "edx", ""),
    ("rcx", "ecx", ""),
    ("r8", "r8d", ""),
    ("r9", "r9d", ""),
    ("[rsp + 8]", "[rsp + 8]", "dword ptr "),
    ("[rsp + 16]", "[rsp + 16]", "dword ptr "),
];

/// Where the kernel expects a call's arguments.
const ARGS: [(&str, &str); 6] = [
    ("rdi", "edi"),
    ("rsi", "esi"),
    ("rdx", "edx"),
    ("r10", "r10d"),
    ("r8", "r8d"),
    ("r9", "r9d"),
];

/// How many parameters are in registers.
const N_REGISTERS: usize = 4;

/// The calls whose stubs are written by hand: one that seldom makes a system call, and one whose
/// arguments depend on each other.
const BY_HAND: [&str; 2] = ["clock_gettime", "futex"];

/// What `src/signals/direct` includes: the names of the imports that have stubs, sorted, and the stubs
/// in assembly language, whose order is the same.
pub(crate) struct Stubs {
    pub(crate) names: String,
    pub(crate) code: String,
}

/// The stubs for `isa`: none where compiled code passes arguments in another way than described here.
pub(crate) fn stubs(isa: Isa) -> Stubs {
    let mut names = Vec::new();
    let mut code = String::new();
    let mut offsets = String::from("wali_direct_offsets:\n");
    for (import, what) in wali_abi::imports() {
        let (Import::Syscall(call), Isa::X86_64) = (what, isa) else {
            continue;
        };
        let index = names.len();
        let number = call
            .number(isa)
            .filter(|_| matches!(call.serve, Serve::Direct))
            .filter(|_| !call.args.iter().any(|arg| may_lead_elsewhere(&arg.ty)));
        let symbol = match number {
            Some(number) => {
                stub(&mut code, call, number, index);
                format!("wali_direct_{index}")
            }
            None if BY_HAND.contains(&call.name) => {
                let symbol = format!("wali_direct_{}", call.name);
                let _ = writeln!(code, ".set {symbol}_slow, 8 * {index}");
                symbol
            }
            None => continue,
        };
        let _ = writeln!(offsets, "    .long {symbol} - wali_direct_begin");
        names.push(import);
    }
    Stubs {
        names: format!("{names:?}"),
        code: format!("{code}.pushsection .rodata\n.p2align 2\n{offsets}.popsection\n"),
    }
}

/// Adds the stub for `call`, the kernel's number `number`; the table of slow ways has its own at
/// `index`.
fn stub(out: &mut String, call: &Syscall, number: u32, index: usize) {
    let _ = writeln!(out, ".p2align 4\nwali_direct_{index}:");
    // What the slow way gets, should it be taken.
    for (place, register) in ["rdi", "rsi"].into_iter().enumerate() {
        save(out, place, register);
    }
    for (place, (param, _, _)) in PARAMS
        .iter()
        .enumerate()
        .take(call.params.len().min(N_REGISTERS))
    {
        save(out, 2 + place, param);
    }
    if call.args.iter().any(|arg| is_address(&arg.ty)) {
        let _ = writeln!(out, "    mov r11, [rip + {{base}}]");
    }
    for ((arg, param), target) in call.args.iter().zip(PARAMS).zip(ARGS) {
        argument(out, &arg.ty, param, target);
    }
    let _ = writeln!(out, "    lea r11, [rip + {{slow}} + 8 * {index}]");
    let _ = writeln!(out, "    mov [rsp - 56], r11");
    let _ = writeln!(out, "    mov eax, {number}");
    let tail = if call.params.len() > N_REGISTERS {
        "wali_direct_call_popping"
    } else {
        "wali_direct_call"
    };
    let _ = writeln!(out, "    jmp {tail}");
}

fn save(out: &mut String, place: usize, register: &str) {
    let _ = writeln!(out, "    mov [rsp - {}], {register}", 8 * (place + 1));
}

/// Whether it is a path that may lead to something of the engine's, and takes a step on the way.
fn may_lead_elsewhere(ty: &ArgType) -> bool {
    let ArgType::Pointer {
        target: Target::Path(follow),
        ..
    } = ty
    else {
        return false;
    };
    *follow != Follow::Never
}

fn is_address(ty: &ArgType) -> bool {
    matches!(
        ty,
        ArgType::Pointer { .. } | ArgType::Address | ArgType::Function
    )
}

/// Adds what moves one argument. The upper half of a register that holds 32 bits is not known.
fn argument(
    out: &mut String,
    ty: &ArgType,
    (whole, half, size): (&str, &str, &str),
    (target, target_half): (&str, &str),
) {
    let _ = match ty {
        ArgType::Scalar(scalar) if scalar.val == ValType::I64 => {
            writeln!(out, "    mov {target}, {whole}")
        }
        ArgType::Scalar(scalar) if scalar.signed => {
            writeln!(out, "    movsxd {target}, {size}{half}")
        }
        ArgType::Scalar(_) => writeln!(out, "    mov {target_half}, {size}{half}"),
        // Null stays null.
        ArgType::Pointer { .. } | ArgType::Address | ArgType::Function => write!(
            out,
            "    mov {target_half}, {size}{half}\n    \
             lea rax, [{target} + r11]\n    \
             test {target_half}, {target_half}\n    \
             cmovnz {target}, rax\n"
        ),
    };
}
