//! Options of the compiler driver that are dropped, changed or refused.

use super::row::{Action, Match, Row, When};
use crate::config::TRIPLE;

use Action::{Drop, Link, Refuse, Replace};
use Match::{If, Is, StartsWith, ValueNot};
use When::{Always, CompilingToModule, Linking, NotTrapping, OnlyLinking};

const CLANG_REFUSES: &str = "clang 22: `unsupported option … for target`";
const CLANG_UNUSED: &str = "clang 22: `argument unused during compilation`";
const GCC_ONLY: &str = "gcc's manual; clang 22 does not know it";
const INTERFACE: &str = "the interface: one module a process, without dynamic linking";

const FOREIGN_TOOL: &str = "the tool found by that name is for the host's object files";

const fn row(
    matches: Match,
    when: When,
    action: Action,
    reason: &'static str,
    source: &'static str,
) -> Row {
    Row {
        matches,
        when,
        action,
        reason,
        source,
    }
}

/// The rows; the first that holds is taken.
pub(super) const ROWS: &[Row] = &[
    // The target.
    row(
        If(is_own_target),
        Always,
        Drop,
        "wali-cc sets the target itself",
        "toolchains/wali.toml",
    ),
    row(
        If(is_other_target),
        Always,
        Refuse("use clang itself to compile for another target"),
        "wali-cc compiles for WALI only",
        "toolchains/wali.toml",
    ),
    row(
        Is("-m64 -mx32 -m128bit-long-double -mlong-double-128"),
        Always,
        Drop,
        "the target fixes the sizes of types: 32-bit pointers, 64-bit long, 128-bit long double",
        CLANG_REFUSES,
    ),
    row(
        StartsWith("-march= -mtune= -mfloat-abi= -mfpu= -mfpmath= -mcmodel="),
        Always,
        Drop,
        "it chooses among processors of another instruction set",
        CLANG_REFUSES,
    ),
    row(
        ValueNot("-mcpu=", "mvp generic lime1 bleeding-edge"),
        Always,
        Drop,
        "it names a processor of another instruction set",
        "clang 22: `unknown target CPU`",
    ),
    row(
        StartsWith("-mno-sse -mno-avx -mno-mmx -mno-3dnow -mno-fma -mno-80387"),
        Always,
        Drop,
        "the target has no such unit to begin with",
        CLANG_REFUSES,
    ),
    row(
        StartsWith("-mno-red-zone -mtls-dialect= -mpreferred-stack-boundary= -mglobal-merge"),
        Always,
        Drop,
        "it tunes another instruction set's code",
        CLANG_UNUSED,
    ),
    // Hardening that Wasm has by construction.
    row(
        StartsWith(
            "-fcf-protection -mbranch-protection= -mindirect-branch -mfunction-return= -mretpoline -mharden-sls= -fzero-call-used-regs=",
        ),
        Always,
        Drop,
        "Wasm code cannot jump to addresses, and its return addresses are out of reach",
        CLANG_REFUSES,
    ),
    row(
        Is("-fstack-clash-protection -fno-stack-clash-protection"),
        Always,
        Drop,
        "the stack ends at an inaccessible page",
        CLANG_UNUSED,
    ),
    // Position independence and dynamic linking.
    row(
        Is("-fPIC -fpic -fPIE -fpie"),
        Always,
        Drop,
        "a module has one address space of its own; code by way of a GOT is only slower",
        INTERFACE,
    ),
    row(
        Is("-fplt -fno-plt -fsemantic-interposition -fno-semantic-interposition"),
        Always,
        Drop,
        "nothing is linked dynamically",
        CLANG_UNUSED,
    ),
    row(
        Is("-shared --shared -dynamiclib -bundle -qmkshrobj"),
        Linking,
        Refuse("link the objects into the program, or into a static library with wali-ar"),
        "a WALI module is a whole program: there are no shared libraries",
        INTERFACE,
    ),
    row(
        Is("-shared --shared -dynamiclib -bundle"),
        Always,
        Drop,
        "nothing is linked",
        CLANG_UNUSED,
    ),
    row(
        Is("-pie -no-pie -nopie -no_pie -symbolic -dynamic"),
        Always,
        Drop,
        "there is one kind of executable",
        CLANG_UNUSED,
    ),
    row(
        Is("-static-pie"),
        Always,
        Replace("-static"),
        "there is one kind of executable",
        CLANG_UNUSED,
    ),
    row(
        Is("-static-libgcc -shared-libgcc -static-libstdc++ -static-libasan"),
        Always,
        Drop,
        "libraries are static",
        CLANG_UNUSED,
    ),
    row(
        Is("-rdynamic -export-dynamic --export-dynamic"),
        Linking,
        Link("--export-dynamic"),
        "clang takes the linker's form only for this target",
        CLANG_UNUSED,
    ),
    row(
        Is("-rdynamic -export-dynamic --export-dynamic"),
        Always,
        Drop,
        "nothing is linked",
        CLANG_UNUSED,
    ),
    // The linker and its libraries.
    row(
        ValueNot("-fuse-ld=", "lld"),
        Always,
        Drop,
        "wasm-ld is the linker",
        "clang 22: `invalid linker name`",
    ),
    row(
        StartsWith("--ld-path="),
        Always,
        Drop,
        "wasm-ld is the linker",
        CLANG_UNUSED,
    ),
    row(
        Is("-fuse-linker-plugin -fno-use-linker-plugin -fno-fat-lto-objects -ffat-lto-objects"),
        Always,
        Drop,
        "wasm-ld reads bitcode without a plugin",
        GCC_ONLY,
    ),
    row(
        If(is_gcc_lto),
        Always,
        Replace("-flto"),
        "clang has no number of jobs here",
        "gcc's manual, -flto=n",
    ),
    row(
        StartsWith("-specs= --specs="),
        Always,
        Drop,
        "clang has no spec files",
        CLANG_UNUSED,
    ),
    row(
        Is("-lgcc -lgcc_s -lgcc_eh -latomic -lssp -lssp_nonshared"),
        Always,
        Drop,
        "libc and compiler-rt hold what is in gcc's libraries, and are linked anyway",
        "compiler-rt's list of builtins; musl's __stack_chk_fail",
    ),
    row(
        Is("-nolibc"),
        Always,
        Drop,
        "wali-cc leaves libc out itself",
        CLANG_UNUSED,
    ),
    row(
        Is("-print-prog-name=ld --print-prog-name=ld"),
        Always,
        Replace("-print-prog-name=wali-ld"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-prog-name=ar --print-prog-name=ar"),
        Always,
        Replace("-print-prog-name=llvm-ar"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-prog-name=ranlib --print-prog-name=ranlib"),
        Always,
        Replace("-print-prog-name=llvm-ranlib"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-prog-name=nm --print-prog-name=nm"),
        Always,
        Replace("-print-prog-name=llvm-nm"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-prog-name=strip --print-prog-name=strip"),
        Always,
        Replace("-print-prog-name=llvm-strip"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-prog-name=objdump --print-prog-name=objdump"),
        Always,
        Replace("-print-prog-name=llvm-objdump"),
        FOREIGN_TOOL,
        "libtool asks for ld, and builds shared libraries where it is GNU's",
    ),
    row(
        Is("-print-libgcc-file-name --print-libgcc-file-name"),
        Always,
        Replace("-print-file-name=libclang_rt.builtins.a"),
        "the runtime library lies in the sysroot, not in clang's folder",
        "toolchains/wali.toml, builtins",
    ),
    row(
        StartsWith("-T --script"),
        Linking,
        Refuse("leave the script out: wasm-ld lays the memory out itself"),
        "wasm-ld reads no linker scripts",
        "clang 22 drops -T with a warning",
    ),
    // What needs a runtime that there is none of.
    row(
        ValueNot("-fsanitize=", "kcfi shadow-call-stack"),
        NotTrapping,
        Refuse("build natively for it, or add -fsanitize-trap=undefined to -fsanitize=undefined"),
        "sanitizers need a runtime library, which this target has not",
        "compiler-rt's list of sanitizer targets",
    ),
    row(
        Is("--coverage -coverage -fprofile-arcs"),
        OnlyLinking,
        Link("-lclang_rt.profile"),
        "what writes the figures lies in the sysroot, and clang looks for it in its own folder",
        "clang 22, ToolChain::addProfileRTLibs",
    ),
    row(
        Is("--coverage -coverage -fprofile-arcs"),
        CompilingToModule,
        Refuse("compile with -c first, and link in a second command"),
        "clang would link the figures' writer from its own folder, where this target has none",
        "clang 22, ToolChain::addProfileRTLibs",
    ),
    row(
        StartsWith("-fprofile-generate -fprofile-instr-generate -fcs-profile-generate"),
        Always,
        Refuse("make the profile natively, or measure coverage with --coverage"),
        "profiles are written by a runtime library, which this target has not",
        "compiler-rt's list of profile targets",
    ),
    row(
        Is("-p -pg"),
        Always,
        Refuse("profile the running engine instead"),
        "gprof's counters need a runtime that this target has not",
        CLANG_REFUSES,
    ),
    // Records of the command line.
    row(
        Is("-frecord-gcc-switches -frecord-command-line"),
        Always,
        Drop,
        "Wasm objects have no section for it",
        CLANG_REFUSES,
    ),
];

fn is_own_target(option: &str) -> bool {
    let own = |triple: &str| triple == TRIPLE || Some(triple) == short_triple().as_deref();
    target(option).is_some_and(own)
}

fn is_other_target(option: &str) -> bool {
    target(option).is_some() && !is_own_target(option)
}

fn target(option: &str) -> Option<&str> {
    option
        .strip_prefix("--target=")
        .or_else(|| option.strip_prefix("-target"))
}

/// The triple without its vendor.
fn short_triple() -> Option<String> {
    let (arch, rest) = TRIPLE.split_once('-')?;
    let (_vendor, system) = rest.split_once('-')?;
    Some(format!("{arch}-{system}"))
}

/// gcc's number of parallel link jobs.
fn is_gcc_lto(option: &str) -> bool {
    let jobs = option.strip_prefix("-flto=");
    jobs.is_some_and(|jobs| !jobs.is_empty() && jobs.bytes().all(|byte| byte.is_ascii_digit()))
}
