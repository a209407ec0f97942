/* Terminals and job control: every request of a terminal that has a pointer, settings that come back
 * as they were set, sizes with SIGWINCH, the controlling terminal, foreground groups, packets, hangups. */
#include "../libc/check.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t got[65];

static void handler(int number)
{
	got[number]++;
}

static int end_of(pid_t child)
{
	int status = -1;
	CHECK(waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int master;

/* A new terminal; its other side is opened by name. */
static int open_terminal(int flags)
{
	master = posix_openpt(O_RDWR | O_NOCTTY);
	int unlock = 0, number = -1;
	if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) != 0 || ioctl(master, TIOCGPTN, &number) != 0)
		return -1;
	char name[32];
	snprintf(name, sizeof name, "/dev/pts/%d", number);
	CHECK(!strcmp(name, ptsname(master)));
	return open(name, O_RDWR | flags);
}

static int read_some(int fd, char *buffer, size_t size)
{
	memset(buffer, 0, size);
	if (poll(&(struct pollfd){fd, POLLIN, 0}, 1, 5000) != 1)
		return -1;
	return (int)read(fd, buffer, size - 1);
}

static void wait_for_signal(int number)
{
	sigset_t set, old;
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, &old);
	while (!got[number])
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void settings(void)
{
	int slave = open_terminal(O_NOCTTY);
	struct termios saved, set, seen;
	CHECK(slave >= 0 && tcgetattr(slave, &saved) == 0);
	printf("%x %x %x %x\n", saved.c_iflag, saved.c_oflag, saved.c_cflag, saved.c_lflag);
	for (int i = 0; i < 17; i++)
		printf("%d ", saved.c_cc[i]);
	putchar('\n');
	static const tcflag_t local[] = {ISIG, ICANON, ECHO, ECHOE, ECHOK, ECHONL, NOFLSH, TOSTOP, IEXTEN, ECHOCTL, ECHOKE};
	static const tcflag_t input[] = {IGNBRK, BRKINT, IGNPAR, PARMRK, INPCK, ISTRIP, INLCR, IGNCR, ICRNL, IXON, IXANY, IXOFF, IMAXBEL, IUTF8};
	static const tcflag_t output[] = {OPOST, ONLCR, OCRNL, ONOCR, ONLRET, OLCUC};
	for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
		set = saved;
		set.c_lflag ^= local[i];
		CHECK(tcsetattr(slave, TCSANOW, &set) == 0 && tcgetattr(slave, &seen) == 0 && seen.c_lflag == set.c_lflag);
	}
	for (size_t i = 0; i < sizeof input / sizeof *input; i++) {
		set = saved;
		set.c_iflag ^= input[i];
		CHECK(tcsetattr(slave, TCSADRAIN, &set) == 0 && tcgetattr(slave, &seen) == 0 && seen.c_iflag == set.c_iflag);
	}
	for (size_t i = 0; i < sizeof output / sizeof *output; i++) {
		set = saved;
		set.c_oflag ^= output[i];
		CHECK(tcsetattr(slave, TCSAFLUSH, &set) == 0 && tcgetattr(slave, &seen) == 0 && seen.c_oflag == set.c_oflag);
	}
	static const speed_t speeds[] = {B0, B50, B9600, B38400, B115200, B4000000};
	for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
		set = saved;
		CHECK(cfsetospeed(&set, speeds[i]) == 0 && tcsetattr(slave, TCSANOW, &set) == 0 && tcgetattr(slave, &seen) == 0);
		CHECK(cfgetospeed(&seen) == speeds[i]);
	}
	set = saved;
	for (int i = 0; i < 17; i++)
		set.c_cc[i] = (cc_t)(i + 65);
	CHECK(tcsetattr(slave, TCSANOW, &set) == 0 && tcgetattr(master, &seen) == 0 && !memcmp(set.c_cc, seen.c_cc, 17));
	CHECK(tcsetattr(slave, TCSANOW, &saved) == 0 && tcgetattr(slave, &seen) == 0);
	CHECK(seen.c_iflag == saved.c_iflag && seen.c_cflag == saved.c_cflag && !memcmp(seen.c_cc, saved.c_cc, 17));
	CHECK_ERRNO(tcgetattr(-1, &seen), EBADF);
	CHECK_ERRNO(ioctl(slave, TCSETS, (void *)16), EFAULT);
	/* Without lines: what VMIN and VTIME say. */
	char text[16];
	cfmakeraw(&set);
	set.c_cc[VMIN] = 0;
	set.c_cc[VTIME] = 1;
	CHECK(tcsetattr(slave, TCSANOW, &set) == 0 && read(slave, text, sizeof text) == 0);
	set.c_cc[VMIN] = 3;
	set.c_cc[VTIME] = 0;
	CHECK(tcsetattr(slave, TCSANOW, &set) == 0 && write(master, "ab", 2) == 2);
	CHECK(poll(&(struct pollfd){slave, POLLIN, 0}, 1, 0) == 0 && write(master, "c", 1) == 1);
	CHECK(read_some(slave, text, sizeof text) == 3 && !strcmp(text, "abc"));
	close(slave);
	close(master);
}

static void requests(void)
{
	int slave = open_terminal(O_NOCTTY), n = -1;
	struct winsize size = {12, 34, 56, 78}, seen = {0};
	CHECK(ioctl(slave, TIOCSWINSZ, &size) == 0 && ioctl(master, TIOCGWINSZ, &seen) == 0 && !memcmp(&size, &seen, sizeof size));
	CHECK_ERRNO(ioctl(slave, TIOCSWINSZ, (void *)16), EFAULT);
	/* What is typed waits in the queue until the line ends. */
	CHECK(write(master, "type", 4) == 4 && ioctl(slave, FIONREAD, &n) == 0 && n == 0);
	CHECK(write(master, "d\n", 2) == 2 && poll(&(struct pollfd){slave, POLLIN, 0}, 1, 5000) == 1);
	CHECK(ioctl(slave, FIONREAD, &n) == 0 && n == 6 && ioctl(slave, TIOCINQ, &n) == 0 && n == 6);
	CHECK(ioctl(master, TIOCOUTQ, &n) == 0 && n == 0 && ioctl(slave, TIOCOUTQ, &n) == 0);
	CHECK(tcflush(slave, TCIFLUSH) == 0 && ioctl(slave, FIONREAD, &n) == 0 && n == 0);
	CHECK_ERRNO(tcflush(slave, 99), EINVAL);
	CHECK_ERRNO(tcflow(slave, 99), EINVAL);
	CHECK(tcflow(slave, TCOOFF) == 0 && tcflow(slave, TCOON) == 0 && tcdrain(slave) == 0 && tcsendbreak(slave, 0) == 0);
	CHECK(ioctl(slave, TIOCGETD, &n) == 0);
	printf("discipline %d\n", n);
	CHECK(ioctl(slave, TIOCSETD, &n) == 0);
	n = 7;
	CHECK(ioctl(slave, TIOCGSOFTCAR, &n) == 0);
	printf("carrier %d\n", n);
	CHECK(ioctl(slave, TIOCGEXCL, &n) == 0 && n == 0 && ioctl(slave, TIOCEXCL) == 0 && ioctl(slave, TIOCGEXCL, &n) == 0 && n == 1);
	CHECK(ioctl(slave, TIOCNXCL) == 0 && ioctl(slave, TIOCGEXCL, &n) == 0 && n == 0);
	CHECK(ioctl(master, TIOCGPTLCK, &n) == 0 && n == 0);
	n = 1;
	CHECK(ioctl(master, TIOCSPTLCK, &n) == 0 && ioctl(master, TIOCGPTLCK, &n) == 0 && n == 1);
	CHECK_ERRNO(open(ptsname(master), O_RDWR | O_NOCTTY), EIO);
	n = 0;
	CHECK(ioctl(master, TIOCSPTLCK, &n) == 0);
	int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	CHECK(peer >= 0 && isatty(peer));
	close(peer);
	CHECK_ERRNO(ioctl(slave, TIOCGPTN, &n), ENOTTY);
	CHECK_ERRNO(ioctl(slave, TIOCMGET, &n), ENOTTY);
	CHECK_ERRNO(ioctl(slave, TIOCGPGRP, &n), ENOTTY);
	CHECK_ERRNO(ioctl(slave, TIOCGSID, &n), ENOTTY);
	CHECK_ERRNO(ioctl(slave, 0x12345678, &n), ENOTTY);
	n = 1;
	CHECK(ioctl(slave, FIONBIO, &n) == 0 && (fcntl(slave, F_GETFL) & O_NONBLOCK));
	char byte;
	CHECK_ERRNO(read(slave, &byte, 1), EAGAIN);
	CHECK(ioctl(slave, FIOCLEX) == 0 && fcntl(slave, F_GETFD) == FD_CLOEXEC && ioctl(slave, FIONCLEX) == 0 && fcntl(slave, F_GETFD) == 0);
	close(slave);
	close(master);
}

static void packets(void)
{
	int slave = open_terminal(O_NOCTTY), on = 1, is = 0;
	char text[16];
	CHECK(ioctl(master, TIOCPKT, &on) == 0 && ioctl(master, TIOCGPKT, &is) == 0 && is == 1);
	CHECK(write(slave, "out", 3) == 3 && read_some(master, text, sizeof text) == 4);
	CHECK(text[0] == TIOCPKT_DATA && !memcmp(text + 1, "out", 3));
	CHECK(tcflush(slave, TCIFLUSH) == 0 && read_some(master, text, sizeof text) == 1 && (text[0] & TIOCPKT_FLUSHREAD));
	CHECK(tcflow(slave, TCOOFF) == 0 && read_some(master, text, sizeof text) == 1 && (text[0] & TIOCPKT_STOP));
	CHECK(poll(&(struct pollfd){master, POLLPRI, 0}, 1, 0) == 0);
	CHECK(tcflow(slave, TCOON) == 0 && poll(&(struct pollfd){master, POLLPRI, 0}, 1, 5000) == 1);
	CHECK(read_some(master, text, sizeof text) == 1 && (text[0] & TIOCPKT_START));
	on = 0;
	CHECK(ioctl(master, TIOCPKT, &on) == 0);
	close(slave);
	/* Nobody is there any more, and later somebody is again. */
	CHECK(poll(&(struct pollfd){master, POLLIN, 0}, 1, 5000) == 1);
	CHECK_ERRNO(read(master, text, sizeof text), EIO);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	CHECK(write(slave, "x", 1) == 1 && read_some(master, text, sizeof text) == 1);
	close(master);
	CHECK(read(slave, text, sizeof text) == 0);
	CHECK_ERRNO(write(slave, "x", 1), EIO);
	close(slave);
}

/* ---- in a session of its own ---- */

static int in_session(int (*body)(void))
{
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		check_failures = 0;
		signal(SIGHUP, SIG_DFL);
		if (setsid() != getpid())
			_exit(90);
		int code = body();
		fflush(stdout);
		_exit(check_failures ? CHECK_FAILED_STATUS : code);
	}
	return end_of(child);
}

static int controlling(void)
{
	CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
	int slave = open_terminal(O_NOCTTY), n = 0;
	CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
	CHECK_ERRNO(tcgetpgrp(slave), ENOTTY);
	CHECK(ioctl(slave, TIOCSCTTY, 0) == 0 && tcgetpgrp(slave) == getpgrp() && tcgetsid(slave) == getsid(0));
	CHECK(ioctl(master, TIOCGSID, &n) == 0 && n == getpid());
	int tty = open("/dev/tty", O_RDWR);
	char text[32];
	CHECK(tty >= 0 && write(tty, "hi", 2) == 2 && read_some(master, text, sizeof text) == 2);
	CHECK(ioctl(slave, TIOCSCTTY, 0) == 0);
	int kept = master, other = open_terminal(O_NOCTTY);
	CHECK_ERRNO(ioctl(other, TIOCSCTTY, 0), EPERM);
	close(other);
	close(master);
	master = kept;
	/* A leader that gives its terminal up hangs it up for the foreground. */
	signal(SIGHUP, handler);
	CHECK(ioctl(slave, TIOCNOTTY) == 0);
	wait_for_signal(SIGHUP);
	CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
	CHECK_ERRNO(ioctl(slave, TIOCNOTTY), ENOTTY);
	/* Opening one is enough for a leader without one. */
	close(tty);
	close(slave);
	close(master);
	slave = open_terminal(0);
	CHECK(slave >= 0 && tcgetpgrp(slave) == getpgrp());
	return 1;
}

static int foreground(void)
{
	int slave = open_terminal(0), status;
	char byte;
	struct termios settings;
	CHECK(tcgetattr(slave, &settings) == 0);
	CHECK_ERRNO(tcsetpgrp(slave, 0x3fffffff), ESRCH);
	CHECK_ERRNO(tcsetpgrp(slave, -1), EINVAL);
	/* Reading, changing and, when asked for, writing stop a group in the background. */
	for (int action = 0; action < 4; action++) {
		if (action == 2)
			settings.c_lflag |= TOSTOP;
		CHECK(tcsetattr(slave, TCSANOW, &settings) == 0);
		pid_t child = fork();
		if (child == 0) {
			setpgid(0, 0);
			if (action == 0 && read(slave, &byte, 1) != 1)
				_exit(1);
			if (action == 1 && tcsetattr(slave, TCSANOW, &settings) != 0)
				_exit(2);
			if (action == 2 && write(slave, "w", 1) != 1)
				_exit(3);
			if (action == 3 && tcsetpgrp(slave, getpgrp()) != 0)
				_exit(4);
			_exit(10 + action);
		}
		setpgid(child, child);
		CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
		printf("%d stopped by %s\n", action, WSTOPSIG(status) == SIGTTIN ? "SIGTTIN" : WSTOPSIG(status) == SIGTTOU ? "SIGTTOU" : "?");
		CHECK(tcsetpgrp(slave, child) == 0 && tcgetpgrp(slave) == child && kill(child, SIGCONT) == 0);
		if (action == 0)
			CHECK(write(master, "x\n", 2) == 2);
		CHECK(end_of(child) == 10 + action);
		/* Now this group is the background; with SIGTTOU ignored it may take the terminal back. */
		signal(SIGTTOU, SIG_IGN);
		CHECK(tcsetpgrp(slave, getpgrp()) == 0 && tcgetpgrp(slave) == getpgrp());
		signal(SIGTTOU, SIG_DFL);
		tcflush(slave, TCIOFLUSH);
	}
	/* Who ignores or blocks SIGTTIN gets an error instead. */
	pid_t child = fork();
	if (child == 0) {
		setpgid(0, 0);
		signal(SIGTTIN, SIG_IGN);
		_exit(read(slave, &byte, 1) == -1 && errno == EIO ? 5 : 6);
	}
	CHECK(end_of(child) == 5);
	return 2;
}

static int keyboard(void)
{
	int slave = open_terminal(0), news[2];
	char text[8];
	static const struct {
		char key;
		int number;
	} keys[] = {{3, SIGINT}, {28, SIGQUIT}, {26, SIGTSTP}};
	CHECK(pipe(news) == 0);
	for (size_t i = 0; i < 3; i++) {
		pid_t child = fork();
		if (child == 0) {
			setpgid(0, 0);
			signal(SIGTTOU, SIG_IGN);
			tcsetpgrp(slave, getpgrp());
			signal(keys[i].number, handler);
			if (write(news[1], "r", 1) != 1)
				_exit(1);
			wait_for_signal(keys[i].number);
			_exit(20);
		}
		CHECK(read(news[0], text, 1) == 1 && write(master, &keys[i].key, 1) == 1);
		CHECK(end_of(child) == 20);
		signal(SIGTTOU, SIG_IGN);
		CHECK(tcsetpgrp(slave, getpgrp()) == 0);
		signal(SIGTTOU, SIG_DFL);
	}
	/* A new size is told to the foreground; the same one is not. */
	signal(SIGWINCH, handler);
	struct winsize size = {50, 100, 0, 0};
	CHECK(ioctl(master, TIOCSWINSZ, &size) == 0);
	wait_for_signal(SIGWINCH);
	CHECK(got[SIGWINCH] == 1 && ioctl(slave, TIOCSWINSZ, &size) == 0 && got[SIGWINCH] == 1);
	int number = SIGINT;
	signal(SIGINT, handler);
	CHECK(ioctl(master, TIOCSIG, (void *)(long)number) == 0);
	wait_for_signal(SIGINT);
	return 3;
}

/* When the terminal goes, the session's leader gets SIGHUP, and everybody reads its end. */
static int hangup(void)
{
	int slave = open_terminal(0), news[2];
	char text[8];
	CHECK(pipe(news) == 0 && slave >= 0);
	signal(SIGHUP, handler);
	pid_t child = fork();
	if (child == 0) {
		close(master);
		setpgid(0, 0);
		signal(SIGTTOU, SIG_IGN);
		tcsetpgrp(slave, getpgrp());
		if (write(news[1], "r", 1) != 1)
			_exit(1);
		ssize_t n = read(slave, text, 1);
		/* Whoever waits is told of the other side's end, or of the hangup that follows it. */
		_exit(n == 0 || (n == -1 && errno == EIO) ? 30 : 31);
	}
	CHECK(read(news[0], text, 1) == 1);
	close(master);
	wait_for_signal(SIGHUP);
	CHECK(end_of(child) == 30);
	CHECK(read(slave, text, 1) == 0);
	CHECK_ERRNO(write(slave, "x", 1), EIO);
	return 4;
}

/* When the leader ends, the foreground gets SIGHUP. */
static int leader_ends(void)
{
	int slave = open_terminal(0), ends[2], news[2];
	char text[8];
	CHECK(pipe(ends) == 0 && pipe(news) == 0);
	pid_t leader = fork();
	if (leader == 0) {
		/* A session of its own below, so that somebody is left to look. */
		close(slave);
		close(master);
		if (setsid() < 0)
			_exit(1);
		slave = open_terminal(0);
		pid_t child = fork();
		if (child == 0) {
			setpgid(0, 0);
			signal(SIGTTOU, SIG_IGN);
			tcsetpgrp(slave, getpgrp());
			signal(SIGHUP, handler);
			if (write(news[1], "r", 1) != 1)
				_exit(1);
			wait_for_signal(SIGHUP);
			_exit(write(ends[1], "h", 1) == 1 ? 0 : 1);
		}
		_exit(read(news[0], text, 1) == 1 ? 40 : 41);
	}
	CHECK(end_of(leader) == 40);
	CHECK(read(ends[0], text, 1) == 1 && text[0] == 'h');
	return 5;
}

int main(void)
{
	alarm(50);
	int probe = open_terminal(O_NOCTTY);
	if (probe < 0) {
		puts("this machine gives out no terminals");
		return 77;
	}
	close(probe);
	close(master);
	settings();
	requests();
	packets();
	CHECK(in_session(controlling) == 1);
	CHECK(in_session(foreground) == 2);
	CHECK(in_session(keyboard) == 3);
	CHECK(in_session(hangup) == 4);
	CHECK(in_session(leader_ends) == 5);
	return check_status();
}
