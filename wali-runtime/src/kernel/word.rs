//! The words a system call takes, as types that say where an address comes from.

use std::cell::Cell;
use std::marker::PhantomData;

/// An address for the kernel: null, inside the guest's reservation, or a borrowed host buffer.
///
/// The kernel's own structures ([`super::structs`]) hold addresses of this type only, so none that
/// a guest made up gets into them.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(crate) struct HostPtr<'a> {
    address: u64,
    lent: PhantomData<&'a mut [u8]>,
}

impl<'a> HostPtr<'a> {
    /// The null address.
    pub(crate) const NULL: HostPtr<'static> = HostPtr {
        address: 0,
        lent: PhantomData,
    };

    /// A number of the guest's that stands where an address may stand, as in `union sigval`; it has
    /// 32 bits, and so is no address of the host's.
    pub(crate) fn number(number: u32) -> HostPtr<'static> {
        HostPtr {
            address: u64::from(number),
            lent: PhantomData,
        }
    }

    /// An address in a range that the engine mapped for this use, or for the guest, and never unmaps.
    pub(crate) fn in_range(address: usize) -> HostPtr<'static> {
        HostPtr {
            address: address as u64,
            lent: PhantomData,
        }
    }

    /// A buffer that the kernel reads.
    pub(crate) fn input<T: ?Sized>(buffer: &'a T) -> HostPtr<'a> {
        HostPtr {
            address: (&raw const *buffer).cast::<u8>().expose_provenance() as u64,
            lent: PhantomData,
        }
    }

    /// A buffer that the kernel writes.
    pub(crate) fn output<T: ?Sized>(buffer: &'a mut T) -> HostPtr<'a> {
        HostPtr {
            address: (&raw mut *buffer).cast::<u8>().expose_provenance() as u64,
            lent: PhantomData,
        }
    }

    /// A buffer that the kernel writes while others may look at it.
    pub(crate) fn shared<T>(buffer: &'a [Cell<T>]) -> HostPtr<'a> {
        HostPtr {
            address: buffer.as_ptr().expose_provenance() as u64,
            lent: PhantomData,
        }
    }
}

/// One argument of a system call: a number, or an address as a [`HostPtr`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    value: u64,
    lent: PhantomData<&'a mut [u8]>,
}

impl Word<'_> {
    /// The number 0, and what fills the places of arguments that a call does not have.
    pub(crate) const ZERO: Word<'static> = Word {
        value: 0,
        lent: PhantomData,
    };

    /// The register's value.
    pub(crate) fn value(self) -> i64 {
        self.value.cast_signed()
    }
}

impl<'a> From<HostPtr<'a>> for Word<'a> {
    fn from(address: HostPtr<'a>) -> Word<'a> {
        Word {
            value: address.address,
            lent: PhantomData,
        }
    }
}

macro_rules! from_number {
    ($($ty:ty)*) => {
        $(impl From<$ty> for Word<'static> {
            fn from(number: $ty) -> Word<'static> {
                Word { value: number as u64, lent: PhantomData }
            }
        })*
    };
}

// `as` extends each by its own sign, which is what the kernel expects in the register.
from_number!(i32 u32 i64 u64);
