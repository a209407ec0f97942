/* Directories: reading, seeking, scanning, walking, renaming, links, getcwd, and the …at calls. */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void touch(const char *path)
{
	int fd = open(path, O_CREAT | O_WRONLY, 0644);
	CHECK(fd >= 0 && close(fd) == 0);
}

static void reading(void)
{
	CHECK(mkdir("many", 0755) == 0);
	for (int i = 0; i < 1000; i++) {
		char name[64];
		snprintf(name, sizeof name, "many/entry-with-a-name-of-some-length-%04d", i);
		touch(name);
	}
	DIR *directory = opendir("many");
	static char seen[1000];
	int count = 0, dots = 0;
	long middle = 0;
	char after[NAME_MAX + 1] = "";
	struct dirent *entry;
	while (errno = 0, (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			dots++;
		else
			seen[atoi(strrchr(entry->d_name, '-') + 1)]++;
		CHECK(entry->d_ino > 0 && entry->d_reclen > 0);
		CHECK(entry->d_type == (entry->d_name[0] == '.' ? DT_DIR : DT_REG) || entry->d_type == DT_UNKNOWN);
		count++;
		if (count == 500)
			middle = telldir(directory);
		if (count == 501)
			strcpy(after, entry->d_name);
	}
	CHECK(errno == 0 && count == 1002 && dots == 2 && !memchr(seen, 0, 1000) && !memchr(seen, 2, 1000));
	seekdir(directory, middle);
	entry = readdir(directory);
	CHECK(entry && !strcmp(entry->d_name, after));
	rewinddir(directory);
	for (count = 0; readdir(directory); count++)
		;
	CHECK(count == 1002 && dirfd(directory) > 2 && closedir(directory) == 0);
	CHECK(opendir("absent") == NULL && errno == ENOENT);
	CHECK(opendir("many/entry-with-a-name-of-some-length-0000") == NULL && errno == ENOTDIR);
	CHECK_ERRNO(rmdir("many"), ENOTEMPTY);
	for (int i = 0; i < 1000; i++) {
		char name[64];
		snprintf(name, sizeof name, "many/entry-with-a-name-of-some-length-%04d", i);
		unlink(name);
	}
	CHECK(rmdir("many") == 0);
}

static int only_c(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');
	return dot && !strcmp(dot, ".c");
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *info)
{
	const char *kind = type == FTW_F ? "file" : type == FTW_DP ? "directory" : "other";
	printf("%s %s level %d base %s size %d\n", path, kind, info->level, path + info->base,
	       S_ISREG(status->st_mode) ? (int)status->st_size : -1);
	return type == FTW_DP || type == FTW_F || type == FTW_SL ? 0 : 77;
}

static void walking(void)
{
	mkdir("tree", 0755);
	mkdir("tree/inner", 0755);
	touch("tree/inner/leaf.c");
	struct dirent **list;
	int count = scandir("tree/inner", &list, only_c, alphasort);
	CHECK(count == 1 && !strcmp(list[0]->d_name, "leaf.c"));
	free(list[0]);
	free(list);
	CHECK(nftw("tree", visit, 10, FTW_PHYS | FTW_DEPTH) == 0);
	CHECK_ERRNO(nftw("absent", visit, 10, FTW_PHYS), ENOENT);
}

static void renaming(void)
{
	touch("a");
	touch("b");
	CHECK(rename("a", "c") == 0 && access("a", F_OK) == -1);
	CHECK(rename("b", "c") == 0 && access("b", F_OK) == -1);
	CHECK_ERRNO(rename("absent", "x"), ENOENT);
	CHECK_ERRNO(rename("c", "tree"), EISDIR);
	CHECK_ERRNO(rename("tree", "c"), ENOTDIR);
	CHECK_ERRNO(rename("tree", "tree/inner/below"), EINVAL);
	touch("d");
	CHECK_ERRNO(renameat2(AT_FDCWD, "c", AT_FDCWD, "d", RENAME_NOREPLACE), EEXIST);
	CHECK_ERRNO(link("absent", "x"), ENOENT);
	CHECK_ERRNO(link("c", "d"), EEXIST);
	CHECK_ERRNO(unlink("tree"), EISDIR);
	CHECK_ERRNO(mkdir("tree", 0755), EEXIST);
	CHECK_ERRNO(rmdir("c"), ENOTDIR);
	char target[8];
	CHECK(symlink("some/where", "link") == 0 && readlink("link", target, sizeof target) == 8 && !memcmp(target, "some/whe", 8));
	CHECK_ERRNO(readlink("c", target, sizeof target), EINVAL);
	CHECK(remove("link") == 0 && remove("c") == 0 && remove("d") == 0);
}

static void current(void)
{
	char start[PATH_MAX], now[PATH_MAX], small[2];
	CHECK(getcwd(start, sizeof start) == start && start[0] == '/');
	CHECK(getcwd(small, sizeof small) == NULL && errno == ERANGE);
	CHECK(chdir("tree/inner") == 0 && getcwd(now, sizeof now) && !strcmp(now + strlen(start), "/tree/inner"));
	char *made = realpath("../../tree/./inner/leaf.c", NULL);
	CHECK(made && !strcmp(made + strlen(start), "/tree/inner/leaf.c"));
	free(made);
	CHECK(realpath("absent", now) == NULL && errno == ENOENT);
	int fd = open("../..", O_RDONLY | O_DIRECTORY);
	CHECK(fchdir(fd) == 0 && getcwd(now, sizeof now) && !strcmp(now, start) && close(fd) == 0);
	CHECK_ERRNO(chdir("absent"), ENOENT);
	CHECK_ERRNO(chdir("tree/inner/leaf.c"), ENOTDIR);
	made = get_current_dir_name();
	CHECK(made && !strcmp(made, start));
	free(made);
}

static void relative(void)
{
	int fd = open("tree", O_PATH | O_DIRECTORY);
	CHECK(fd >= 0 && mkdirat(fd, "new", 0700) == 0 && symlinkat("new", fd, "alias") == 0);
	int file = openat(fd, "new/file", O_CREAT | O_RDWR, 0600);
	CHECK(file >= 0 && write(file, "x", 1) == 1 && close(file) == 0);
	CHECK(linkat(fd, "new/file", fd, "hard", 0) == 0 && renameat(fd, "hard", fd, "moved") == 0);
	struct stat status;
	CHECK(fstatat(fd, "moved", &status, 0) == 0 && status.st_size == 1 && status.st_nlink == 2);
	CHECK(fstatat(fd, "", &status, AT_EMPTY_PATH) == 0 && S_ISDIR(status.st_mode));
	char target[16];
	CHECK(readlinkat(fd, "alias", target, sizeof target) == 3 && faccessat(fd, "alias", R_OK, 0) == 0);
	CHECK_ERRNO(unlinkat(fd, "new", AT_REMOVEDIR), ENOTEMPTY);
	CHECK_ERRNO(openat(file, "new", O_RDONLY), EBADF);
	CHECK(openat(-1, "/", O_RDONLY) >= 0);
	CHECK(unlinkat(fd, "new/file", 0) == 0 && unlinkat(fd, "moved", 0) == 0 && unlinkat(fd, "alias", 0) == 0);
	CHECK(unlinkat(fd, "new", AT_REMOVEDIR) == 0);
	close(fd);
}

static void temporary(void)
{
	char file[] = "file-XXXXXX", directory[] = "dir-XXXXXX", suffixed[] = "s-XXXXXX.txt";
	int fd = mkstemp(file);
	CHECK(fd >= 0 && strcmp(file, "file-XXXXXX") && close(fd) == 0 && unlink(file) == 0);
	CHECK(mkdtemp(directory) == directory && rmdir(directory) == 0);
	fd = mkostemps(suffixed, 4, O_CLOEXEC);
	CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC && close(fd) == 0 && unlink(suffixed) == 0);
	char bad[] = "no-template";
	CHECK_ERRNO(mkstemp(bad), EINVAL);
}

int main(void)
{
	reading();
	walking();
	renaming();
	current();
	relative();
	temporary();
	unlink("tree/inner/leaf.c");
	rmdir("tree/inner");
	CHECK(rmdir("tree") == 0);
	return check_status();
}
