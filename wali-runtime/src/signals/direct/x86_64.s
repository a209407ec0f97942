# What the stubs of the direct calls end with. A stub has put the kernel's arguments and number into
# their registers, and below the stack pointer:
#   8, 16        the contexts that compiled code passed (rdi, rsi)
#   24 to 48     its parameters in registers (rdx, rcx, r8, r9)
#   56           the address of the call's place in the table of slow ways
# Between the test of the flag and the call lies the window in which the signal handler moves a thread to
# `wali_direct_left`.

.hidden wali_direct_test
.globl wali_direct_test
.hidden wali_direct_insn
.globl wali_direct_insn
.hidden wali_direct_done
.globl wali_direct_done
.hidden wali_direct_checked
.globl wali_direct_checked
.hidden wali_direct_test_popping
.globl wali_direct_test_popping
.hidden wali_direct_insn_popping
.globl wali_direct_insn_popping
.hidden wali_direct_done_popping
.globl wali_direct_done_popping
.hidden wali_direct_checked_popping
.globl wali_direct_checked_popping
.hidden wali_direct_made
.globl wali_direct_made
.hidden wali_direct_left
.globl wali_direct_left
.hidden wali_direct_stores
.globl wali_direct_stores
.hidden wali_direct_stored
.globl wali_direct_stored
.hidden wali_direct_clock_failed
.globl wali_direct_clock_failed
.hidden wali_direct_call_popping
.globl wali_direct_call_popping
.hidden wali_direct_blind
.globl wali_direct_blind

# Makes the call. Parameters on the stack are the called function's to take off: so many bytes.
.macro wali_direct_tail suffix, bytes
    .p2align 4
wali_direct_call\suffix:
    mov r11, [rip + {pending}]
wali_direct_test\suffix:
    cmp dword ptr fs:[r11], 0
    jne wali_direct_left
wali_direct_insn\suffix:
    syscall
wali_direct_done\suffix:
    mov r11, [rip + {pending}]
    cmp dword ptr fs:[r11], 0
wali_direct_checked\suffix:
    jne wali_direct_made
    .if \bytes
    ret \bytes
    .else
    ret
    .endif
.endm

wali_direct_tail "", 0
wali_direct_tail _popping, 16

# A signal waits, and the call is over: the slow way finds its result.
wali_direct_made:
    mov fs:[r11 + {made}], rax
    mov byte ptr fs:[r11 + {has_made}], 1
# A signal waits, and the call has not been made.
wali_direct_left:
    mov r11, [rsp - 56]
    mov rdi, [rsp - 8]
    mov rsi, [rsp - 16]
    mov rdx, [rsp - 24]
    mov rcx, [rsp - 32]
    mov r8, [rsp - 40]
    mov r9, [rsp - 48]
    jmp [r11]

# futex, as far as it waits at or wakes one word: the commands FUTEX_WAIT, FUTEX_WAKE, FUTEX_WAIT_BITSET and
# FUTEX_WAKE_BITSET, with any flags. Those that wake ignore the time, and none of them has a second word.
.p2align 4
wali_direct_futex:
    mov eax, ecx
    and eax, 127
    cmp eax, 10
    ja wali_direct_futex_other
    mov r11d, 0x603
    bt r11d, eax
    jnc wali_direct_futex_other
    mov [rsp - 8], rdi
    mov [rsp - 16], rsi
    mov [rsp - 24], rdx
    mov [rsp - 32], rcx
    mov [rsp - 40], r8
    mov [rsp - 48], r9
    mov r11, [rip + {base}]
    mov edi, edx
    lea rax, [rdi + r11]
    test edi, edi
    cmovnz rdi, rax
    movsxd rsi, ecx
    mov edx, r8d
    mov r10d, r9d
    lea rax, [r10 + r11]
    test r10d, r10d
    cmovnz r10, rax
    xor r8d, r8d
    mov r9d, [rsp + 16]
    lea r11, [rip + {slow} + wali_direct_futex_slow]
    mov [rsp - 56], r11
    mov eax, 202
    jmp wali_direct_call_popping
wali_direct_futex_other:
    jmp [rip + {slow} + wali_direct_futex_slow]

# Behind here nothing looks for signals.
wali_direct_blind:

# clock_gettime reads the clock as the host's libc does, without a system call where the kernel offers
# that. What fails goes the slow way, which finds out why.
.p2align 4
wali_direct_clock_gettime:
    sub rsp, 56
    .cfi_adjust_cfa_offset 56
    mov [rsp + 16], rdi
    mov [rsp + 24], rsi
    mov [rsp + 32], rdx
    mov [rsp + 40], rcx
    mov edi, edx
    mov rsi, rsp
    call {clock_gettime}
    mov ecx, [rsp + 40]
    test eax, eax
    jnz wali_direct_clock_failed
    test ecx, ecx
    jz wali_direct_clock_failed
    mov r11, [rip + {base}]
    mov rax, [rsp]
    mov rdx, [rsp + 8]
wali_direct_stores:
    mov [r11 + rcx], rax
    mov [r11 + rcx + 8], rdx
wali_direct_stored:
    xor eax, eax
    add rsp, 56
    .cfi_adjust_cfa_offset -56
    ret
wali_direct_clock_failed:
    .cfi_adjust_cfa_offset 56
    mov rdi, [rsp + 16]
    mov rsi, [rsp + 24]
    mov rdx, [rsp + 32]
    mov rcx, [rsp + 40]
    add rsp, 56
    .cfi_adjust_cfa_offset -56
    jmp [rip + {slow} + wali_direct_clock_gettime_slow]
