//! Threads: an instance of the module each, over the same memory, on a thread of the kernel's.

use std::sync::{OnceLock, mpsc};

use wasmtime::{AsContextMut as _, Ref, Store, TypedFunc, WasmBacktrace};

use super::handlers;
use crate::kernel::altstack::SignalStack;
use crate::kernel::process::{exit_now, exit_thread, id_of_thread, process_id, thread_id};
use crate::kernel::{Errno, SigSet, descriptor, wake};
use crate::memory::{GuestMemory, robust_links};
use crate::program::{Cx, Ended, Process, Stop, SysResult, Task, instantiate, thread_stack_bytes};
use crate::{signals, trace};

/// What a new thread begins with.
struct Start {
    store: Store<Task>,
    entry: Entry,
    mask: SigSet,
    arg: u32,
}

/// The size of a thread's stack: the limit that the process had at its start, as for native threads.
static STACK_BYTES: OnceLock<usize> = OnceLock::new();

type Entry = TypedFunc<(i32, i32), ()>;

/// Starts a thread that calls the function at `entry` of the table with its number and `arg`.
/// Returns its number.
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

/// Makes the instance in the calling thread: the memory for it is at hand, and what fails does so before there
/// is a new thread.
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
        task.process.threads.begin_one();
        let spawned = signals::keeping_actions(|| {
            std::thread::Builder::new()
                .stack_size(*STACK_BYTES.get_or_init(thread_stack_bytes))
                .spawn(move || live(start, &tell))
        });
        if spawned.is_err() {
            task.process.threads.end_one();
        }
        spawned.ok()?
    };
    // Looking the number up is far faster than waiting for the thread to send it. A thread that is over has no
    // number any more, but has sent it.
    id_of_thread(&thread).or_else(|| told.recv().ok())
}

fn instance(creator: &Task, entry: u32) -> Option<(Store<Task>, Entry)> {
    let task = Task::new(creator.memory, creator.process);
    let mut store = Store::new(&creator.process.program.engine, task);
    instantiate(&mut store).ok()?;
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
    let tid = thread_id();
    store.data_mut().tid = tid;
    store.data_mut().thread.is_counted = true;
    store.data_mut().no_frames = Some(WasmBacktrace::capture(&store));
    let process = store.data().process;
    let stack = {
        let _shared = process.threads.use_shared();
        SignalStack::install()
    };
    handlers::enter(&mut store);
    signals::begin(mask);
    // Nobody listens any more if the creator has found the number without waiting.
    let _ = tell.send(tid);
    let result = entry.call(store.as_context_mut(), (tid, arg.cast_signed()));
    if let Err(error) = result
        && !matches!(error.downcast_ref(), Some(Ended::Thread(_)))
    {
        handlers::end(&mut store, &error);
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
    if task.tid == process_id() {
        // The process goes on as long as other threads do, and its status is this thread's.
        exit_thread(status);
    }
    let error = wasmtime::Error::new(Ended::Thread(status));
    Err(match cx.data_mut().no_frames.take() {
        Some(frames) => Stop::Unwind(error.context(frames)),
        None => Stop::Unwind(error),
    })
}

/// Does what the kernel does for a thread that has ended, once.
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
        robust_links::clear();
    }
    if std::mem::take(&mut task.thread.is_counted) {
        process.threads.end_one();
    }
    if let Some(word) = task.thread.clear_child_tid.take()
        && memory.store(word, 0).is_ok()
    {
        wake::wake(memory.host_ptr(word.addr()), 1);
    }
}

/// Ends the process with `status`, all threads at once.
pub(crate) fn exit_group(process: &Process, memory: GuestMemory, status: i32) -> ! {
    // Other processes may wait for locks in memory that they share with this one.
    let lists = std::mem::take(&mut *process.threads.robust());
    for (tid, list) in lists {
        list.release(memory, tid);
    }
    trace::finish();
    exit_now(status)
}
