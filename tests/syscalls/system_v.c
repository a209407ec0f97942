// calls: shmget shmat shmdt shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl
/* System V shared memory, semaphores and message queues. */
#include "../libc/check.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

static void memory(void)
{
	struct shmid_ds state;
	int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
	CHECK(id >= 0);
	char *one = shmat(id, NULL, 0), *two = shmat(id, NULL, SHM_RDONLY);
	CHECK(one != (void *)-1 && two != (void *)-1 && one != two);
	one[9999] = 'Q';
	CHECK(two[9999] == 'Q');
	CHECK(shmctl(id, IPC_STAT, &state) == 0 && state.shm_segsz == 10000 && state.shm_nattch == 2);
	CHECK_ERRNO(shmat(id, one, 0), EINVAL);
	CHECK_ERRNO(shmat(id, NULL, SHM_REMAP), EINVAL);
	CHECK_ERRNO(shmat(id, one + 1, 0), EINVAL);
	CHECK(shmat(id, two + 5, SHM_RND | SHM_REMAP) == two);
	CHECK(shmdt(one) == 0);
	CHECK_ERRNO(shmdt(one), EINVAL);
	CHECK_ERRNO(shmdt(two + 4096), EINVAL);
	two[0] = 'x';
	CHECK(munmap(two, 4096) == 0 && shmdt(two) == 0);
	CHECK(shmctl(id, IPC_STAT, &state) == 0 && state.shm_nattch == 0);

	/* Attached where the program says, in place of what was there. */
	char *place = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(shmat(id, place, SHM_REMAP) == place && place[9999] == 'Q');
	CHECK(shmdt(place) == 0);
	CHECK(mmap(place, 12288, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == place);
	CHECK(shmctl(id, IPC_RMID, NULL) == 0);
	CHECK_ERRNO(shmat(id, NULL, 0), EINVAL);
}

static void semaphores(void)
{
	int id = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
	unsigned short values[3] = {4, 5, 6};
	struct semid_ds state;
	CHECK(semctl(id, 0, SETALL, (union semun){.array = values}) == 0);
	CHECK(semctl(id, 1, SETVAL, (union semun){.val = 7}) == 0);
	CHECK(semctl(id, 1, GETVAL) == 7);
	memset(values, 0, sizeof values);
	CHECK(semctl(id, 0, GETALL, (union semun){.array = values}) == 0);
	CHECK(values[0] == 4 && values[1] == 7 && values[2] == 6);
	CHECK(semctl(id, 0, IPC_STAT, (union semun){.buf = &state}) == 0 && state.sem_nsems == 3);
	struct sembuf steps[] = {{0, -4, 0}, {1, 1, 0}}, wait = {0, -1, 0};
	CHECK(semop(id, steps, 2) == 0 && semctl(id, 1, GETVAL) == 8);
	struct timespec soon = {0, 1000000};
	CHECK_ERRNO(semtimedop(id, &wait, 1, &soon), EAGAIN);
	wait.sem_flg = IPC_NOWAIT;
	CHECK_ERRNO(semop(id, &wait, 1), EAGAIN);
	CHECK_ERRNO(semctl(id, 3, GETVAL), EINVAL);
	CHECK_ERRNO(semctl(id, 0, SETVAL, (union semun){.val = -1}), ERANGE);
	CHECK(semctl(id, 0, IPC_RMID) == 0);
}

static void queues(void)
{
	struct {
		long type;
		char text[16];
	} message = {3, "message"};
	struct msqid_ds state;
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	CHECK(msgsnd(id, &message, 8, 0) == 0);
	message.type = 2;
	CHECK(msgsnd(id, &message, 3, 0) == 0);
	CHECK(msgctl(id, IPC_STAT, &state) == 0 && state.msg_qnum == 2);
	CHECK_ERRNO(msgrcv(id, &message, 4, 3, 0), E2BIG);
	CHECK(msgrcv(id, &message, sizeof message.text, -2, 0) == 3 && message.type == 2);
	CHECK(msgrcv(id, &message, 4, 3, MSG_NOERROR) == 4 && message.type == 3);
	CHECK_ERRNO(msgrcv(id, &message, 4, 0, IPC_NOWAIT), ENOMSG);
	message.type = 0;
	CHECK_ERRNO(msgsnd(id, &message, 1, 0), EINVAL);
	CHECK(msgctl(id, IPC_RMID, NULL) == 0);
}

int main(void)
{
	memory();
	semaphores();
	queues();
	return check_status();
}
