# Coprocesses: talking to one, its status, its end.
coproc UP { while read -r line; do echo "<${line^^}>"; done; echo left; exit 7; }
[[ $UP_PID == "$!" ]] && echo pid
pid=$UP_PID
for word in first second third; do
    echo "$word" >&"${UP[1]}"
    read -r answer <&"${UP[0]}"
    echo "$answer"
done
exec {in}<&"${UP[0]}"
eval "exec ${UP[1]}>&-"
read -r answer <&"$in"
echo "$answer"
wait "$pid"
echo "status $?"
coproc cat
pid=$COPROC_PID
echo to a program >&"${COPROC[1]}"
read -r -t 10 answer <&"${COPROC[0]}"
echo "$answer"
kill "$pid"
wait "$pid" 2> /dev/null
echo "status $?"
