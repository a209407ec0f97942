/* Functions for callers that the compiler did not rewrite: one that takes the address, or one that
 * was compiled without exceptions. They return once; a jump to such a buffer finds nobody. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <string.h>

#undef setjmp
#undef _setjmp
#undef sigsetjmp

static int return_once(struct __jmp_buf_tag *env)
{
	memset(env, 0, sizeof *env);
	return 0;
}

int setjmp(jmp_buf env)
{
	return return_once(env);
}

int _setjmp(jmp_buf env)
{
	return return_once(env);
}

int sigsetjmp(sigjmp_buf env, int save)
{
	(void)save;
	return return_once(env);
}
