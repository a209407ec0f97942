/* Message queues, named semaphores, shared memory (POSIX and System V), asynchronous input and output. */
#include "check.h"
#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char name[64];

static void queues(void)
{
	struct mq_attr limits = {.mq_maxmsg = 3, .mq_msgsize = 16}, now;
	mqd_t queue = mq_open(name, O_CREAT | O_EXCL | O_RDWR | O_NONBLOCK, 0600, &limits);
	if (queue == (mqd_t)-1) {
		CHECK(errno == ENOSYS);
		return;
	}
	char text[16];
	unsigned priority;
	CHECK_ERRNO(mq_receive(queue, text, 16, NULL), EAGAIN);
	CHECK(mq_send(queue, "low", 4, 1) == 0 && mq_send(queue, "high", 5, 9) == 0 && mq_send(queue, "mid", 4, 5) == 0);
	CHECK_ERRNO(mq_send(queue, "full", 5, 0), EAGAIN);
	CHECK(mq_getattr(queue, &now) == 0 && now.mq_curmsgs == 3 && now.mq_msgsize == 16 && now.mq_flags == O_NONBLOCK);
	CHECK(mq_receive(queue, text, 16, &priority) == 5 && !strcmp(text, "high") && priority == 9);
	CHECK_ERRNO(mq_receive(queue, text, 8, NULL), EMSGSIZE);
	CHECK(mq_receive(queue, text, 16, NULL) == 4 && mq_receive(queue, text, 16, NULL) == 4);
	CHECK(mq_setattr(queue, &(struct mq_attr){0}, NULL) == 0);
	struct timespec past = {1, 0};
	CHECK_ERRNO(mq_timedreceive(queue, text, 16, NULL, &past), ETIMEDOUT);
	CHECK(mq_close(queue) == 0 && mq_unlink(name) == 0);
	CHECK_ERRNO(mq_unlink(name), ENOENT);
}

static void named_semaphores(void)
{
	sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
	CHECK(semaphore != SEM_FAILED);
	CHECK(sem_open(name, 0) == semaphore && sem_close(semaphore) == 0);
	pid_t child = fork();
	if (child == 0) {
		sem_t *same = sem_open(name, 0);
		_exit(sem_wait(same) == 0 && sem_post(same) == 0 && sem_post(same) == 0 ? 0 : 1);
	}
	int status, value;
	CHECK(waitpid(child, &status, 0) == child && status == 0 && sem_getvalue(semaphore, &value) == 0 && value == 2);
	CHECK(sem_close(semaphore) == 0 && sem_unlink(name) == 0 && sem_open(name, 0) == SEM_FAILED && errno == ENOENT);
}

static void posix_memory(void)
{
	int fd = shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	CHECK(fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC) && ftruncate(fd, 8192) == 0);
	char *a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), *b = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
	strcpy(a + 5000, "shared");
	CHECK(a != b && !strcmp(b + 5000, "shared"));
	munmap(a, 8192);
	munmap(b, 8192);
	close(fd);
	CHECK(shm_unlink(name) == 0);
	CHECK_ERRNO(shm_open(name, O_RDWR, 0), ENOENT);
}

static void system_v_memory(void)
{
	int id = shmget(IPC_PRIVATE, 10000, IPC_CREAT | 0600);
	CHECK(id >= 0);
	char *first = shmat(id, NULL, 0), *second = shmat(id, NULL, SHM_RDONLY);
	if (CHECK(first != (void *)-1 && second != (void *)-1)) {
		strcpy(first, "attached twice");
		CHECK(first != second && !strcmp(second, "attached twice"));
		struct shmid_ds state;
		CHECK(shmctl(id, IPC_STAT, &state) == 0 && state.shm_segsz == 10000 && state.shm_nattch == 2 && state.shm_cpid == getpid());
		CHECK(shmdt(first) == 0 && shmdt(second) == 0);
		CHECK_ERRNO(shmdt(first), EINVAL);
	}
	CHECK(shmctl(id, IPC_RMID, NULL) == 0);
}

static void system_v_semaphores(void)
{
	union {
		int value;
		unsigned short *array;
		struct semid_ds *state;
	} argument;
	int id = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
	CHECK(id >= 0);
	argument.value = 3;
	CHECK(semctl(id, 1, SETVAL, argument) == 0 && semctl(id, 1, GETVAL) == 3);
	struct sembuf operations[] = {{0, 2, 0}, {1, -3, IPC_NOWAIT}};
	CHECK(semop(id, operations, 2) == 0);
	CHECK_ERRNO(semop(id, &operations[1], 1), EAGAIN);
	unsigned short values[2] = {9, 9};
	argument.array = values;
	CHECK(semctl(id, 0, GETALL, argument) == 0 && values[0] == 2 && values[1] == 0);
	CHECK_ERRNO(semtimedop(id, &(struct sembuf){1, -1, 0}, 1, &(struct timespec){0, 1000000}), EAGAIN);
	struct semid_ds state;
	argument.state = &state;
	CHECK(semctl(id, 0, IPC_STAT, argument) == 0 && state.sem_nsems == 2);
	CHECK(semctl(id, 0, IPC_RMID) == 0);
}

static void system_v_messages(void)
{
	struct message {
		long type;
		char text[16];
	} message = {7, "seven"};
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	CHECK(id >= 0 && msgsnd(id, &message, 6, 0) == 0);
	message.type = 3;
	CHECK(msgsnd(id, &message, 6, 0) == 0 && msgrcv(id, &message, 16, 3, 0) == 6 && message.type == 3);
	struct msqid_ds state;
	CHECK(msgctl(id, IPC_STAT, &state) == 0 && state.msg_qnum == 1 && state.msg_lspid == getpid());
	CHECK_ERRNO(msgrcv(id, &message, 2, 0, 0), E2BIG);
	CHECK(msgrcv(id, &message, 2, 0, MSG_NOERROR) == 2 && message.type == 7);
	CHECK_ERRNO(msgrcv(id, &message, 2, 0, IPC_NOWAIT), ENOMSG);
	CHECK(msgctl(id, IPC_RMID, NULL) == 0);
}

static void asynchronous(void)
{
	int fd = open("aio", O_CREAT | O_RDWR, 0600);
	char buffer[16] = {0};
	struct aiocb writing = {.aio_fildes = fd, .aio_buf = "asynchronous", .aio_nbytes = 12};
	const struct aiocb *list[] = {&writing};
	CHECK(aio_write(&writing) == 0);
	while (aio_error(&writing) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	CHECK(aio_error(&writing) == 0 && aio_return(&writing) == 12);
	struct aiocb reading = {.aio_fildes = fd, .aio_buf = buffer, .aio_nbytes = 5, .aio_offset = 7, .aio_lio_opcode = LIO_READ};
	struct aiocb *jobs[] = {&reading};
	CHECK(lio_listio(LIO_WAIT, jobs, 1, NULL) == 0 && aio_return(&reading) == 5 && !strcmp(buffer, "onous"));
	struct aiocb bad = {.aio_fildes = -1, .aio_buf = buffer, .aio_nbytes = 1};
	if (aio_read(&bad) == 0) {
		list[0] = &bad;
		while (aio_error(&bad) == EINPROGRESS)
			aio_suspend(list, 1, NULL);
		CHECK(aio_error(&bad) == EBADF && aio_return(&bad) == -1);
	} else
		CHECK(errno == EBADF);
	struct aiocb sync = {.aio_fildes = fd};
	CHECK(aio_fsync(O_SYNC, &sync) == 0);
	list[0] = &sync;
	while (aio_error(&sync) == EINPROGRESS)
		aio_suspend(list, 1, NULL);
	CHECK(aio_return(&sync) == 0);
	close(fd);
	unlink("aio");
}

int main(void)
{
	snprintf(name, sizeof name, "/libc-test-%d", getpid());
	queues();
	named_semaphores();
	posix_memory();
	system_v_memory();
	system_v_semaphores();
	system_v_messages();
	asynchronous();
	return check_status();
}
