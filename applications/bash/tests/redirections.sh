# Redirections: descriptors by number and by name, files for both directions, noclobber, /dev/fd.
echo out > file; echo more >> file; cat file
{ echo 1; echo 2 >&2; } > both 2>&1; cat both
{ echo 1; echo 2 >&2; } &> both; cat both
exec {fd}> named; echo "$((fd >= 10))"; echo by name >&"$fd"; exec {fd}>&-; cat named
echo into closed >&"$fd" 2> /dev/null; echo $?
exec 3<> updown; echo line >&3; exec 3>&-; exec 3< updown; read -r line <&3; echo "$line"; exec 3<&-
exec 4>&1 1> captured; echo hidden; exec 1>&4 4>&-; cat captured
set -C; echo no > file 2> message; echo "$?: $(sed 's/.*: file/file/' message)"; echo yes >| file; set +C; cat file
cat < missing 2> message; echo "$?: $(sed 's/.*: missing/missing/' message)"
echo piped | cat /dev/fd/0
cat /dev/stdin <<< "from stdin"
echo to stderr > /dev/stderr 2>&1
while read -r -u 7 line; do echo "7: $line"; done 7< <(printf 'a\nb\n')
exec 8<&0 0< file; read -r line; exec 0<&8 8<&-; echo "$line"
mapfile -t lines < <(seq 5); echo "${lines[*]}"
read -r -d : field <<< "up to:colon"; echo "$field"
read -r -n 3 chars <<< abcdef; echo "$chars"
read -r -t 0.2 nothing < <(sleep 2); echo "$(($? > 128))"
printf 'no newline' > file; while read -r line || [[ $line ]]; do echo "$line"; done < file
echo a{1..3} > 'a file with spaces'; cat a\ file*
mkfifo pipe; (echo through a fifo > pipe) & cat pipe; wait
(ulimit -n 64; exec 60> high; echo "high" >&60); cat high
for n in 0 1 2; do [[ -t $n ]] && echo "$n is a terminal"; done; echo checked
