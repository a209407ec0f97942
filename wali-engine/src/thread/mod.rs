//! Threads: an instance of the module each, over the same memory, on a thread of the kernel's.

mod robust;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{
    Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc,
};

use wasmtime::{AsContextMut as _, Ref, Store, TypedFunc, WasmBacktrace};

use crate::ends::{Ended, Stop, SysResult};
use crate::guest::{Cx, GuestMemory, GuestPtr, Process, Task};
use crate::host::altstack::SignalStack;
use crate::host::{descriptor, faults, futex, signals};
use crate::signal::SigSet;
use crate::{Errno, engine, host, run, signal};

pub(crate) use robust::RobustList;

/// What the kernel would keep of one thread.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ThreadState {
    /// The word that is cleared and woken when the thread ends.
    pub(crate) clear_child_tid: Option<GuestPtr<u32>>,
    /// Whether it is among the threads that [`Threads`] counts.
    pub(crate) is_counted: bool,
}

/// The threads of the process.
#[derive(Debug, Default)]
pub struct Threads {
    /// Held for reading by who uses what wasmtime shares between threads, for writing across a
    /// fork: the child finds nothing locked by a thread that it does not have.
    shared: RwLock<()>,
    /// The robust lists of those threads that have one.
    robust: Mutex<BTreeMap<i32, RobustList>>,
    /// How many threads there are besides the process's first, as the program knows them: one that
    /// was joined is none, even while the kernel still has it.
    others: AtomicUsize,
}

/// What a fork holds of [`Threads`].
pub(crate) struct ForkGuard<'a> {
    _shared: RwLockWriteGuard<'a, ()>,
    _robust: MutexGuard<'a, BTreeMap<i32, RobustList>>,
}

impl Threads {
    /// Keeps forks away while something that all threads share is in use. Not to be nested.
    pub(crate) fn use_shared(&self) -> RwLockReadGuard<'_, ()> {
        self.shared.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nothing shared is in use, and keeps it so.
    pub(crate) fn lock_for_fork(&self) -> ForkGuard<'_> {
        ForkGuard {
            _shared: self.shared.write().unwrap_or_else(PoisonError::into_inner),
            _robust: self.robust(),
        }
    }

    /// In a new process: what belonged to threads that it does not have.
    pub(crate) fn become_only_thread(&self) {
        self.robust().clear();
        self.others.store(0, Ordering::Relaxed);
    }

    /// Whether the program knows of one thread only, whatever the kernel still has.
    pub(crate) fn is_one(&self) -> bool {
        self.others.load(Ordering::Acquire) == 0
    }

    /// The robust lists by thread number.
    pub(crate) fn robust(&self) -> MutexGuard<'_, BTreeMap<i32, RobustList>> {
        self.robust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a new thread begins with.
struct Start {
    store: Store<Task>,
    entry: Entry,
    mask: SigSet,
    arg: u32,
}

/// The size of a thread's stack: that of the process's at its start, as for native threads.
static STACK_BYTES: OnceLock<usize> = OnceLock::new();

type Entry = TypedFunc<(i32, i32), ()>;

/// Starts a thread that calls the function at `entry` of the table with its number and `arg`.
/// Answers the number.
///
/// # Errors
/// - `EAGAIN`: no room for a thread, or no such function.
/// - [`Stop::Interrupted`]: the new thread must not inherit the mask of a signal on its way.
pub(crate) fn spawn(cx: &mut Cx<'_>, entry: u32, arg: u32) -> SysResult {
    let mask = signals::block_all().ok_or(Stop::Interrupted)?;
    descriptor::set_shared(true);
    let tid = start(cx.data(), mask, entry, arg);
    signals::set_mask(mask);
    Ok(tid.map(i64::from).ok_or(Errno::EAGAIN)?)
}

/// Makes the instance here and not in the new thread: the memory for it is at hand, and what fails
/// has failed before there is a thread.
fn start(task: &Task, mask: SigSet, entry: u32, arg: u32) -> Option<i32> {
    let (tell, told) = mpsc::sync_channel(1);
    let thread = {
        let _shared = task.process.threads.use_shared();
        let (store, entry) = instance(task, entry)?;
        let start = Start {
            store,
            entry,
            mask,
            arg,
        };
        let others = &task.process.threads.others;
        others.fetch_add(1, Ordering::Relaxed);
        let spawned = signals::keeping_actions(|| {
            std::thread::Builder::new()
                .stack_size(*STACK_BYTES.get_or_init(engine::thread_stack_bytes))
                .spawn(move || live(start, &tell))
        });
        if spawned.is_err() {
            others.fetch_sub(1, Ordering::Relaxed);
        }
        spawned.ok()?
    };
    // Waiting for the thread to tell would take longer than all the rest; a thread that is over has
    // no number to look up, but has told it.
    host::process::id_of_thread(&thread).or_else(|| told.recv().ok())
}

fn instance(creator: &Task, entry: u32) -> Option<(Store<Task>, Entry)> {
    let task = Task::new(creator.memory, creator.process);
    let mut store = Store::new(&creator.process.program.engine, task);
    run::instantiate(&mut store).ok()?;
    let table = store.data().table?;
    match table.get(store.as_context_mut(), u64::from(entry))? {
        Ref::Func(Some(function)) => {
            let entry = function.typed(&store).ok()?;
            Some((store, entry))
        }
        _ => None,
    }
}

/// The life of a thread. All signals are blocked at its begin and its end.
fn live(start: Start, tell: &mpsc::SyncSender<i32>) {
    let Start {
        mut store,
        entry,
        mask,
        arg,
    } = start;
    let tid = host::process::thread_id();
    store.data_mut().tid = tid;
    store.data_mut().thread.is_counted = true;
    store.data_mut().no_frames = Some(WasmBacktrace::capture(&store));
    let process = store.data().process;
    let stack = {
        let _shared = process.threads.use_shared();
        SignalStack::install()
    };
    faults::enter(&mut store);
    signals::begin(mask);
    // Nobody listens any more if the creator has found the number without waiting.
    let _ = tell.send(tid);
    let result = entry.call(store.as_context_mut(), (tid, arg.cast_signed()));
    if let Err(error) = result
        && !matches!(error.downcast_ref(), Some(Ended::Thread(_)))
    {
        signal::end(&mut store, &error);
    }
    signals::set_mask(SigSet::FULL);
    release(store.data_mut());
    let _shared = process.threads.use_shared();
    drop(store);
    drop(stack);
}

/// Ends the calling thread with `status`.
///
/// # Errors
/// Always: [`Ended::Thread`], or [`Stop::Interrupted`] while a signal has to be handled first.
pub(crate) fn exit(cx: &mut Cx<'_>, status: i32) -> SysResult {
    signals::block_all().ok_or(Stop::Interrupted)?;
    let task = cx.data_mut();
    // Whoever waits for the thread goes on while this one cleans up, which no longer needs the
    // guest's memory.
    release(task);
    if task.tid == crate::host::process::process_id() {
        // The process goes on as long as other threads do, and its status is this thread's.
        crate::host::process::exit_thread(status);
    }
    let error = wasmtime::Error::new(Ended::Thread(status));
    Err(match cx.data_mut().no_frames.take() {
        Some(frames) => Stop::Unwind(error.context(frames)),
        None => Stop::Unwind(error),
    })
}

/// Does what the kernel does in a thread's name when it has ended: once.
fn release(task: &mut Task) {
    let Task {
        process,
        memory,
        tid,
        ..
    } = *task;
    let robust = process.threads.robust().remove(&tid);
    if let Some(list) = robust {
        list.release(memory, tid);
        host::robust::clear();
    }
    if std::mem::take(&mut task.thread.is_counted) {
        process.threads.others.fetch_sub(1, Ordering::Release);
    }
    if let Some(word) = task.thread.clear_child_tid.take()
        && memory.store(word, 0).is_ok()
    {
        futex::wake(memory.host_ptr(word.addr()), 1);
    }
}

/// Ends the process with `status`, all threads at once.
pub(crate) fn exit_group(process: &Process, memory: GuestMemory, status: i32) -> ! {
    // Other processes may wait for locks in memory that they share with this one.
    let lists = std::mem::take(&mut *process.threads.robust());
    for (tid, list) in lists {
        list.release(memory, tid);
    }
    crate::strace::finish();
    crate::host::process::exit_now(status)
}
