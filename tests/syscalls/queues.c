// skip-cross: qemu 7.2 has no mq_notify
// calls: mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr
/* POSIX message queues: notices of arrival, attributes, errors. */
#include "../libc/check.h"
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	char name[32], text[32];
	unsigned priority;
	struct mq_attr attributes = {.mq_maxmsg = 3, .mq_msgsize = sizeof text}, found;
	snprintf(name, sizeof name, "/wali-test-%d", getpid());
	mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, 0600, &attributes);
	if (queue == (mqd_t)-1) {
		puts("the kernel has no message queues");
		return 77;
	}
	CHECK(mq_getattr(queue, &found) == 0);
	CHECK(found.mq_maxmsg == 3 && found.mq_msgsize == sizeof text && found.mq_flags == O_NONBLOCK);
	sigset_t set;
	siginfo_t info;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2, .sigev_value.sival_int = 77,
	};
	CHECK(mq_notify(queue, &event) == 0);
	CHECK_ERRNO(mq_notify(queue, &event), EBUSY);
	CHECK(mq_send(queue, "low", 4, 1) == 0 && mq_send(queue, "high", 5, 9) == 0);
	CHECK(sigwaitinfo(&set, &info) == SIGUSR2);
	CHECK(info.si_code == SI_MESGQ && info.si_value.sival_int == 77 && info.si_pid == getpid());
	CHECK(mq_receive(queue, text, sizeof text, &priority) == 5 && priority == 9);
	CHECK(strcmp(text, "high") == 0);
	CHECK_ERRNO(mq_receive(queue, text, 5, NULL), EMSGSIZE);
	CHECK(mq_receive(queue, text, sizeof text, NULL) == 4);
	CHECK_ERRNO(mq_receive(queue, text, sizeof text, NULL), EAGAIN);
	event.sigev_notify = SIGEV_NONE;
	CHECK(mq_notify(queue, &event) == 0 && mq_notify(queue, NULL) == 0);
	event.sigev_notify = 55;
	CHECK_ERRNO(mq_notify(queue, &event), EINVAL);
	CHECK(mq_close(queue) == 0 && mq_unlink(name) == 0);
	CHECK_ERRNO(mq_unlink(name), ENOENT);
	CHECK_ERRNO(mq_notify(-1, NULL), EBADF);
	return check_status();
}
