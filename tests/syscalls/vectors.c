// skip-cross: qemu 7.2 has no process_vm_readv
// calls: readv writev preadv vmsplice process_vm_readv process_vm_writev
/* Scattered reads and writes, and memory named by vectors. */
#include "../libc/check.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void *volatile nowhere = (void *)16;

static void pipes(void)
{
	int ends[2];
	char a[3] = "", b[10] = "";
	struct iovec out[] = {{"ab", 2}, {NULL, 0}, {"cde", 3}}, in[] = {{a, 2}, {b, sizeof b}};
	CHECK(pipe2(ends, O_NONBLOCK) == 0);
	CHECK(writev(ends[1], out, 3) == 5);
	CHECK(readv(ends[0], in, 2) == 5);
	CHECK(memcmp(a, "ab", 2) == 0 && memcmp(b, "cde", 3) == 0);
	CHECK(writev(ends[1], out, 0) == 0);
	CHECK_ERRNO(writev(ends[1], out, -1), EINVAL);
	CHECK_ERRNO(writev(ends[1], out, 1025), EINVAL);
	CHECK_ERRNO(writev(-1, nowhere, 2), EBADF);
	CHECK_ERRNO(writev(ends[1], nowhere, 2), EFAULT);
	CHECK_ERRNO(readv(ends[1], in, 2), EBADF);
	CHECK_ERRNO(readv(ends[0], in, 2), EAGAIN);
	struct iovec bad[] = {{"ok", 2}, {nowhere, 2}}, negative[] = {{a, 1}, {a, -1}};
	ssize_t part = writev(ends[1], bad, 2);
	CHECK(part == 2 || (part == -1 && errno == EFAULT));
	CHECK_ERRNO(writev(ends[1], negative, 2), EINVAL);
	CHECK_ERRNO(vmsplice(ends[0], nowhere, 1, 0), EFAULT);
	CHECK(vmsplice(ends[1], out, 3, SPLICE_F_NONBLOCK) == 5);
	CHECK(read(ends[0], b, sizeof b) >= 5);
}

static void many(void)
{
	char from[1024], to[1024];
	struct iovec out[1024], in[1024];
	int file = open("many", O_CREAT | O_RDWR | O_TRUNC, 0600);
	for (int i = 0; i < 1024; i++) {
		from[i] = i * 7;
		out[i] = (struct iovec){from + i, 1};
		in[i] = (struct iovec){to + 1023 - i, 1};
	}
	CHECK(pwritev(file, out, 1024, 10) == 1024);
	CHECK(preadv(file, in, 1024, 10) == 1024);
	int same = 1;
	for (int i = 0; i < 1024; i++)
		same &= to[1023 - i] == from[i];
	CHECK(same);
	CHECK(preadv(file, in, 9, 1030) == 4);
	CHECK_ERRNO(preadv(file, in, 1, -1), EINVAL);
	CHECK(syscall(SYS_preadv2, file, in, 2L, -1L, -1L, 0) == 2 || errno == EOPNOTSUPP);
	CHECK_ERRNO(syscall(SYS_pwritev2, file, out, 1L, 0L, 0L, 1 << 30), EOPNOTSUPP);
}

static void processes(void)
{
	char from[] = "memory of a process", to[sizeof from] = "";
	struct iovec local = {to, sizeof to}, remote = {from, sizeof from};
	CHECK(process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == sizeof from);
	CHECK(strcmp(from, to) == 0);
	remote.iov_base = nowhere;
	CHECK_ERRNO(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), EFAULT);
	CHECK_ERRNO(process_vm_writev(getpid(), &local, 1, &remote, 1, 1), EINVAL);
	CHECK_ERRNO(process_vm_writev(0x7fffffff, &local, 1, &remote, 1, 0), ESRCH);
}

int main(void)
{
	pipes();
	many();
	processes();
	return check_status();
}
