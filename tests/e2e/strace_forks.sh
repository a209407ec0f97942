# timeout: 60
# Forks of a process whose other threads write lines of the trace at that moment: the child has its own.
. "$ROOT/tests/e2e/functions"

cat >forks.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int over;
static void *calls(void *arg)
{
	while (!over)
		getppid();
	return arg;
}
int main(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, calls, NULL);
	for (int i = 0; i < 300; i++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			getppid();
			_exit(7);
		}
		if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 7)
			return 1;
	}
	over = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
EOF
run wali-cc -O1 -pthread -o forks.wasm forks.c
[ $status -eq 0 ] || wrong "the program does not compile"
timeout 40 wali-engine run --strace=getppid,fork,clone forks.wasm 2>trace >stdout
[ $? -eq 0 ] && [ "$(cat stdout)" = done ] || wrong "a child hangs or is lost"
# What is written in one piece stays in one piece.
grep -Evq '^\[[0-9]+\] (getppid|fork|clone|vfork)\(' trace && wrong "mixed lines: $(grep -Ev '^\[[0-9]+\] (getppid|fork|clone|vfork)\(' trace | head -n 3)"

finish
