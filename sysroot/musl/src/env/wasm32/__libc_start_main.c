/* The start of a Wasm program. There is no initial stack to read: the engine is asked for the
 * arguments and for the environment, and the auxiliary vector is made here. */
#include <elf.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include "atomic.h"
#include "libc.h"
#include "pthread_impl.h"
#include "syscall.h"
#include "wali_imports.h"
#include "wali_start.h"

int __wali_argc;
char **__wali_argv;

static void dummy(void *entropy)
{
}
weak_alias(dummy, __init_ssp);

extern weak hidden unsigned char __stack_low[], __stack_high[];
void __wasm_call_ctors(void);

enum { AUX_PAIRS = 12 };
static size_t auxv[2 * AUX_PAIRS];
static unsigned char entropy[16];

void *__wali_start_pages(size_t size)
{
	long pages = __syscall(SYS_mmap, 0, size, PROT_READ|PROT_WRITE, MAP_ANONYMOUS|MAP_PRIVATE, -1, 0);
	if (pages < 0 && pages > -4096) a_crash();
	return (void *)(uintptr_t)pages;
}

/* Where the stack is the lowest thing in memory, making page 0 inaccessible turns accesses through
 * null and overflows of the stack into faults. A refusal leaves the program as it was. */
static void guard_page_zero(void)
{
	if (!__stack_low && (uintptr_t)__stack_high >= 2*PAGE_SIZE)
		__syscall(SYS_mprotect, 0, PAGE_SIZE, PROT_NONE);
}

static void read_args(void)
{
	int argc = __wali_cl_get_argc();
	if (argc < 0) argc = 0;
	size_t size = (argc + 1) * sizeof(char *);
	for (int i = 0; i < argc; i++) size += __wali_cl_get_argv_len(i) + 1;
	char **vector = __wali_start_pages(size);
	char *strings = (char *)(vector + argc + 1);
	for (int i = 0; i < argc; i++) {
		vector[i] = strings;
		__wali_cl_copy_argv((int)(uintptr_t)strings, i);
		strings += __wali_cl_get_argv_len(i) + 1;
	}
	__wali_argc = argc;
	__wali_argv = vector;
}

static void make_auxv(void)
{
	size_t uid = __syscall(SYS_getuid), euid = __syscall(SYS_geteuid);
	size_t gid = __syscall(SYS_getgid), egid = __syscall(SYS_getegid);
	__syscall(SYS_getrandom, entropy, sizeof entropy, GRND_NONBLOCK);
	libc.secure = uid != euid || gid != egid;
	const size_t made[2 * AUX_PAIRS] = {
		AT_PAGESZ, PAGE_SIZE,
		AT_CLKTCK, 100,
		AT_UID, uid,
		AT_EUID, euid,
		AT_GID, gid,
		AT_EGID, egid,
		AT_SECURE, libc.secure,
		AT_RANDOM, (size_t)entropy,
		AT_EXECFN, (size_t)__progname_full,
		AT_MINSIGSTKSZ, MINSIGSTKSZ,
	};
	for (int i = 0; i < 2 * AUX_PAIRS; i++) auxv[i] = made[i];
	libc.auxv = auxv;
}

static void set_program_name(const char *name)
{
	__progname = __progname_full = (char *)name;
	for (const char *c = name; *c; c++) if (*c == '/') __progname = (char *)c + 1;
}

/* A set-user-id program must not find its standard descriptors closed. */
static void open_standard_descriptors(void)
{
	struct pollfd pfd[3] = { {.fd=0}, {.fd=1}, {.fd=2} };
	if (__syscall(SYS_poll, pfd, 3, 0) < 0) a_crash();
	for (int i = 0; i < 3; i++)
		if ((pfd[i].revents & POLLNVAL) && __sys_open("/dev/null", O_RDWR) < 0)
			a_crash();
}

/* One block a thread: alignment slack, struct pthread, the linker's TLS block, the dtv. Replaces
 * the weak version, which looks for program headers. */
void __init_tls(size_t *unused)
{
	size_t align = __builtin_wasm_tls_align();
	if (align < 16) align = 16;
	size_t size = __builtin_wasm_tls_size();
	libc.tls_align = align;
	libc.tls_size = align + sizeof(struct pthread) + size + 2*sizeof(void *);
	libc.tls_size = (libc.tls_size + 15) & -16;
	if (__init_tp(__copy_tls(__wali_start_pages(libc.tls_size))) < 0) a_crash();
}

void __wali_set_up(void)
{
	static volatile int done;
	if (a_swap(&done, 1)) return;
	if (__wali_init()) a_crash();
	guard_page_zero();
	libc.page_size = PAGE_SIZE;
	__init_tls(0);
	read_args();
	__environ = __wali_read_env();
	set_program_name(__wali_argc ? __wali_argv[0] : "");
	make_auxv();
	__init_ssp(entropy);
	if (libc.secure) open_standard_descriptors();
	__wasm_call_ctors();
}

/* Runs at the end of exit, after the functions registered with atexit. */
void __libc_exit_fini(void)
{
	__wali_deinit();
}

hidden _Noreturn void __wali_start(int (*main)(void))
{
	__wali_set_up();
	exit(main());
}
