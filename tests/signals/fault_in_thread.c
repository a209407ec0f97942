// flags: -pthread
/* A process dies by the signal of a thread's fault, though its other threads could take the signal too. */
#include "../libc/check.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int *volatile nowhere = (int *)16;

static void *waits(void *end)
{
	char byte;
	read(*(int *)end, &byte, 1);
	return NULL;
}

static void *faults(void *unused)
{
	*nowhere = 1;
	return unused;
}

int main(void)
{
	int n_killed = 0;
	for (int i = 0; i < 30; i++) {
		int status, ends[2];
		CHECK(pipe(ends) == 0);
		pid_t child = fork();
		if (child == 0) {
			pthread_t thread;
			dup2(open("/dev/null", O_WRONLY), 2);
			for (int k = 0; k < 3; k++)
				pthread_create(&thread, NULL, waits, &ends[0]);
			pthread_create(&thread, NULL, faults, NULL);
			waits(&ends[0]);
			_exit(3);
		}
		CHECK(waitpid(child, &status, 0) == child);
		n_killed += WIFSIGNALED(status) && WTERMSIG(status) == 11;
		close(ends[0]);
		close(ends[1]);
	}
	printf("%d died by SIGSEGV\n", n_killed);
	return check_status();
}
