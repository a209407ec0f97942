/* The runtime of the compiler's setjmp: longjmp is a Wasm exception that the function which called
 * setjmp catches. The functions' names and the layout of the thrown words are the compiler's. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

#define hidden __attribute__((__visibility__("hidden")))

struct thrown {
	struct __jmp_buf_tag *env;
	int value;
};

/* What is kept in a jmp_buf's first words. */
struct place {
	void *invocation;
	uint32_t label;
	struct thrown thrown;
};

_Static_assert(sizeof(struct place) <= sizeof(__jmp_buf), "jmp_buf holds the runtime's state");

enum { C_LONGJMP_TAG = 1 };

/* The buffer of the jump under way: sigsetjmp finds its signal mask there. */
static _Thread_local struct __jmp_buf_tag *target;

hidden void __wasm_setjmp(struct __jmp_buf_tag *env, uint32_t label, void *invocation)
{
	struct place *place = (void *)env->__jb;
	place->invocation = invocation;
	place->label = label;
}

/* The label to go on at when `env` was set by this invocation of the calling function, else 0. */
hidden uint32_t __wasm_setjmp_test(struct __jmp_buf_tag *env, void *invocation)
{
	struct place *place = (void *)env->__jb;
	return place->invocation == invocation ? place->label : 0;
}

hidden _Noreturn void __wasm_longjmp(struct __jmp_buf_tag *env, int value)
{
	struct place *place = (void *)env->__jb;
	target = env;
	place->thrown.env = env;
	place->thrown.value = value ? value : 1;
	__builtin_wasm_throw(C_LONGJMP_TAG, &place->thrown);
}

/* Calls through pointers, and calls compiled without the compiler's setjmp support. */
_Noreturn void longjmp(jmp_buf env, int value)
{
	__wasm_longjmp(env, value);
}

_Noreturn void _longjmp(jmp_buf env, int value)
{
	__wasm_longjmp(env, value);
}

/* The compiler drops a setjmp that no call follows. */
int __wali_jmp_land(int value)
{
	return value;
}

struct __jmp_buf_tag *__wali_sigjmp_save(sigjmp_buf env, int save)
{
	env->__fl = !!save;
	if (save) sigprocmask(SIG_BLOCK, 0, (sigset_t *)env->__ss);
	return env;
}

int __wali_sigjmp_land(int value)
{
	if (value && target->__fl) sigprocmask(SIG_SETMASK, (sigset_t *)target->__ss, 0);
	return value;
}
