# timeout: 300
# Idle processes of one module, started one by one, share their code: no page of the compiled module or
# of the engine's own code is a copy. WALI_IDLE_PROCESSES says how many.
. "$ROOT/tests/e2e/functions"

count=${WALI_IDLE_PROCESSES:-100}
cat >idle.c <<'C'
#include <stdio.h>

int main(void)
{
	puts("ready");
	fflush(stdout);
	return getchar() != EOF;
}
C
wali-cc -O2 -o idle.wasm idle.c
# Compiled once, now.
prints 'ready\n' wali-engine run idle.wasm </dev/null

# They wait for the end of a pipe, which comes when this shell closes it or dies.
mkfifo gate
exec 3<>gate
: >ready
processes=
for _ in $(seq "$count"); do
	wali-engine run idle.wasm <gate >>ready 3>&- &
	processes="$processes $!"
done
tries=0
while [ "$(wc -l <ready)" -lt "$count" ] && [ $tries -lt 1200 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
[ "$(wc -l <ready)" -eq "$count" ] || wrong "only $(wc -l <ready) of $count processes are there"

# Of every executable mapping of a file: what is resident, shared, and copied.
for process in $processes; do
	cat "/proc/$process/smaps"
done | awk '
	/^[0-9a-f]+-[0-9a-f]+ / { code = $2 ~ /x/ && $6 ~ /^\//; module = $6 ~ /\.cwasm$/ }
	code && $1 == "Rss:" { resident += $2; if (module) mapped++ }
	code && $1 == "Shared_Clean:" { shared += $2 }
	code && ($1 == "Private_Dirty:" || $1 == "Anonymous:") { copied += $2 }
	END { printf "%d %d %d %d\n", mapped, resident, shared, copied }' >sums
read -r mapped resident shared copied <sums
[ "$mapped" -eq "$count" ] || wrong "$mapped of $count processes have mapped the compiled module"
[ "$resident" -gt 0 ] || wrong 'no code is resident'
[ "$copied" -eq 0 ] || wrong "$copied KiB of code are copies"
# A page that only one of them has come to yet is its own, without being a copy.
[ $((resident - shared)) -le $((resident / 100)) ] || wrong "$shared KiB of $resident KiB are shared"

exec 3>&-
for process in $processes; do
	wait "$process" || wrong "process $process ended with $?"
done
finish
