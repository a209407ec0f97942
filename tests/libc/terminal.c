/* Pseudo terminals: openpty, forkpty, termios, window sizes, line editing, job control basics. */
#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void handler(int number)
{
	got = number;
}

static int read_some(int fd, char *buffer, size_t size)
{
	memset(buffer, 0, size);
	if (poll(&(struct pollfd){fd, POLLIN, 0}, 1, 5000) != 1)
		return -1;
	return (int)read(fd, buffer, size - 1);
}

static void attributes(int master, int slave)
{
	struct termios now, again;
	char text[64];
	CHECK(isatty(slave) && isatty(master) && tcgetattr(slave, &now) == 0);
	CHECK((now.c_lflag & ICANON) && (now.c_lflag & ECHO) && (now.c_oflag & OPOST) && now.c_cc[VINTR] == 3 && now.c_cc[VEOF] == 4);
	CHECK(write(master, "cooked x\177\n", 10) == 10 && read_some(slave, text, 64) == 8 && !strcmp(text, "cooked \n"));
	CHECK(read_some(master, text, 64) > 0 && !strncmp(text, "cooked ", 7));
	CHECK(cfsetispeed(&now, B9600) == 0 && cfsetospeed(&now, B9600) == 0 && cfgetospeed(&now) == B9600);
	cfmakeraw(&now);
	now.c_cc[VMIN] = 1;
	now.c_cc[VTIME] = 0;
	CHECK(tcsetattr(slave, TCSANOW, &now) == 0 && tcgetattr(slave, &again) == 0);
	CHECK(again.c_lflag == now.c_lflag && again.c_oflag == now.c_oflag && !memcmp(again.c_cc, now.c_cc, 16));
	CHECK(write(master, "r\003\n", 3) == 3 && read_some(slave, text, 64) == 3 && !memcmp(text, "r\003\n", 3));
	CHECK(write(slave, "a\n", 2) == 2 && read_some(master, text, 64) == 2 && !strcmp(text, "a\n"));
	CHECK(tcflush(slave, TCIOFLUSH) == 0 && tcdrain(slave) == 0 && tcflow(slave, TCOON) == 0);
	CHECK_ERRNO(tcsetattr(slave, 99, &now), EINVAL);
	int fd = open("/dev/null", O_RDWR);
	CHECK_ERRNO(tcgetattr(fd, &now), ENOTTY);
	CHECK(!isatty(fd) && errno == ENOTTY);
	close(fd);
}

static void sizes(int master, int slave)
{
	struct winsize size = {33, 99, 0, 0}, seen = {0};
	CHECK(ioctl(master, TIOCSWINSZ, &size) == 0 && ioctl(slave, TIOCGWINSZ, &seen) == 0 && seen.ws_row == 33 && seen.ws_col == 99);
	char name[64];
	CHECK(ttyname_r(slave, name, sizeof name) == 0 && !strncmp(name, "/dev/pts/", 9) && !strcmp(ptsname(master), name));
	int waiting = -1;
	CHECK(ioctl(slave, FIONREAD, &waiting) == 0 && waiting == 0);
	CHECK_ERRNO(ioctl(slave, TIOCGWINSZ, (void *)16), EFAULT);
}

static void child_side(void)
{
	char line[64];
	struct winsize size;
	sigset_t own, before;
	signal(SIGINT, handler);
	signal(SIGWINCH, handler);
	sigemptyset(&own);
	sigaddset(&own, SIGINT);
	sigaddset(&own, SIGWINCH);
	sigprocmask(SIG_BLOCK, &own, &before);
	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		printf("size %d %d, leader %d, foreground %d\n", size.ws_row, size.ws_col, getsid(0) == getpid(), tcgetpgrp(0) == getpgrp());
	fflush(stdout);
	if (fgets(line, sizeof line, stdin))
		printf("read %s", line);
	puts("waiting");
	fflush(stdout);
	while (got != SIGINT)
		sigsuspend(&before);
	puts("interrupted");
	fflush(stdout);
	while (got != SIGWINCH)
		sigsuspend(&before);
	puts("resized");
	fflush(stdout);
	puts(fgets(line, sizeof line, stdin) ? "line" : "end of file");
	exit(17);
}

static void expect(int master, const char *text)
{
	/* Everything the session has printed so far. */
	static char seen[1024];
	static size_t length;
	while (!strstr(seen, text)) {
		if (poll(&(struct pollfd){master, POLLIN, 0}, 1, 10000) != 1 || length > 900)
			break;
		ssize_t more = read(master, seen + length, 100);
		if (more <= 0)
			break;
		length += (size_t)more;
	}
	if (!CHECK(strstr(seen, text)))
		printf("  wanted %s, saw %s\n", text, seen);
}

static void session(void)
{
	int master;
	struct winsize size = {10, 20, 0, 0};
	fflush(stdout);
	pid_t child = forkpty(&master, NULL, NULL, &size);
	if (child == 0)
		child_side();
	CHECK(child > 0);
	expect(master, "size 10 20, leader 1, foreground 1");
	CHECK(write(master, "typed\n", 6) == 6);
	expect(master, "read typed");
	expect(master, "waiting");
	CHECK(write(master, "\003", 1) == 1);
	expect(master, "interrupted");
	size.ws_row = 11;
	CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
	expect(master, "resized");
	CHECK(write(master, "\004", 1) == 1);
	expect(master, "end of file");
	int status;
	CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 17);
	close(master);
}

int main(void)
{
	int master, slave;
	if (!CHECK(openpty(&master, &slave, NULL, NULL, NULL) == 0))
		return check_status();
	attributes(master, slave);
	sizes(master, slave);
	close(slave);
	close(master);
	session();
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	CHECK(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0 && ptsname(fd) != NULL);
	close(fd);
	return check_status();
}
