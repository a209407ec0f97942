# Traps: signals, in loops and in calls that wait, nested, inherited, and at the end.
# timeout: 120
trap 'echo "got USR1"' USR1
kill -USR1 $$
echo after
for _ in 1 2 3; do kill -USR1 $$; done
trap 'count=$((count + 1))' USR2
count=0
for _ in {1..200}; do kill -USR2 $$; done
echo "USR2 $count times"
# While waiting for a child.
(sleep 0.3; kill -USR1 $$) &
wait $!
echo "waited $(($? > 128))"
sleep 0.5
# While reading from a pipe that stays silent for a while.
(sleep 0.3; kill -USR1 $$; sleep 0.3; echo a line) | { read -r line; echo "read $line"; }
# In a loop that makes no calls.
trap 'stop=1' ALRM
(sleep 0.5; kill -ALRM $$) &
stop=0 n=0
while ((!stop)); do ((n++)); done
echo "stopped $((n > 0))"
# Ignored, inherited by children; reset in subshells.
trap '' TERM
bash=$BASH
"$bash" -c 'kill -TERM $$; echo "child survives TERM"'
(trap; kill -TERM "$BASHPID"; echo "subshell survives TERM")
trap - TERM
{ (kill -TERM "$BASHPID"; echo never); echo "subshell ended with $?"; } 2> /dev/null
"$bash" -c 'trap "echo cleaning; exit 9" INT; kill -INT $$; echo never'
echo "status $?"
"$bash" -c 'kill -INT $$; echo never'
echo "status $?"
trap 'echo "failed in line $LINENO: $BASH_COMMAND"' ERR
false
(exit 3) || echo "no trap after ||"
trap - ERR
f() { trap 'echo "leaving f"' RETURN; echo "in f"; }
f
trap - RETURN
set -T
trap '[[ $BASH_COMMAND == *marked* ]] && echo "before: $BASH_COMMAND"' DEBUG
: marked
: other
trap - DEBUG
set +T
trap -p
trap 'echo "at the end, status $?"' EXIT
(echo "no EXIT trap in a subshell")
"$bash" -c 'trap "echo inner end" EXIT; exit 4'
echo "inner $?"
exit 12
