//! Guest addresses as types, so that none is taken for a host address.

use std::fmt;
use std::marker::PhantomData;

/// An address in the linear memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GuestAddr(pub u32);

impl GuestAddr {
    /// The address the guest writes as null.
    pub(crate) const NULL: GuestAddr = GuestAddr(0);

    /// Whether this is null.
    pub(crate) fn is_null(self) -> bool {
        self.0 == 0
    }

    /// The address `bytes` further on, if it is still in the linear memory.
    pub(crate) fn checked_add(self, bytes: u32) -> Option<GuestAddr> {
        self.0.checked_add(bytes).map(GuestAddr)
    }
}

impl fmt::Debug for GuestAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// The address of a `T` in the linear memory; it need not be aligned.
pub(crate) struct GuestPtr<T> {
    addr: GuestAddr,
    target: PhantomData<fn() -> T>,
}

impl<T> GuestPtr<T> {
    /// The pointer to a `T` at `addr`.
    pub(crate) const fn new(addr: GuestAddr) -> GuestPtr<T> {
        GuestPtr {
            addr,
            target: PhantomData,
        }
    }

    /// Where it points.
    pub(crate) const fn addr(self) -> GuestAddr {
        self.addr
    }

    /// Whether it is null.
    pub(crate) fn is_null(self) -> bool {
        self.addr.is_null()
    }

    /// The pointer, or `None` for null.
    pub(crate) fn non_null(self) -> Option<GuestPtr<T>> {
        (!self.is_null()).then_some(self)
    }

    /// The same address with another target.
    pub(crate) const fn cast<U>(self) -> GuestPtr<U> {
        GuestPtr::new(self.addr)
    }

    /// The pointer to element `index` of an array, if its start is in the linear memory.
    pub(crate) fn element(self, index: u32) -> Option<GuestPtr<T>> {
        let size = u32::try_from(size_of::<T>()).ok()?;
        Some(GuestPtr::new(
            self.addr.checked_add(size.checked_mul(index)?)?,
        ))
    }
}

impl<T> Clone for GuestPtr<T> {
    fn clone(&self) -> GuestPtr<T> {
        *self
    }
}

impl<T> Copy for GuestPtr<T> {}

impl<T> PartialEq for GuestPtr<T> {
    fn eq(&self, other: &GuestPtr<T>) -> bool {
        self.addr == other.addr
    }
}

impl<T> fmt::Debug for GuestPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.addr.fmt(f)
    }
}

/// Data whose every bit pattern is a value and that has no padding to leak: it may be copied
/// between guest and host byte by byte.
///
/// # Safety
///
/// The type has no padding, no references, and no invalid bit patterns.
pub(crate) unsafe trait Plain: Copy + 'static {}

macro_rules! plain {
    ($($ty:ty)*) => {
        // SAFETY: integers have neither padding nor invalid bit patterns.
        $(unsafe impl Plain for $ty {})*
    };
}

plain!(i8 u8 i16 u16 i32 u32 i64 u64);

// SAFETY: an array of `T` has no padding of its own.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// How a Wasm argument becomes the type a system call's function asks for.
///
/// The generated import table passes every argument through it, so that the functions choose
/// between a number, an address and a typed pointer.
pub(crate) trait FromWasm<W> {
    /// The argument as `Self`; no value is refused.
    fn from_wasm(value: W) -> Self;
}

impl FromWasm<i32> for i32 {
    fn from_wasm(value: i32) -> i32 {
        value
    }
}

impl FromWasm<i32> for u32 {
    fn from_wasm(value: i32) -> u32 {
        value.cast_unsigned()
    }
}

impl FromWasm<i64> for i64 {
    fn from_wasm(value: i64) -> i64 {
        value
    }
}

impl FromWasm<i64> for u64 {
    fn from_wasm(value: i64) -> u64 {
        value.cast_unsigned()
    }
}

impl FromWasm<i32> for GuestAddr {
    fn from_wasm(value: i32) -> GuestAddr {
        GuestAddr(value.cast_unsigned())
    }
}

impl<T> FromWasm<i32> for GuestPtr<T> {
    fn from_wasm(value: i32) -> GuestPtr<T> {
        GuestPtr::new(GuestAddr(value.cast_unsigned()))
    }
}
