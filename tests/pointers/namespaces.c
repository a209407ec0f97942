/* A throw-away place: namespaces of every kind, an empty root. */
#include "objects.h"

#include <grp.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>

#ifndef CLONE_NEWUSER
#define CLONE_NEWNS 0x00020000
#define CLONE_NEWUTS 0x04000000
#define CLONE_NEWIPC 0x08000000
#define CLONE_NEWUSER 0x10000000
#define CLONE_NEWPID 0x20000000
#define CLONE_NEWNET 0x40000000
#endif

/* Somebody without rights. */
#define NOBODY 65534

static void unable(const char *what)
{
	printf("cannot make namespaces of its own: %s: %s\n", what, strerror(errno));
	exit(77);
}

static void put(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		unable(path);
	close(fd);
}

/* Waits for all processes of the namespace and ends as `child` did. */
static void end_as(pid_t child)
{
	int status = 0, found;
	for (pid_t pid; (pid = wait(&found)) > 0 || errno == EINTR;)
		if (pid == child)
			status = found;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void enter_namespaces(void)
{
	const int kinds = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
	/* Whatever there is: something else is mounted over it here. */
	const char *const here = "/tmp";
	char line[64];
	/* What the machine's administrator may do to files is not for these processes. */
	if (getuid() == 0 && (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY) || prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L)))
		unable("setuid");
	int uid = getuid(), gid = getgid();
	if (syscall(SYS_unshare, (long)kinds))
		unable("unshare");
	put("/proc/self/setgroups", "deny");
	snprintf(line, sizeof line, "0 %d 1", uid);
	put("/proc/self/uid_map", line);
	snprintf(line, sizeof line, "0 %d 1", gid);
	put("/proc/self/gid_map", line);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mount("root", here, "tmpfs", 0, NULL) || chdir(here))
		unable("mount");
	const char *devices[] = {"null", "zero"};
	for (int i = 0; i < 2; i++) {
		char device[16];
		snprintf(device, sizeof device, "/dev/%s", devices[i]);
		close(open(devices[i], O_CREAT | O_WRONLY, 0600));
		if (mount(device, devices[i], NULL, MS_BIND, NULL))
			unable(device);
	}
	if (chroot(".") || chdir("/"))
		unable("chroot");
	umask(022);
	pid_t first = fork();
	if (first > 0)
		end_as(first);
	/* The namespace's first process is special to the kernel, so another one does the work. */
	pid_t worker = fork();
	if (worker > 0)
		end_as(worker);
}
