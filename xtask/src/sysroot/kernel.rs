//! The kernel's own headers: `linux/`, `asm-generic/`, `asm/` and the folders beside them.
//!
//! Every machine with a C compiler has them, since its C library's headers include them, and they
//! are the kernel's stable interface: those of the machine that builds are taken. All but `asm/` are
//! the same for every instruction set. A Wasm program sees x86-64's numbers and widths, and where
//! these are not the generic ones the C library has them, so `asm/` only names one or the other.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use which::which;

use super::folders::Folders;
use super::tree::{copy, folder_entries};
use crate::cx::Cx;
use crate::files::remove;

/// What is taken where it is there.
const FOLDERS: [&str; 9] = [
    "asm-generic",
    "drm",
    "linux",
    "misc",
    "mtd",
    "rdma",
    "sound",
    "video",
    "xen",
];

/// The headers of `asm/` that stand for something else than the generic header of their name.
const OWN: [(&str, &str); 5] = [
    ("byteorder.h", "linux/byteorder/little_endian.h"),
    // Registers, of which there are none; its includer wants nothing else.
    ("ptrace.h", "linux/types.h"),
    ("stat.h", "sys/stat.h"),
    ("ucontext.h", "ucontext.h"),
    ("unistd.h", "bits/syscall.h"),
];

/// What `asm/posix_types.h` says where x86-64's types are not the generic ones.
const POSIX_TYPES: &str = "\
typedef unsigned short __kernel_old_uid_t;
typedef unsigned short __kernel_old_gid_t;
#define __kernel_old_uid_t __kernel_old_uid_t
typedef unsigned long __kernel_old_dev_t;
#define __kernel_old_dev_t __kernel_old_dev_t
";

/// What only wraps a machine's own structures, which a Wasm program has none of.
const MACHINE_ONLY: [&str; 4] = [
    "asm-generic/bpf_perf_event.h",
    "linux/a.out.h",
    "linux/bpf_perf_event.h",
    "linux/kvm.h",
];

/// The kernel's headers on this machine.
pub(crate) struct KernelHeaders {
    /// The folder that `linux/` lies in.
    folder: PathBuf,
    /// The kernel they belong to.
    pub(crate) version: String,
}

impl KernelHeaders {
    /// Asks the machine's C compiler where they are.
    ///
    /// # Errors
    /// When there is no compiler, or it finds none; the message says what to install.
    pub(crate) fn find(cx: &Cx) -> Result<Self> {
        let cc = which("cc").context("no C compiler is on PATH; apt-get install gcc libc6-dev")?;
        let output = cx
            .cmd(cc, "sysroot")
            .quiet()
            .args(["-E", "-include", "linux/version.h", "-x", "c", "/dev/null"])
            .read()
            .context(
                "the C compiler finds no linux/version.h; apt-get install linux-libc-dev, or the \
                 package of the kernel's headers for user programs that this system has",
            )?;
        let Some(header) = named_file(&output) else {
            bail!("the C compiler does not say where it found linux/version.h");
        };
        let reading = || format!("reading {}", header.display());
        let version = version(&fs::read_to_string(&header).with_context(reading)?)
            .with_context(|| format!("{} names no version", header.display()))?;
        let folder = header.parent().and_then(Path::parent);
        Ok(Self {
            folder: folder.with_context(reading)?.to_owned(),
            version,
        })
    }

    /// The folder that has them.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts them into the sysroot, beside the C library's.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(super) fn install(&self, folders: &Folders) -> Result<()> {
        for name in FOLDERS {
            let from = self.folder.join(name);
            if from.is_dir() {
                copy(&from, &folders.include.join(name))?;
            }
        }
        for name in MACHINE_ONLY {
            remove(&folders.include.join(name))?;
        }
        let asm = folders.include.join("asm");
        fs::create_dir_all(&asm)?;
        for generic in folder_entries(&folders.include.join("asm-generic"))? {
            if let Some(name) = generic.file_name().and_then(|name| name.to_str()) {
                write_alias(&asm, name, &format!("asm-generic/{name}"))?;
            }
        }
        for (name, target) in OWN {
            write_alias(&asm, name, target)?;
        }
        let types = asm.join("posix_types.h");
        let text = format!(
            "#ifndef _ASM_POSIX_TYPES_H\n#define _ASM_POSIX_TYPES_H\n{POSIX_TYPES}\
             #include <asm-generic/posix_types.h>\n#endif\n"
        );
        fs::write(&types, text).with_context(|| format!("writing {}", types.display()))
    }
}

/// Whether a header is one of the kernel's, by its name in an `#include`.
pub(crate) fn is_kernel_header(header: &Path) -> bool {
    let folder = header.iter().next();
    let mut folders = FOLDERS.iter().chain(&["asm"]);
    folders.any(|name| folder == Some(name.as_ref()))
}

fn write_alias(asm: &Path, name: &str, target: &str) -> Result<()> {
    let path = asm.join(name);
    fs::write(&path, format!("#include <{target}>\n"))
        .with_context(|| format!("writing {}", path.display()))
}

/// The file whose text follows in a preprocessor's output.
fn named_file(output: &str) -> Option<PathBuf> {
    let markers = output.lines().filter(|line| line.starts_with("# "));
    let mut names = markers.filter_map(|line| line.split('"').nth(1));
    names
        .find(|name| name.ends_with("linux/version.h"))
        .map(PathBuf::from)
}

/// The version in the text of `linux/version.h`: 65536 times the first number, 256 times the second,
/// and the third.
fn version(text: &str) -> Option<String> {
    let line = text
        .lines()
        .find(|line| line.contains("LINUX_VERSION_CODE"))?;
    let code: u32 = line.split_whitespace().nth(2)?.parse().ok()?;
    let mut version = String::new();
    write!(version, "{}.{}.{}", code >> 16, code >> 8 & 255, code & 255).ok()?;
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_read_from_the_markers() {
        let output = "# 0 \"/dev/null\"\n# 1 \"/opt/k/include/linux/version.h\" 1 3 4\n# 2 \"x\"\n";
        let place = Path::new("/opt/k/include/linux/version.h");
        assert_eq!(named_file(output).as_deref(), Some(place));
        assert_eq!(named_file("# 0 \"/dev/null\"\n"), None);
    }

    #[test]
    fn the_version_is_three_numbers() {
        let text = "#define LINUX_VERSION_CODE 393372\n#define KERNEL_VERSION(a,b,c) 0\n";
        assert_eq!(version(text).as_deref(), Some("6.0.156"));
        assert_eq!(version("#define OTHER 1\n"), None);
    }
}
