//! Arguments of the linker that ELF linkers know and wasm-ld does not, or knows differently.

use super::linker_row::{LinkerAction, LinkerRow, Operand};

use LinkerAction::{Drop, Keep, Refuse, Replace};
use Operand::{Joined, None, Own};

const UNKNOWN: &str = "wasm-ld 22: `unknown argument`";
const LLD_ARCHIVES: &str = "lld remembers every archive's symbols until the end of the link";

const fn row(
    names: &'static str,
    operand: Operand,
    action: LinkerAction,
    reason: &'static str,
    source: &'static str,
) -> LinkerRow {
    LinkerRow {
        names,
        operand,
        action,
        reason,
        source,
    }
}

/// The rows for options. A name is written with one dash or two.
pub(super) const ROWS: &[LinkerRow] = &[
    row(
        "L l o e entry u undefined y trace-symbol mllvm Map export export-if-defined wrap soname keep-section allow-undefined-file rsp-quoting why-extract reproduce global-base table-base initial-memory initial-heap max-memory page-size extra-features features unresolved-symbols",
        Own,
        Keep,
        "wasm-ld knows it",
        "wasm-ld 22 --help",
    ),
    row(
        "allow-multiple-definition allow-undefined Bstatic build-id check-features color-diagnostics \
         compress-relocations demangle dn emit-relocs end-lib error-limit error-unresolved-symbols \
         experimental-pic export-all export-dynamic export-memory export-table E fatal-warnings \
         gc-sections growable-table help import-memory import-table import-undefined lto-CGO \
         lto-debug-pass-manager lto-O lto-partitions M merge-data-segments \
         no-allow-multiple-definition no-check-features no-color-diagnostics no-demangle no-entry \
         no-export-dynamic no-fatal-warnings no-gc-sections no-growable-memory \
         no-merge-data-segments no-print-gc-sections no-shlib-sigcheck no-stack-first \
         no-whole-archive noinhibit-exec non_shared O print-gc-sections print-map relocatable r \
         save-temps s S shared-memory stack-first start-lib static strip-all strip-debug t trace \
         thinlto-cache-dir thinlto-cache-policy thinlto-jobs threads v V verbose version \
         warn-unresolved-symbols whole-archive",
        Joined,
        Keep,
        "wasm-ld knows it",
        "wasm-ld 22 --help",
    ),
    // Shared libraries: how they are found, named, recorded, and which symbols they show.
    row(
        "shared Bshareable",
        None,
        Refuse("link the objects into the program, or into a static library with wali-ar"),
        "a WALI module is a whole program: there are no shared libraries",
        "the interface: one module a process, without dynamic linking",
    ),
    row(
        "rpath rpath-link R dynamic-linker I h auxiliary filter audit depaudit",
        Own,
        Drop,
        "nothing is loaded when the program starts",
        UNKNOWN,
    ),
    row(
        "as-needed no-as-needed add-needed no-add-needed copy-dt-needed-entries no-copy-dt-needed-entries enable-new-dtags disable-new-dtags no-dynamic-linker allow-shlib-undefined no-allow-shlib-undefined warn-shared-textrel Bsymbolic Bsymbolic-functions Bsymbolic-non-weak-functions no-Bsymbolic Bgroup Bdynamic dy call_shared",
        None,
        Drop,
        "there are no shared libraries",
        UNKNOWN,
    ),
    row(
        "pie pic-executable no-pie no-pic-executable",
        None,
        Drop,
        "there is one kind of executable",
        "wasm-ld 22: -pie excludes --export-table",
    ),
    row(
        "version-script dynamic-list exclude-libs retain-symbols-file export-dynamic-symbol export-dynamic-symbol-list",
        Own,
        Drop,
        "a program shows no symbols to a loader",
        UNKNOWN,
    ),
    row(
        "undefined-version no-undefined-version default-symver dynamic-list-data default-imported-symver",
        None,
        Drop,
        "a program shows no symbols to a loader",
        UNKNOWN,
    ),
    row(
        "hash-style spare-dynamic-tags pack-dyn-relocs",
        Own,
        Drop,
        "Wasm has no dynamic section",
        UNKNOWN,
    ),
    // Archives.
    row(
        "start-group end-group ( )",
        None,
        Drop,
        "archives are searched until nothing is missing, whatever their order",
        LLD_ARCHIVES,
    ),
    row(
        "push-state pop-state",
        None,
        Drop,
        "of what it saves, only --whole-archive means something here",
        UNKNOWN,
    ),
    row(
        "warn-backrefs no-warn-backrefs",
        None,
        Drop,
        "the order of archives does not matter",
        LLD_ARCHIVES,
    ),
    // What is undefined stays an error by itself.
    row(
        "no-undefined no-allow-undefined warn-once",
        None,
        Drop,
        "undefined symbols are errors as it is",
        UNKNOWN,
    ),
    row(
        "warn-common no-warn-common sort-common no-warn-mismatch warn-section-align no-define-common",
        Joined,
        Drop,
        "Wasm objects have no common symbols and no alignment gaps to warn of",
        UNKNOWN,
    ),
    // Layout and sections of ELF.
    row(
        "T script Ttext Tdata Tbss Ttext-segment section-start default-script dT",
        Own,
        Refuse("leave it out: wasm-ld lays the memory out itself"),
        "wasm-ld reads no linker scripts and places no sections",
        UNKNOWN,
    ),
    row(
        "defsym",
        Own,
        Refuse("define the symbol in a source file"),
        "wasm-ld defines no symbols by expression",
        UNKNOWN,
    ),
    row(
        "oformat format b",
        Own,
        Refuse("turn the data into a C array, or use #embed"),
        "wasm-ld reads Wasm objects and writes Wasm modules only",
        UNKNOWN,
    ),
    row(
        "m",
        Own,
        Drop,
        "the emulation is wasm32",
        "wasm-ld 22: `invalid target architecture`",
    ),
    row(
        "eh-frame-hdr no-eh-frame-hdr n nmagic no-nmagic N omagic no-omagic d dc dp x X discard-all discard-locals discard-none relax no-relax rosegment no-rosegment gdb-index no-gdb-index ld-generated-unwind-info no-ld-generated-unwind-info EL EB no-ctors-in-init-array fix-cortex-a53-843419 no-insert-timestamp traditional-format qmagic",
        None,
        Drop,
        "it is about ELF files",
        UNKNOWN,
    ),
    row(
        "icf compress-debug-sections orphan-handling sort-section package-metadata build-id-style",
        Joined,
        Drop,
        "it is about sections of ELF files",
        UNKNOWN,
    ),
    row(
        "G plugin",
        Own,
        Drop,
        "it is about another linker's targets",
        UNKNOWN,
    ),
    row(
        "plugin-opt",
        Joined,
        Drop,
        "wasm-ld reads bitcode without a plugin",
        UNKNOWN,
    ),
    row(
        "no-build-id",
        None,
        Replace("--build-id=none"),
        "wasm-ld spells it so",
        UNKNOWN,
    ),
    row(
        "i",
        None,
        Replace("-r"),
        "wasm-ld spells it so",
        "GNU ld's manual",
    ),
    row(
        "q",
        None,
        Replace("--emit-relocs"),
        "wasm-ld spells it so",
        UNKNOWN,
    ),
    // How the linker works.
    row(
        "no-keep-memory reduce-memory-overheads stats no-stats no-threads cref nostdlib g nxcompat dynamicbase",
        None,
        Drop,
        "it changes how another linker works, not what it makes",
        UNKNOWN,
    ),
    row(
        "init fini",
        Own,
        Refuse("mark the function __attribute__((constructor)) or ((destructor))"),
        "a module has no init and fini entries",
        UNKNOWN,
    ),
];

/// The rows for the keywords of `-z`.
pub(super) const KEYWORDS: &[LinkerRow] = &[
    row(
        "stack-size",
        Own,
        Keep,
        "wasm-ld knows it",
        "lld/wasm/Driver.cpp",
    ),
    row(
        "muldefs",
        Own,
        Replace("--allow-multiple-definition"),
        "wasm-ld spells it so",
        "GNU ld's manual",
    ),
    row(
        "now lazy relro norelro noexecstack execstack defs undefs origin nodelete nodlopen nodump initfirst interpose global combreloc nocombreloc text notext textoff copyreloc nocopyreloc separate-code noseparate-code separate-loadable-segments max-page-size common-page-size pack-relative-relocs nopack-relative-relocs loadfltr ibt shstk cet-report ibtplt force-ibt force-bti pac-plt bti-report retpolineplt start-stop-gc nostart-stop-gc start-stop-visibility hazardplt wxneeded keep-text-section-prefix nokeep-text-section-prefix rodynamic ifunc-noplt nognustack unique-symbol x86-64-v2 x86-64-v3 x86-64-v4 indirect-extern-access call-nop report-relative-reloc dead-reloc-in-nonalloc nosectionheader sectionheader memory-seal nomemory-seal mark-plt nomark-plt",
        Own,
        Drop,
        "it is about ELF segments and their loader",
        "wasm-ld 22: `unknown -z value`",
    ),
];
