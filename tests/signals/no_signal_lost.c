// flags: -pthread
/* Two signals that come at the end of each other's handlers: none takes the other's place. */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 20000 };

static sem_t seen[2];
static atomic_int running = 2;
static pthread_t worker;

static void handle(int signal)
{
	sem_post(&seen[signal == SIGUSR2]);
}

static void *sender(void *arg)
{
	int which = *(int *)arg;
	for (int i = 0; i < ROUNDS; i++) {
		struct timespec end;
		pthread_kill(worker, which ? SIGUSR2 : SIGUSR1);
		clock_gettime(CLOCK_REALTIME, &end);
		end.tv_sec += 3;
		if (sem_timedwait(&seen[which], &end)) {
			printf("a signal is lost\n");
			break;
		}
	}
	running--;
	return NULL;
}

static void *work(void *arg)
{
	while (running)
		getppid();
	return arg;
}

int main(void)
{
	struct sigaction action = {.sa_handler = handle};
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	int which[2] = {0, 1};
	pthread_t senders[2];
	for (int i = 0; i < 2; i++)
		sem_init(&seen[i], 0, 0);
	pthread_create(&worker, NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&senders[i], NULL, sender, &which[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(senders[i], NULL);
	pthread_join(worker, NULL);
	puts("done");
	return 0;
}
