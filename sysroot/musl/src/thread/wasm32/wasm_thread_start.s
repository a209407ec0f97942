# The function the engine calls on a new thread, with (tid, block). The instance's globals are not
# set up, so no C may run before the stack pointer and the TLS base are taken from the block's first
# two words. Engines know these two words.
	.globaltype __stack_pointer, i32
	.globaltype __tls_base, i32
	.functype __wali_thread_main (i32, i32) -> ()
	.hidden __wali_thread_main

	.section .text.wasm_thread_start,"",@
	.hidden wasm_thread_start
	.globl wasm_thread_start
	.type wasm_thread_start,@function
wasm_thread_start:
	.functype wasm_thread_start (i32, i32) -> ()
	local.get 1
	i32.load 0
	global.set __stack_pointer
	local.get 1
	i32.load 4
	global.set __tls_base
	local.get 0
	local.get 1
	call __wali_thread_main
	end_function
