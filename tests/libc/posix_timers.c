// skip-cross: a handler takes longer than its timer's period
/* timer_create with a signal, with a thread, with nothing; overruns. */
#include "check.h"
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t fired, value;
static sem_t called;

static void handler(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (info->si_code == SI_TIMER) {
		fired++;
		value = info->si_value.sival_int;
	}
}

static void in_thread(union sigval v)
{
	value = v.sival_int;
	sem_post(&called);
}

int main(void)
{
	timer_t timer;
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1, .sigev_value.sival_int = 4321};
	struct itimerspec every = {{0, 2000000}, {0, 2000000}}, now;
	sigaction(SIGRTMIN + 1, &action, NULL);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &every, NULL) == 0);
	while (fired < 3)
		pause();
	CHECK(value == 4321 && timer_gettime(timer, &now) == 0 && now.it_interval.tv_nsec == 2000000);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	usleep(20000);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	CHECK(timer_getoverrun(timer) >= 1 && timer_delete(timer) == 0);
	sem_init(&called, 0, 0);
	event = (struct sigevent){.sigev_notify = SIGEV_THREAD, .sigev_notify_function = in_thread, .sigev_value.sival_int = 77};
	CHECK(timer_create(CLOCK_REALTIME, &event, &timer) == 0 && timer_settime(timer, 0, &every, NULL) == 0);
	sem_wait(&called);
	sem_wait(&called);
	CHECK(value == 77 && timer_delete(timer) == 0);
	event = (struct sigevent){.sigev_notify = SIGEV_NONE};
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	struct itimerspec far = {{0, 0}, {1000, 0}};
	CHECK(timer_settime(timer, 0, &far, NULL) == 0 && timer_gettime(timer, &now) == 0 && now.it_value.tv_sec >= 999);
	CHECK(timer_delete(timer) == 0);
	CHECK_ERRNO(timer_create(9999, NULL, &timer), EINVAL);
	return check_status();
}
