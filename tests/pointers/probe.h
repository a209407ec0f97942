/* What the generated table of calls (cargo xtask test pointers) is made of, and what its expressions use. */
#ifndef PROBE_H
#define PROBE_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* What an argument is, as far as it decides which values are tried. */
enum kind { NUMBER, DESCRIPTOR, LENGTH, TEXT, DATA, ADDRESS };

struct arg {
	const char *name;
	enum kind kind;
	int is_written; /* whether the kernel writes there */
	int is_wide;    /* whether it is passed in 64 bits */
	int is_signed;
	unsigned size;  /* of what is there, or of one element */
};

/* One set of plausible arguments. */
struct base {
	const char *label;
	void (*fill)(long long *a);
	unsigned fixed; /* a bit for each argument that is left as it is */
	int has_lengths, has_result, waits;
};

struct call {
	const char *name;
	long numbers[3];
	int n_args;
	struct arg args[6];
	int n_bases;
	const struct base *bases;
};

extern const struct call calls[];
extern const int n_calls;

/* The buffer of argument `i`, zeroed, `BUFFER_BYTES` long; behind it nothing can be accessed. */
#define BUFFER_BYTES 8192
void *buffer(int i);
/* The buffer with a string, a word, bytes. */
long long text(int i, const char *string);
long long word(int i, int value);
long long wide(int i, long long value);
long long bytes(int i, const void *data, size_t size);
/* The buffer with `n` vectors that name the second half of it. */
long long vectors(int i, int n);
/* The buffer with a message header that names vectors there. */
long long message(int i);
/* The buffer with a time, of which `CLOCK_MONOTONIC` and all others are past. */
long long moment(int i, long long seconds, long nanoseconds);
#define at(i) ((long long)(intptr_t)buffer(i))

/* The buffer with three words of 64 bits. */
long long longs(int i, long long a, long long b, long long c);
/* The buffer with the address of a local socket. */
long long local(int i, const char *path);
/* The buffer with a struct sigevent. */
long long event(int i, int signal);
/* The buffer with a list of one request of io_submit, a read of `fd`. */
long long requests(int i, int fd);
/* The buffer with a list of one address, of a page of it. */
long long addresses(int i);
/* The buffer with a struct xattr_args whose value is there too. */
long long attribute(int i);
/* The buffer with one entry of futex_waitv, of a word that is there too. */
long long waiters(int i, int n);
/* The buffer with a filter program of one instruction, which takes all packets. */
long long filter(int i);
/* The buffer with a network interface's name and, behind that, the address of data in the buffer. */
long long interface(int i);
/* The buffer with a struct ifconf that names the rest of the buffer. */
long long interfaces(int i);

/* Descriptors, made when an expression asks for one. */
int file(void);
int folder(void);
int sock(void);
int datagram(void);
int pipe_in(void);
int pipe_out(void);
int an_epoll(void);
int an_eventfd(void);
int a_timerfd(void);
int an_inotify(void);
int a_memory_file(void);
int a_queue(void);
int pidfd_of_self(void);
int null(void);
int zero(void);
int own_pid(void);
int a_shm(void);
int a_sem(void);
int a_msg(void);
int a_timer(void);
int listener(void);
int a_fanotify(void);
int a_filesystem(void);
int network(void);
long long a_context(void);

#endif
