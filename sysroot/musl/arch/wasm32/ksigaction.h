/* SYS_rt_sigaction takes the C structure of <signal.h>, with its 128 byte mask. */
struct k_sigaction {
	void (*handler)(int);
	unsigned long mask[16];
	int flags;
	void (*restorer)(void);
};
