# Calls that an older kernel lacks: a filter answers ENOSYS to them.
. "$ROOT/tests/e2e/functions"

cat >without.c <<'EOF'
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(argv[1]), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof code / sizeof *code, code};
	if (argc < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 77;
	execvp(argv[2], argv + 2);
	return 127;
}
EOF
"$CLANG" -o without without.c || wrong "the filter does not compile"
ends 0 ./without 437 true
[ $status -eq 77 ] && echo "no filters of system calls here" && exit 77

# Files that are opened while there is another thread.
cat >files.c <<'EOF'
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static int ends[2];
static void *waits(void *unused)
{
	char byte;
	return read(ends[0], &byte, 1) < 0 ? &ends : unused;
}
static void show(const char *what, int fd)
{
	struct stat status = {0};
	int code = errno;
	if (fd < 0)
		printf("%s: errno %d\n", what, code);
	else if (fstat(fd, &status) == 0)
		printf("%s: mode %o, size %d\n", what, status.st_mode, (int)status.st_size);
	close(fd);
}
int main(void)
{
	pthread_t thread;
	unsigned long long how[3] = {0};
	umask(022);
	pipe(ends);
	pthread_create(&thread, NULL, waits, NULL);
	int fd = open("new", O_RDWR | O_CREAT | O_EXCL, 0666);
	write(fd, "text", 4);
	show("new", fd);
	show("new again", open("new", O_RDWR | O_CREAT | O_EXCL, 0666));
	show("there", open("new", O_RDONLY));
	symlink("new", "link");
	show("link", open("link", O_RDONLY));
	show("no link", open("link", O_RDONLY | O_NOFOLLOW));
	symlink("later", "dangling");
	show("through a link", open("dangling", O_RDWR | O_CREAT, 0600));
	show("emptied", open("link", O_WRONLY | O_TRUNC));
	show("unnamed", open(".", O_RDWR | O_TMPFILE, 0600));
	show("missing", open("missing", O_RDONLY));
	show("memory", open("/proc/self/mem", O_RDWR));
	symlink("/proc/self/mem", "memory");
	show("link to memory", open("memory", O_RDWR));
	show("openat2", (int)syscall(SYS_openat2, AT_FDCWD, "new", how, sizeof how));
	DIR *folder = opendir(".");
	printf("folder: %d\n", folder && readdir(folder));
	write(ends[1], "", 1);
	pthread_join(thread, NULL);
	return 0;
}
EOF
run wali-cc -pthread -o files.wasm files.c
[ $status -eq 0 ] || wrong "the program does not compile"
text='new: mode 100644, size 4\nnew again: errno 17\nthere: mode 100644, size 4\nlink: mode 100644, size 4
no link: errno 40\nthrough a link: mode 100600, size 0\nemptied: mode 100644, size 0\nunnamed: mode 100600, size 0
missing: errno 2\nmemory: errno 13\nlink to memory: errno 13\nopenat2: errno 38\nfolder: 1\n'
prints "$text" ./without 437 wali-engine run files.wasm
finish
