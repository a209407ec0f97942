//! The code that a thread may be in while it makes a call for the guest.

use super::direct;
use crate::kernel::syscall::{self, Window};

/// The window that `pc` is in.
pub(super) fn at(pc: usize) -> Option<Window> {
    windows().find(|window| (window.test..=window.call).contains(&pc))
}

/// Whether a thread at `pc` is making a call and looks for signals when that is over.
pub(super) fn will_look(pc: usize) -> bool {
    syscall::is_in_routine(pc) || direct::will_look(pc)
}

fn windows() -> impl Iterator<Item = Window> {
    [syscall::window()].into_iter().chain(direct::windows())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_with_the_call() {
        for window in windows() {
            let found = |pc| at(pc).map(|found| found.call);
            assert_eq!(found(window.test), Some(window.call));
            assert_eq!(found(window.call), Some(window.call));
            assert_eq!(found(window.done), None);
            assert_eq!(found(window.interrupted), None);
            assert!(will_look(window.test) && will_look(window.done));
        }
    }
}
