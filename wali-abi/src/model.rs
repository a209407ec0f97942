//! The shape of the tables: what is known of a system call, a support import, a structure.

/// A Wasm value type that occurs in the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValType {
    /// 32-bit integer: C's `int`, pointers, `size_t`.
    I32,
    /// 64-bit integer: C's `long`, `off_t` and every result of a system call.
    I64,
}

impl std::fmt::Display for ValType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
        })
    }
}

/// An instruction set whose kernel numbers the spec holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isa {
    /// x86-64; its numbers are also the virtual numbers that programs see.
    X86_64,
    /// 64-bit Arm.
    Aarch64,
    /// 64-bit RISC-V.
    Riscv64,
}

impl Isa {
    /// All of them, in the order of the spec's columns.
    pub const ALL: [Isa; 3] = [Isa::X86_64, Isa::Aarch64, Isa::Riscv64];
}

/// A C scalar type as the interface passes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The C name, `fd` for a file descriptor, or `open_flags` for the flags of an open file.
    pub name: &'static str,
    /// The Wasm type it is passed as.
    pub val: ValType,
    /// Whether an i32 is sign-extended (else zero-extended) to the kernel's register.
    pub signed: bool,
    /// Size in guest memory, in bytes.
    pub size_bytes: u32,
}

const fn scalar(name: &'static str, val: ValType, signed: bool, size_bytes: u32) -> Scalar {
    Scalar {
        name,
        val,
        signed,
        size_bytes,
    }
}

/// Every scalar type that the spec may name.
pub const SCALARS: &[Scalar] = &[
    scalar("fd", ValType::I32, true, 4),
    scalar("open_flags", ValType::I32, true, 4),
    scalar("int", ValType::I32, true, 4),
    scalar("uint", ValType::I32, false, 4),
    scalar("i32", ValType::I32, true, 4),
    scalar("u32", ValType::I32, false, 4),
    scalar("u8", ValType::I32, false, 1),
    scalar("u16", ValType::I32, false, 2),
    scalar("size_t", ValType::I32, false, 4),
    scalar("mode_t", ValType::I32, false, 4),
    scalar("uid_t", ValType::I32, false, 4),
    scalar("gid_t", ValType::I32, false, 4),
    scalar("pid_t", ValType::I32, true, 4),
    scalar("id_t", ValType::I32, false, 4),
    scalar("clockid_t", ValType::I32, true, 4),
    scalar("timer_t", ValType::I32, true, 4),
    scalar("socklen_t", ValType::I32, false, 4),
    scalar("key_t", ValType::I32, true, 4),
    scalar("mqd_t", ValType::I32, true, 4),
    scalar("long", ValType::I64, true, 8),
    scalar("ulong", ValType::I64, false, 8),
    scalar("i64", ValType::I64, true, 8),
    scalar("u64", ValType::I64, false, 8),
    scalar("off_t", ValType::I64, true, 8),
    scalar("loff_t", ValType::I64, true, 8),
    scalar("dev_t", ValType::I64, false, 8),
    scalar("time_t", ValType::I64, true, 8),
    scalar("nfds_t", ValType::I64, false, 8),
];

/// Which way data flows through a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dir {
    /// The kernel reads.
    In,
    /// The kernel writes.
    Out,
    /// The kernel reads, then writes.
    InOut,
}

/// How many elements a pointer points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Len {
    /// A number fixed by the interface.
    Fixed(u32),
    /// The value of the argument with this index.
    Arg(usize),
    /// The 32-bit value that the argument with this index points to.
    Deref(usize),
}

/// Whether a call follows a symbolic link that a path ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// It does.
    Always,
    /// It is about the link itself, or makes the name.
    Never,
    /// It does unless the argument with this index has this bit.
    Unless(usize, u32),
    /// It does only if the argument with this index has this bit.
    If(usize, u32),
}

/// The flags by which calls are told whether to follow a link, sorted.
///
/// Source: the kernel's `include/uapi/linux/{fcntl,inotify,fanotify,mount}.h` and `include/linux/fs.h`.
pub const FOLLOW_FLAGS: [(&str, u32); 9] = [
    ("AT_SYMLINK_FOLLOW", 0x400),
    ("AT_SYMLINK_NOFOLLOW", 0x100),
    ("FAN_MARK_DONT_FOLLOW", 0x4),
    ("FSPICK_SYMLINK_NOFOLLOW", 0x2),
    ("IN_DONT_FOLLOW", 0x0200_0000),
    ("MOVE_MOUNT_F_SYMLINKS", 0x1),
    ("MOVE_MOUNT_T_SYMLINKS", 0x10),
    ("O_NOFOLLOW", 0o400_000),
    ("UMOUNT_NOFOLLOW", 0x8),
];

/// What a pointer points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A string that ends with a NUL.
    CStr,
    /// The path of a file, which ends with a NUL.
    Path(Follow),
    /// Untyped bytes.
    Bytes(Len),
    /// One structure, or an array of them.
    Struct(&'static str, Len),
    /// One scalar, or an array of them.
    Scalar(Scalar, Len),
}

/// The type of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgType {
    /// A number.
    Scalar(Scalar),
    /// The address of data.
    Pointer {
        /// Which way the data flows.
        dir: Dir,
        /// Whether the kernel gives null a meaning of its own.
        nullable: bool,
        /// What is there.
        target: Target,
    },
    /// An address that is kept or compared, not followed.
    Address,
    /// An index into the module's function table.
    Function,
}

impl ArgType {
    /// The Wasm type the argument is passed as.
    pub const fn val(&self) -> ValType {
        match self {
            ArgType::Scalar(scalar) => scalar.val,
            ArgType::Pointer { .. } | ArgType::Address | ArgType::Function => ValType::I32,
        }
    }
}

/// One argument of a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Its name in the manual page.
    pub name: &'static str,
    /// Its type.
    pub ty: ArgType,
    /// The type as the spec writes it, for documents and traces.
    pub text: &'static str,
}

/// Who serves a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serve {
    /// The kernel, with pointers moved into the linear memory; the function is generated.
    Direct,
    /// A function written by hand in the engine.
    Hand,
    /// Nobody: it always fails with this errno.
    Refused(&'static Errno),
}

/// How much of what Linux offers a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    /// As on Linux; a note tells of a peculiarity that the kernel has too.
    Full,
    /// The note tells how a program can see that it is not on Linux, or what is missing.
    Partial,
    /// Not served; the note tells why.
    Refused,
}

impl Support {
    /// The word used in the spec and on command lines.
    pub const fn word(self) -> &'static str {
        match self {
            Support::Full => "full",
            Support::Partial => "partial",
            Support::Refused => "refused",
        }
    }
}

/// An error number; the numbers are the same on all three instruction sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno {
    /// `ENOENT` and the like.
    pub name: &'static str,
    /// 1 to 4095.
    pub number: u16,
    /// What it means, in a few words.
    pub text: &'static str,
}

/// One system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syscall {
    /// The kernel's name.
    pub name: &'static str,
    /// The import is `wali.SYS_<import>`; nearly always the kernel's name.
    pub import: &'static str,
    /// The numbers on x86-64, aarch64 and riscv64.
    pub numbers: [Option<u32>; 3],
    /// The arguments in order.
    pub args: &'static [Arg],
    /// Their Wasm types in order; the result is always i64.
    pub params: &'static [ValType],
    /// Who serves it.
    pub serve: Serve,
    /// How completely.
    pub support: Support,
    /// Which part of the kernel it belongs to: `file`, `network`, …
    pub family: &'static str,
    /// What a user has to know; not empty below [`Support::Full`].
    pub note: &'static str,
    /// Further import names it is known by, without `SYS_`.
    pub aliases: &'static [&'static str],
    /// Whether the published interface fixes its signature.
    pub published: bool,
    /// The newer call that serves it where the instruction set lacks it.
    pub via: Option<Via>,
}

/// How a newer call does what an older one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Via {
    /// The newer call.
    pub call: &'static str,
    /// Its arguments.
    pub args: &'static [ViaArg],
}

/// An argument of the newer call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViaArg {
    /// The older call's argument with this index.
    Arg(usize),
    /// A number.
    Number(i32),
}

/// A flag whose value differs between instruction sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsaFlag {
    /// Its C name.
    pub name: &'static str,
    /// Its values on x86-64, aarch64 and riscv64.
    pub values: [u32; 3],
}

/// A structure whose layout differs between instruction sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsaStruct {
    /// The tag.
    pub name: &'static str,
    /// Its sizes on x86-64, aarch64 and riscv64.
    pub sizes_bytes: [u32; 3],
    /// The fields that have a meaning.
    pub fields: &'static [IsaField],
}

/// A field of an [`IsaStruct`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IsaField {
    /// Its C name.
    pub name: &'static str,
    /// Its offset and its size in bytes on x86-64, aarch64 and riscv64.
    pub places: [[u32; 2]; 3],
}

impl Syscall {
    /// The kernel's number on `isa`, if that kernel has the call.
    pub const fn number(&self, isa: Isa) -> Option<u32> {
        self.numbers[isa as usize]
    }

    /// The number that programs see: the x86-64 one.
    pub fn virtual_number(&self) -> Option<u32> {
        self.number(Isa::X86_64)
    }

    /// The signature as the Wasm text format's readers know it: `(i32, i64) -> i64`.
    pub fn signature(&self) -> String {
        signature(self.params, Some(ValType::I64))
    }
}

/// An import of module `wali` that is no system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportImport {
    /// The import name.
    pub name: &'static str,
    /// The Wasm types of its parameters.
    pub params: &'static [ValType],
    /// The Wasm type of its result.
    pub result: Option<ValType>,
    /// What it does.
    pub meaning: &'static str,
    /// Whether only modules of older toolchains import it.
    pub legacy: bool,
}

impl SupportImport {
    /// The signature, as [`Syscall::signature`].
    pub fn signature(&self) -> String {
        signature(self.params, self.result)
    }
}

pub(crate) fn signature(params: &[ValType], result: Option<ValType>) -> String {
    let params: Vec<String> = params.iter().map(ValType::to_string).collect();
    let result = result.map_or_else(|| "()".to_owned(), |val| val.to_string());
    format!("({}) -> {result}", params.join(", "))
}

/// A field of a [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its C name.
    pub name: &'static str,
    /// Its C type.
    pub ty: &'static str,
    /// Where it starts, in bytes.
    pub offset: u32,
    /// How many bytes it takes.
    pub size_bytes: u32,
}

/// The layout of a structure in guest memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The tag, `stat` for `struct stat`.
    pub name: &'static str,
    /// Its size, in bytes.
    pub size_bytes: u32,
    /// Its fields in order.
    pub fields: &'static [Field],
}

/// What the value of a socket option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketValue {
    /// Data that hold no addresses.
    Flat,
    /// The same for `getsockopt`; what `setsockopt` takes holds addresses.
    FlatToGet,
    /// A `struct sock_fprog` for `setsockopt`, data that hold no addresses for `getsockopt`.
    SockFprog,
    /// It holds addresses.
    Refused,
}

/// An option of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketOption {
    /// Its name in the kernel's headers.
    pub name: &'static str,
    /// Its number in its level.
    pub number: i32,
    /// What its value is.
    pub value: SocketValue,
}

/// The options of one level, a protocol as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketLevel {
    /// Its name in the kernel's headers.
    pub name: &'static str,
    /// Its number.
    pub number: i32,
    /// Its options, sorted by number.
    pub options: &'static [SocketOption],
}

/// What the third argument of an `ioctl` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IoctlArg {
    /// A number, or nothing.
    Number,
    /// A number that may be negative.
    Int,
    /// The address of data that holds no addresses.
    Flat,
    /// The address of a `struct blkpg_ioctl_arg`.
    BlkpgArg,
    /// The address of a `struct console_font_op`.
    ConsoleFontOp,
    /// The address of a `struct ifconf`.
    Ifconf,
    /// The address of a `struct ifreq` whose `ifr_data` is an address of flat data.
    IfreqData,
    /// The address of a `struct rtentry`, or of an IPv6 socket's `struct in6_rtmsg`.
    Rtentry,
    /// The address of a `struct serial_struct`.
    SerialStruct,
    /// The address of a `struct sock_fprog`.
    SockFprog,
    /// The address of a `struct sock_fprog` that the kernel fills.
    SockFprogOut,
    /// The address of a `struct unimapdesc`.
    Unimapdesc,
}

/// Requests of `ioctl` whose size is the program's choice and whose data hold no addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IoctlRange {
    /// Their names in the kernel's headers.
    pub names: &'static str,
    /// Their type, the second byte of the request.
    pub kind: u8,
    /// The first number, the lowest byte of the request.
    pub first: u8,
    /// The last number.
    pub last: u8,
}

/// A request of `ioctl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ioctl {
    /// Its name in the kernel's headers.
    pub name: &'static str,
    /// The number that programs pass.
    pub number: u32,
    /// The kernel's number; it differs where the size of a structure with addresses is part of it.
    pub host_number: u32,
    /// What the argument is.
    pub arg: IoctlArg,
}
