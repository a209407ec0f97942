# Background jobs in a script: statuses, wait for any, job control, signals, orphans.
# timeout: 120
(exit 5) & first=$!
(exit 6) & second=$!
wait "$second"; echo "second $?"
wait "$first"; echo "first $?"
for n in 1 2 3; do (sleep "0.$((n * 2))"; exit "$n") & done
wait -n; echo "any $?"
wait -n; echo "any $?"
wait -n -p which; echo "any $?"
wait -n; echo "none left $?"
sleep 60 & sleeper=$!
kill -0 "$sleeper" && echo alive
kill -TERM "$sleeper"
wait "$sleeper" 2> /dev/null; echo "terminated $?"
sleep 60 & kill -KILL $!
wait $! 2> /dev/null; echo "killed $?"
# A job of its own process group, stopped and continued.
set -m
sleep 60 & group=$!
[[ $(ps -o pgid= -p "$group" | tr -d ' ') == "$group" ]] && echo "own group"
kill -STOP "$group"
until [[ $(jobs) == *Stopped* ]]; do sleep 0.05; done
jobs | sed 's/  */ /g'
bg %1 > /dev/null
until [[ $(jobs) == *Running* ]]; do sleep 0.05; done
jobs | sed 's/  */ /g'
kill %1
wait %1 2> /dev/null; echo "status $?"
set +m
jobs -l
disown -a
# Many at once.
pids=()
for n in {1..50}; do (exit $((n % 7))) & pids+=($!); done
total=0
for pid in "${pids[@]}"; do wait "$pid"; total=$((total + $?)); done
echo "total $total"
( (sleep 0.2; echo "an orphan's word" > orphan) & )
until [[ -s orphan ]]; do sleep 0.05; done
cat orphan
echo "subshells: $BASH_SUBSHELL $( (echo $BASH_SUBSHELL) )"
