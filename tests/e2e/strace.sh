# timeout: 120
# The trace of system calls: decoded arguments, filters, the summary, and the same calls as strace shows
# of the native program.
. "$ROOT/tests/e2e/functions"

cat >trace.c <<'EOF'
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void on_signal(int signal)
{
	(void)signal;
}

int main(void)
{
	struct sockaddr_un name = {AF_UNIX, "none"};
	struct sockaddr_in port = {.sin_family = AF_INET, .sin_port = htons(9)};
	char text[16];
	int status;
	syscall(SYS_openat, AT_FDCWD, "file", O_CREAT | O_RDWR | O_TRUNC, 0640);
	syscall(SYS_write, 3, "a \"b\"\n", 6L);
	syscall(SYS_lseek, 3, 0L, SEEK_SET);
	syscall(SYS_read, 3, text, 16L);
	syscall(SYS_access, "missing", R_OK | W_OK);
	syscall(SYS_mkdir, "folder", 0755);
	syscall(SYS_unlinkat, AT_FDCWD, "folder", AT_REMOVEDIR);
	syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	syscall(SYS_connect, 4, &name, sizeof name);
	syscall(SYS_connect, 4, &port, sizeof port);
	syscall(SYS_fcntl, 3, F_SETFD, FD_CLOEXEC);
	syscall(SYS_close, 3);
	signal(SIGUSR1, on_signal);
	syscall(SYS_kill, getpid(), SIGUSR1);
	if (fork() == 0)
		_exit(3);
	syscall(SYS_wait4, -1, &status, 0, NULL);
	return 0;
}
EOF
run wali-cc -o trace.wasm trace.c
[ $status -eq 0 ] || wrong "the program does not compile"

# What stands in the trace between the brackets of the thread and those of the time.
calls='openat|write|lseek|read|access|mkdir|unlinkat|socket|connect|fcntl|close'
plain() {
	sed -E 's/^\[[0-9]+\] //; s/ <[0-9.]+>$//; s/ +=/ =/; s/<socket:\[[0-9]+\]>/<socket>/g' |
		sed -E 's/\|O_LARGEFILE//; s/inet_addr\("([0-9.]+)"\)/\1/' | grep -E "^($calls)\("
}

run wali-engine run --strace --strace-out trace ./trace.wasm
[ $status -eq 0 ] || wrong "status $status under the trace"
sed -n '/"file"/,$p' trace | plain >ours
grep -q '^openat(AT_FDCWD</.*>, "file", O_RDWR|O_CREAT|O_TRUNC, 0640) = 3</.*/file>$' ours ||
	wrong "the file is not named: $(head -n 1 ours)"
for expected in '--- SIGUSR1 ---' 'kill([0-9]*, SIGUSR1) = 0' 'wait4(-1, \[{exited, 3}\], 0, NULL) = ' \
	'access("missing", R_OK|W_OK) = -1 ENOENT (No such file or directory)'; do
	grep -q -e "$expected" trace || wrong "the trace has no $expected"
done

# strace with the same program, where it is and may trace.
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	run "$CLANG" -o native trace.c
	rm -f file
	strace -y -o theirs.all ./native
	sed -n '/"file"/,$p' theirs.all | plain >theirs
	cmp -s ours theirs || { diff ours theirs >stdout; wrong "another trace than strace's"; }
fi

# Filters.
rm -f trace file
run wali-engine run --strace=%network,lseek --strace-out trace ./trace.wasm
[ "$(plain <trace | sed 's/(.*//' | tr '\n' ' ')" = 'lseek socket connect connect ' ] || wrong "by family: $(cat trace)"
rm -f trace
run wali-engine run --strace=failed --strace-out trace ./trace.wasm
[ "$(grep -c 'ENOENT' trace)" -eq 2 ] && ! grep -q ' = 0 <' trace || wrong "failures: $(cat trace)"
fails 2 'nor a family' wali-engine run --strace=nonsense ./trace.wasm

# The summary: of the calls one failed, of the whole every row is a part.
run wali-engine run --strace=access,mkdir -c ./trace.wasm
grep -qE '^ *[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +1 +1  access$' stderr || wrong "no row of access"
grep -qE '^100.00 .* 2 +[12]  total$' stderr || wrong "no sum"

# A program that becomes another one: the call has its line, a failed one its error, and each program its
# own summary. What mappings and forks take is the kernel's time.
cat >becomes.c <<'EOF'
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	char *again[] = {"becomes", "again", 0}, *none[] = {0};
	if (argc > 1)
		return 0;
	if (fork() == 0) {
		execve("missing", again, none);
		execve("/bin/true", again, none);
	}
	wait(0);
	for (int i = 0; i < 200; i++)
		munmap(mmap(0, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 65536);
	execve("./becomes.wasm", again, none);
	return 1;
}
EOF
run wali-cc -o becomes.wasm becomes.c
run wali-engine run --strace=execve ./becomes.wasm
[ $status -eq 0 ] || wrong "status $status of a program that becomes another one"
sed -E 's/^\[[0-9]+\] //; s/, 0x[^)]*\)/)/; s/ <[0-9.]+>$//' stderr >ours
cat >expected <<'EOF'
execve("missing") = -1 ENOENT (No such file or directory)
execve("/bin/true") = 0
execve("./becomes.wasm") = 0
EOF
cmp -s ours expected || wrong "another trace of execve"
run wali-engine run --strace=mmap,fork -c ./becomes.wasm
awk '$7 == "fork" || $7 == "mmap" && $5 > 100 { n++; if ($3 + 0 == 0) exit 1 } END { exit n < 2 }' stderr ||
	wrong "no time of the kernel's for mmap or fork"

# A trace that does not fit the limit on the size of files ends; the program does not.
cat >limited.c <<'EOF'
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static volatile sig_atomic_t seen;

static void count(int signal)
{
	seen += signal == SIGXFSZ;
}

int main(void)
{
	struct rlimit none = {0, 0};
	sigset_t set;
	getpgrp();
	setrlimit(RLIMIT_FSIZE, &none);
	getppid();
	signal(SIGXFSZ, count);
	getppid();
	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &set, NULL);
	getppid();
	sigpending(&set);
	int waits = sigismember(&set, SIGXFSZ);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("%d seen, %d waiting\n", (int)seen, waits);
	return 0;
}
EOF
run wali-cc -o limited.wasm limited.c
[ $status -eq 0 ] || wrong "the program does not compile"
prints '0 seen, 0 waiting\n' sh -c 'wali-engine run --strace --strace-out limited.trace limited.wasm | cat'
contains 'getpgid' limited.trace

finish
