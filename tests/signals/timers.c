// skip-cross: qemu 7.2 has no pidfd_send_signal with siginfo
// flags: -pthread
/* Timers with every kind of notice, overruns, and signals with values in their order. */
#include "../libc/check.h"
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static struct itimerspec every(long first_ns, long interval_ns)
{
	return (struct itimerspec){ .it_value.tv_nsec = first_ns, .it_interval.tv_nsec = interval_ns };
}

static void nap(long milliseconds)
{
	struct timespec time = { .tv_nsec = milliseconds * 1000000 };
	while (nanosleep(&time, &time))
		;
}

static void by_signal(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1,
	                          .sigev_value.sival_int = 77 };
	struct itimerspec times = every(1000000, 1000000), left;
	sigset_t set;
	siginfo_t info;
	timer_t timer;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_nsec == 0);
	CHECK(timer_settime(timer, 0, &times, NULL) == 0);
	/* It goes on ticking while the signal waits: one signal that counts the others. */
	nap(50);
	CHECK(sigwaitinfo(&set, &info) == SIGRTMIN + 1);
	CHECK(info.si_code == SI_TIMER && info.si_value.sival_int == 77);
	CHECK(info.si_overrun >= 10);
	CHECK(timer_getoverrun(timer) >= 10);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_interval.tv_nsec == 1000000);
	CHECK(timer_delete(timer) == 0);
	CHECK_ERRNO(timer_delete((timer_t)(intptr_t)12345), EINVAL);
	puts("signal");
}

static void by_nobody(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };
	struct itimerspec times = every(900000000, 0), left;
	timer_t timer;
	CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0);
	times.it_value.tv_sec = 1000;
	CHECK(timer_settime(timer, 0, &times, NULL) == 0);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_sec >= 900);
	times = every(1, 0);
	CHECK(timer_settime(timer, 0, &times, &left) == 0 && left.it_value.tv_sec >= 900);
	nap(5);
	CHECK(timer_gettime(timer, &left) == 0 && left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
	CHECK(timer_delete(timer) == 0);
	puts("none");
}

static sem_t noticed;
static atomic_int values;

static void notice(union sigval value)
{
	atomic_fetch_add(&values, value.sival_int);
	sem_post(&noticed);
}

static void by_thread(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notice,
	                          .sigev_value.sival_int = 5 };
	struct itimerspec times = every(1000000, 2000000);
	timer_t timers[3];
	sem_init(&noticed, 0, 0);
	for (int i = 0; i < 3; i++) {
		CHECK(timer_create(CLOCK_MONOTONIC, &event, &timers[i]) == 0);
		CHECK(timer_settime(timers[i], 0, &times, NULL) == 0);
	}
	for (int i = 0; i < 12; i++)
		while (sem_wait(&noticed))
			;
	for (int i = 0; i < 3; i++)
		CHECK(timer_delete(timers[i]) == 0);
	CHECK(values >= 60 && values % 5 == 0);
	puts("thread");
}

static atomic_int ticks_here;
static _Thread_local int is_chosen;

static void tick(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (is_chosen && number == SIGRTMIN + 2 && info->si_value.sival_int == 9)
		atomic_fetch_add(&ticks_here, 1);
	else
		atomic_fetch_sub(&ticks_here, 1000);
}

static void *gets_ticks(void *arg)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 2,
	                          .sigev_value.sival_int = 9 };
	struct itimerspec times = every(1000000, 1000000);
	timer_t timer;
	is_chosen = 1;
	event.sigev_notify_thread_id = gettid();
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	CHECK(timer_settime(timer, 0, &times, NULL) == 0);
	/* Half of them in a loop without calls. */
	volatile unsigned n = 0;
	while (atomic_load(&ticks_here) < 10)
		n++;
	while (atomic_load(&ticks_here) < 20)
		pause();
	CHECK(timer_delete(timer) == 0);
	return arg;
}

static void by_thread_number(void)
{
	struct sigaction action = { .sa_sigaction = tick, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 2 };
	pthread_t thread;
	timer_t timer;
	sigaction(SIGRTMIN + 2, &action, NULL);
	pthread_create(&thread, NULL, gets_ticks, NULL);
	pthread_join(thread, NULL);
	CHECK(ticks_here >= 20);
	/* Not a thread of this process. */
	event.sigev_notify_thread_id = 1 << 29;
	CHECK_ERRNO(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
	event.sigev_notify = 99;
	CHECK_ERRNO(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL);
	puts("thread number");
}

static char order[256];

static void note(int number, siginfo_t *info, void *context)
{
	(void)context;
	char text[32];
	int base = number >= SIGRTMIN ? SIGRTMIN : 0;
	snprintf(text, sizeof text, " %s%d=%d", base ? "+" : "", number - base, info->si_value.sival_int);
	strncat(order, text, sizeof order - strlen(order) - 1);
}

static void values_in_order(void)
{
	static const int numbers[] = { 5, 3, 5, 4, 3, 5 };
	struct sigaction action = { .sa_sigaction = note, .sa_flags = SA_SIGINFO };
	sigset_t all, old;
	sigfillset(&action.sa_mask);
	sigfillset(&all);
	for (int i = 3; i <= 5; i++)
		sigaction(SIGRTMIN + i, &action, NULL);
	sigprocmask(SIG_BLOCK, &all, &old);
	for (int i = 0; i < 6; i++)
		CHECK(sigqueue(getpid(), SIGRTMIN + numbers[i], (union sigval){ .sival_int = i }) == 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf("order:%s\n", order);
	CHECK_ERRNO(sigqueue(getpid(), 99, (union sigval){ 0 }), EINVAL);
	CHECK(sigqueue(getpid(), 0, (union sigval){ 0 }) == 0);
}

static void by_descriptor(void)
{
	siginfo_t info = { .si_signo = SIGRTMIN + 3, .si_code = SI_QUEUE };
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0), status;
	memset(order, 0, sizeof order);
	info.si_value.sival_int = 42;
	CHECK(pidfd >= 0);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, SIGRTMIN + 3, &info, 0) == 0);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, SIGRTMIN + 4, NULL, 0) == 0);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0) == 0);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, pidfd, SIGRTMIN + 4, &info, 0), EINVAL);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, 0, SIGRTMIN + 4, NULL, 0), EBADF);
	printf("descriptor:%s\n", order);
	close(pidfd);
	pid_t child = fork();
	if (child == 0)
		for (;;)
			pause();
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	CHECK(syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) == 0);
	CHECK(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGTERM);
	CHECK_ERRNO(syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0), ESRCH);
	close(pidfd);
}

int main(void)
{
	by_signal();
	by_nobody();
	by_thread();
	by_thread_number();
	values_in_order();
	by_descriptor();
	return check_status();
}
