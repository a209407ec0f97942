//! What `ps` and `/proc/<pid>/cmdline` show of this process.

use std::fs::File;
use std::io::Read as _;

/// The kernel's `struct prctl_mm_map`.
#[repr(C)]
struct Map {
    start_code: u64,
    end_code: u64,
    start_data: u64,
    end_data: u64,
    start_brk: u64,
    brk: u64,
    start_stack: u64,
    arg_start: u64,
    arg_end: u64,
    env_start: u64,
    env_end: u64,
    auxv: u64,
    auxv_bytes: u32,
    exe_fd: i32,
}

const PR_SET_MM: i32 = 35;
const PR_SET_MM_MAP: i32 = 14;

/// The number of the first field that [`numbers`] returns, counted as proc(5) does.
const FIRST: usize = 4;

/// Shows `args` instead of the arguments that this process was started with. A kernel without
/// that (CONFIG_CHECKPOINT_RESTORE) goes on showing those.
pub(crate) fn show(args: &[Vec<u8>]) {
    let Some(numbers) = own_stat().and_then(|stat| numbers(&stat)) else {
        return;
    };
    let field = |number: usize| numbers.get(number - FIRST).copied().unwrap_or(0);
    let mut text = Vec::new();
    for arg in args {
        text.extend_from_slice(arg);
        text.push(0);
    }
    // Others read it as long as the process lives.
    let text: &'static [u8] = text.leak();
    let start = text.as_ptr().expose_provenance() as u64;
    // SAFETY: asks for the end of the heap and changes nothing.
    let brk = unsafe { libc::sbrk(0) };
    let map = Map {
        start_code: field(26),
        end_code: field(27),
        start_data: field(45),
        end_data: field(46),
        start_brk: field(47),
        brk: brk.expose_provenance() as u64,
        start_stack: field(28),
        arg_start: start,
        arg_end: start + text.len() as u64,
        env_start: field(50),
        env_end: field(51),
        auxv: 0,
        auxv_bytes: 0,
        exe_fd: -1,
    };
    // SAFETY: the kernel checks the numbers, which besides the arguments' place are its own.
    unsafe {
        libc::prctl(
            PR_SET_MM,
            PR_SET_MM_MAP,
            &raw const map,
            size_of::<Map>(),
            0,
        )
    };
}

/// The line of /proc about this process, some fifty numbers and a name.
fn own_stat() -> Option<Vec<u8>> {
    let mut stat = vec![0; 1024];
    let len = File::open("/proc/self/stat").ok()?.read(&mut stat).ok()?;
    stat.truncate(len);
    Some(stat)
}

/// The numbers behind the name and the state in a `stat` file of /proc; negative ones as 0.
fn numbers(stat: &[u8]) -> Option<Vec<u64>> {
    let text = String::from_utf8_lossy(stat);
    // The name is in brackets and may hold any character.
    let (_, rest) = text.rsplit_once(')')?;
    let numbers: Vec<u64> = rest
        .split_ascii_whitespace()
        .skip(1)
        .map(|word| word.parse().unwrap_or(0))
        .collect();
    (numbers.len() > 51 - FIRST).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_behind_any_name() {
        let tail: Vec<String> = (4..=52).map(|number| number.to_string()).collect();
        let stat = format!("7 (a) b c) R {}\n", tail.join(" "));
        let found = numbers(stat.as_bytes()).expect("numbers");
        assert_eq!(found[26 - FIRST], 26);
        assert_eq!(found[51 - FIRST], 51);
        assert_eq!(numbers(b"7 (a) R 1 2 3"), None);
        assert_eq!(numbers(b"nothing"), None);
    }
}
