//! Calling the guest's handlers: at safepoints and on the way out of system calls.

use wasmtime::{AsContext as _, AsContextMut as _, Func, Ref, Trap, TypedFunc, Val, ValType};

use super::frame::{Frame, InCall, Interrupted};
use crate::kernel::sigaction::act_as_kernel;
use crate::kernel::{Errno, SigSet};
use crate::program::{AlternateStack, Cx, Stop, SysResult};
use crate::signals::actions::{ACTIONS, SIG_DFL, SIG_IGN};
use crate::signals::info::guest_info;
use crate::signals::{self, Arrived};
use crate::trace;

/// What becomes of a system call after handlers of signals have run.
#[derive(Debug)]
pub(crate) enum After {
    /// It has to be made, be it again.
    Again,
    /// It is over.
    Return(SysResult),
}

/// Runs the handlers of the signals that wait when a system call is over with `result`, or was not
/// made because of them.
pub(crate) fn after_call(cx: &mut Cx<'_>, result: SysResult) -> After {
    let made = !matches!(result, Err(Stop::Interrupted));
    let open = matches!(result, Err(Stop::Interrupted | Stop::Errno(Errno::EINTR)));
    // The guest's frames are being left: no handler may run in between.
    if matches!(result, Err(Stop::Ended(_) | Stop::Unwind(_))) {
        return After::Return(result);
    }
    let mut call = InCall {
        open,
        result: Errno::EINTR.to_raw(),
    };
    if let Err(error) = deliver(cx, &mut call) {
        return After::Return(Err(Stop::Unwind(error)));
    }
    cx.data_mut().signals.temporary_mask = None;
    if open && !call.open {
        return After::Return(Ok(call.result));
    }
    if made {
        After::Return(result)
    } else {
        After::Again
    }
}

/// Runs the handlers of all signals that wait, outside of a system call.
pub(super) fn deliver_closed(cx: &mut Cx<'_>) -> wasmtime::Result<()> {
    deliver(cx, &mut InCall::none())
}

/// Runs the handler of a signal that interrupted no system call.
pub(super) fn deliver_one(cx: &mut Cx<'_>, arrived: &Arrived) -> wasmtime::Result<()> {
    handle(cx, arrived, &mut InCall::none())
}

/// Runs the handlers of all signals that wait, and of those that their return lets in.
fn deliver(cx: &mut Cx<'_>, call: &mut InCall) -> wasmtime::Result<()> {
    while let Some(arrived) = signals::take() {
        handle(cx, &arrived, call)?;
    }
    Ok(())
}

fn handle(cx: &mut Cx<'_>, arrived: &Arrived, call: &mut InCall) -> wasmtime::Result<()> {
    let Arrived { signal, action, .. } = *arrived;
    match action.handler {
        SIG_IGN => {
            signals::set_mask(arrived.mask);
            return Ok(());
        }
        // Another thread took the handler away while the signal was on its way.
        SIG_DFL => {
            act_as_kernel(signal);
            signals::set_mask(arrived.mask);
            return Ok(());
        }
        _ => {}
    }
    if action.has(libc::SA_RESETHAND) {
        ACTIONS.lock().reset_since(signal, arrived.version);
    }
    let base = cx
        .data_mut()
        .signals
        .temporary_mask
        .take()
        .unwrap_or(arrived.mask);
    let mut blocked = base.union(action.mask);
    if !action.has(libc::SA_NODEFER) {
        blocked = blocked.with(signal);
    }
    trace::signal(cx.data().tid, signal);
    let handler = handler(cx, action.handler)?;
    let entry = Entry::new(cx, arrived, *call, &handler)?;
    signals::set_mask(blocked.without(SigSet::UNSTOPPABLE));
    // As in the kernel: what the handler's mask lets in interrupts it at its first instruction.
    let result = deliver_closed(cx).and_then(|()| handler.call(cx, signal, entry.frame));
    match result {
        Ok(()) => entry.leave(cx, call),
        // An exception has found the handler's caller; where it lands, the stack is put right.
        Err(error) => Err(error),
    }
}

/// A handler that is running, and what has to be restored when it returns.
struct Entry {
    frame: Option<Frame>,
    has_context: bool,
    stack_pointer: u32,
    disarmed: Option<AlternateStack>,
    mask: SigSet,
}

impl Entry {
    /// Prepares the stack.
    fn new(
        cx: &mut Cx<'_>,
        arrived: &Arrived,
        call: InCall,
        handler: &Handler,
    ) -> wasmtime::Result<Entry> {
        let mut entry = Entry {
            frame: None,
            has_context: handler.wants_frame(),
            stack_pointer: 0,
            disarmed: None,
            mask: arrived.mask,
        };
        let Some(stack_pointer) = stack_pointer(cx) else {
            return Ok(entry);
        };
        entry.stack_pointer = stack_pointer;
        let alternate = cx.data().signals.alternate;
        let wanted = arrived.action.has(libc::SA_ONSTACK);
        let other = wanted.then(|| alternate.top(stack_pointer)).flatten();
        let frame = Frame::below(other.unwrap_or(stack_pointer), other.is_none());
        let frame = frame.map_err(|_| Trap::MemoryOutOfBounds)?;
        if entry.has_context {
            let memory = cx.data().memory;
            let info = guest_info(arrived.signal, &arrived.info, memory.base());
            let state = Interrupted {
                mask: arrived.mask,
                call,
                stack_pointer,
                alternate,
            };
            // Native code that has no stack left for its handler ends by SIGSEGV.
            frame
                .store(memory, &info, &state)
                .map_err(|_| Trap::MemoryOutOfBounds)?;
        }
        if other.is_some() && alternate.disarms() {
            entry.disarmed = Some(alternate);
            cx.data_mut().signals.alternate = AlternateStack::default();
        }
        // At once: the frames of handlers that interrupt this one come below.
        set_stack_pointer(cx, frame.info())?;
        entry.frame = Some(frame);
        Ok(entry)
    }

    /// Puts everything back after a return.
    fn leave(self, cx: &mut Cx<'_>, call: &mut InCall) -> wasmtime::Result<()> {
        let mut mask = self.mask;
        if let Some(frame) = self.frame {
            set_stack_pointer(cx, self.stack_pointer)?;
            if self.has_context
                && let Ok((left_mask, left_call)) = frame.load(cx.data().memory)
            {
                mask = left_mask;
                if call.open && !left_call.open {
                    *call = left_call;
                }
            }
        }
        if let Some(alternate) = self.disarmed {
            cx.data_mut().signals.alternate = alternate;
        }
        signals::set_mask(mask);
        Ok(())
    }
}

/// The guest's stack pointer, if the module shows it.
pub(crate) fn stack_pointer(cx: &mut Cx<'_>) -> Option<u32> {
    let global = cx.data().signals.stack_pointer?;
    global
        .get(cx.as_context_mut())
        .i32()
        .map(i32::cast_unsigned)
}

fn set_stack_pointer(cx: &mut Cx<'_>, value: u32) -> wasmtime::Result<()> {
    match cx.data().signals.stack_pointer {
        Some(global) => global.set(cx.as_context_mut(), Val::I32(value.cast_signed())),
        None => Ok(()),
    }
}

/// A handler, by its own type. C programs cast between all of them.
pub(crate) enum Handler {
    /// `void (int)`.
    One(TypedFunc<i32, ()>),
    /// `void (int, siginfo_t *, void *)`.
    Three(TypedFunc<(i32, i32, i32), ()>),
    /// Up to three `int`s or pointers, with some result.
    Other(Func, usize),
}

/// The handler at `index` of the function table.
///
/// # Errors
/// What a call through such a pointer traps with.
pub(crate) fn handler(cx: &mut Cx<'_>, index: u32) -> wasmtime::Result<Handler> {
    let table = cx.data().table.ok_or(Trap::TableOutOfBounds)?;
    let function = match table.get(cx.as_context_mut(), u64::from(index)) {
        Some(Ref::Func(Some(function))) => function,
        Some(_) => return Err(Trap::IndirectCallToNull.into()),
        None => return Err(Trap::TableOutOfBounds.into()),
    };
    if let Ok(one) = function.typed(cx.as_context()) {
        return Ok(Handler::One(one));
    }
    if let Ok(three) = function.typed(cx.as_context()) {
        return Ok(Handler::Three(three));
    }
    let ty = function.ty(cx.as_context());
    let n_params = ty.params().len();
    if n_params > 3 || ty.params().any(|param| !matches!(param, ValType::I32)) {
        return Err(Trap::BadSignature.into());
    }
    Ok(Handler::Other(function, n_params))
}

/// Whether the guest means `SIG_IGN` by `handler`.
///
/// The interface's value is -2. Programs built against other headers pass 1, which is also the
/// index of the first function that such a linker puts into the table. Where that function has a handler's type,
/// 1 means the function.
pub(crate) fn is_sig_ign(cx: &mut Cx<'_>, handler_value: u32) -> bool {
    match handler_value {
        SIG_IGN => true,
        1 => !matches!(handler(cx, 1), Ok(Handler::One(_) | Handler::Three(_))),
        _ => false,
    }
}

impl Handler {
    fn wants_frame(&self) -> bool {
        !matches!(self, Handler::One(_))
    }

    fn call(&self, cx: &mut Cx<'_>, signal: i32, frame: Option<Frame>) -> wasmtime::Result<()> {
        let (info, context) = frame.map_or((0, 0), |frame| (frame.info(), frame.context()));
        let (info, context) = (info.cast_signed(), context.cast_signed());
        match self {
            Handler::One(function) => function.call(cx.as_context_mut(), signal),
            Handler::Three(function) => function.call(cx.as_context_mut(), (signal, info, context)),
            Handler::Other(function, n_params) => {
                let args = [signal, info, context].map(Val::I32);
                let n_results = function.ty(cx.as_context()).results().len();
                let mut results = vec![Val::I32(0); n_results];
                function.call(cx.as_context_mut(), &args[..*n_params], &mut results)
            }
        }
    }
}
