/* What execve and execveat answer when there is nothing to execute: for programs of the machine and
 * for this program, which is a module when it was compiled as one, in the kernel's order. */
#include "../libc/check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK_ONLY 0x10000

static char *no_env[] = {NULL};

static void make(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fchmod(fd, mode) == 0);
	close(fd);
}

static void copy(const char *from, const char *to, mode_t mode)
{
	static char buffer[1 << 16];
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;
	while ((n = read(in, buffer, sizeof buffer)) > 0)
		CHECK(write(out, buffer, n) == n);
	CHECK(fchmod(out, mode) == 0);
	close(in);
	close(out);
}

static const char *name_of(int code)
{
	static const struct {
		int code;
		const char *name;
	} names[] = {
#define ROW(code) {code, #code}
		ROW(ENOENT), ROW(EACCES), ROW(ENOEXEC), ROW(ENOTDIR), ROW(ELOOP), ROW(EFAULT), ROW(E2BIG),
		ROW(ENAMETOOLONG), ROW(EINVAL), ROW(EBADF), ROW(ETXTBSY), ROW(EPERM), ROW(EISDIR),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == code)
			return names[i].name;
	return "another error";
}

/* Tries in a child, so that a success is told as well. */
static void try(const char *what, int fd, const char *path, char *const argv[], int flags)
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		syscall(SYS_execveat, fd, path, argv, no_env, flags);
		_exit(100 + (errno < 100 ? errno : 99));
	}
	int status = 0;
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status));
	int code = WEXITSTATUS(status);
	if (code >= 100)
		printf("%s: %s\n", what, name_of(code - 100));
	else
		printf("%s: status %d\n", what, code);
}

static void paths(void)
{
	char *argv[] = {"x", "7", NULL};
	static char long_name[300], long_path[5000];
	memset(long_name, 'n', sizeof long_name - 1);
	memset(long_path, '/', sizeof long_path - 1);
	try("empty", AT_FDCWD, "", argv, 0);
	try("absent", AT_FDCWD, "absent", argv, 0);
	try("below an absent folder", AT_FDCWD, "absent/x", argv, 0);
	try("below a file", AT_FDCWD, "plain/x", argv, 0);
	try("a folder", AT_FDCWD, ".", argv, 0);
	try("a folder by a slash", AT_FDCWD, "own/", argv, 0);
	try("a circle", AT_FDCWD, "circle", argv, 0);
	try("a long name", AT_FDCWD, long_name, argv, 0);
	try("a long path", AT_FDCWD, long_path, argv, 0);
	try("no path", AT_FDCWD, NULL, argv, 0);
	try("a device", AT_FDCWD, "/dev/null", argv, 0);
	try("not executable", AT_FDCWD, "plain", argv, 0);
	try("own, not executable", AT_FDCWD, "own-plain", argv, 0);
	try("own", AT_FDCWD, "own", argv, 0);
	try("own by a link", AT_FDCWD, "link", argv, 0);
}

static void contents(void)
{
	char *argv[] = {"x", "7", NULL};
	make("empty-file", "", 0755);
	make("text", "hello\n", 0755);
	make("cut-elf", "\177ELF", 0755);
	make("lost", "#!/absent/interpreter\n", 0755);
	make("folder", "#!/\n", 0755);
	make("plain-one", "#!./plain\n", 0755);
	make("nobody", "#!\n", 0755);
	make("blank", "#!   \n", 0755);
	make("itself", "#!./itself\n", 0755);
	make("own-script", "#!./own 8\n", 0755);
	make("own-script-plain", "#!./own 8\n", 0644);
	make("own-plain-script", "#!./own-plain 8\n", 0755);
	make("deep1", "#!./own-script\n", 0755);
	make("deep2", "#!./deep1\n", 0755);
	make("deep3", "#!./deep2\n", 0755);
	make("deep4", "#!./deep3\n", 0755);
	make("deep5", "#!./deep4\n", 0755);
	static const char *const names[] = {"empty-file", "text", "cut-elf", "lost", "folder", "plain-one",
		"nobody", "blank", "itself", "own-script", "own-script-plain", "own-plain-script", "deep1",
		"deep2", "deep3", "deep4", "deep5"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		try(names[i], AT_FDCWD, names[i], argv, 0);
}

static void lists(void)
{
	char *argv[] = {"x", "7", NULL}, *bad_string[] = {"x", (char *)16, NULL};
	static char huge[140000];
	memset(huge, 'h', sizeof huge - 1);
	char *too_big[] = {"x", huge, NULL};
	char **bad = (char **)16;
	static const char *const files[] = {"own", "/bin/sh", "own-script", "absent", "plain"};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		printf("%s:\n", files[i]);
		try("  a bad list", AT_FDCWD, files[i], bad, 0);
		try("  a bad string", AT_FDCWD, files[i], bad_string, 0);
		try("  a huge string", AT_FDCWD, files[i], too_big, 0);
		CHECK(execve(files[i], argv, bad) == -1);
		printf("  a bad environment: %s\n", name_of(errno));
		CHECK(execve(files[i], argv, too_big) == -1);
		printf("  a huge environment: %s\n", name_of(errno));
	}
}

static void descriptors(void)
{
	char *argv[] = {"x", "7", NULL};
	int folder = open(".", O_RDONLY | O_DIRECTORY), own = open("own", O_RDONLY), plain = open("plain", O_RDONLY);
	int kept = open("own", O_RDONLY | O_CLOEXEC), path = open("own", O_PATH);
	int script = open("own-script", O_RDONLY), lost = open("own-script", O_RDONLY | O_CLOEXEC);
	int lost_folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	try("no such flag", AT_FDCWD, "own", argv, 0x40);
	try("no such flag and no such file", AT_FDCWD, "absent", argv, 0x40);
	try("no such flag and no path", AT_FDCWD, NULL, argv, 0x40);
	try("no such descriptor", 999, "own", argv, 0);
	try("no such descriptor, absolute", 999, "/absent", argv, 0);
	try("not a folder", plain, "own", argv, 0);
	try("in a folder", folder, "own", argv, 0);
	try("absent in a folder", folder, "absent", argv, 0);
	try("empty without a flag", own, "", argv, 0);
	try("by descriptor", own, "", argv, AT_EMPTY_PATH);
	try("by descriptor that is closed", kept, "", argv, AT_EMPTY_PATH);
	try("by descriptor of a path", path, "", argv, AT_EMPTY_PATH);
	try("by descriptor, not executable", plain, "", argv, AT_EMPTY_PATH);
	try("by descriptor of a folder", folder, "", argv, AT_EMPTY_PATH);
	try("the working folder", AT_FDCWD, "", argv, AT_EMPTY_PATH);
	try("a link not followed", AT_FDCWD, "link", argv, AT_SYMLINK_NOFOLLOW);
	try("no link to follow", AT_FDCWD, "own", argv, AT_SYMLINK_NOFOLLOW);
	try("script by descriptor", script, "", argv, AT_EMPTY_PATH);
	try("script by descriptor that is closed", lost, "", argv, AT_EMPTY_PATH);
	try("script in a folder that is closed", lost_folder, "own-script", argv, 0);
	try("own in a folder that is closed", lost_folder, "own", argv, 0);
	CHECK(fexecve(plain, argv, no_env) == -1);
	printf("fexecve: %s\n", name_of(errno));
}

/* Newer kernels judge without executing, and so can the engine. */
static void judgement(void)
{
	char *argv[] = {"x", "7", NULL};
	if (syscall(SYS_execveat, AT_FDCWD, "/bin/sh", argv, no_env, CHECK_ONLY) != 0)
		return;
	printf("own: %ld\n", (long)syscall(SYS_execveat, AT_FDCWD, "own", argv, no_env, CHECK_ONLY));
	printf("plain: %ld\n", (long)syscall(SYS_execveat, AT_FDCWD, "plain", argv, no_env, CHECK_ONLY));
	int writer = open("own", O_WRONLY);
	try("open for writing", AT_FDCWD, "own", argv, 0);
	close(writer);
	try("no longer", AT_FDCWD, "own", argv, 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return atoi(argv[1]);
	copy(argv[0], "own", 0755);
	copy(argv[0], "own-plain", 0644);
	make("plain", "plain\n", 0644);
	CHECK(symlink("circle", "circle") == 0 && symlink("own", "link") == 0);
	paths();
	contents();
	lists();
	descriptors();
	judgement();
	return check_status();
}
