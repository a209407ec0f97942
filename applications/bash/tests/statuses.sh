# Exit statuses: of commands that are missing, not executable, killed; of builtins; of the script.
nosuchcommand 2> message
echo "$?: $(cat message)"
touch plain
./plain 2> message
echo "$?: $(cat message)"
/ 2> message
echo "$?: $(cat message)"
./nosuch/file 2> message
echo "$?: $(cat message)"
# The shell's own reports have process numbers.
{
    for signal in HUP INT QUIT ABRT KILL SEGV PIPE ALRM TERM USR1; do
        (ulimit -c 0; kill -s "$signal" "$BASHPID")
        echo "$signal $?"
    done
} 2> /dev/null
(exit 256); echo $?
(exit -1); echo $?
f() { return 300; }; f; echo $?
"$BASH" -c 'exit 42'; echo $?
"$BASH" -c 'exec false'; echo $?
"$BASH" nosuchscript 2> message; echo "$?: $(sed 's/.*: nosuch/nosuch/' message)"
"$BASH" -c 'if' 2> message; echo "$?"
echo 'echo "without a first line: $0 $1"; exit 6' > script; chmod +x script
./script argument; echo $?
printf '#!/bin/sh\necho "of sh: $1"; exit 8\n' > shscript; chmod +x shscript
./shscript x; echo $?
printf '#!%s -e\necho "of bash: $1"; false; echo never\n' "$PWD/bash" > bashscript; chmod +x bashscript
./bashscript y; echo $?
(exec -a other "$BASH" -c 'echo "$0"')
(exec -a -login "$BASH" --noprofile -c 'echo "$0"; shopt login_shell')
(exec -c env | sort)
let 0; echo $?
let 1; echo $?
((0)); echo $?
[[ a < b ]]; echo $?
[[ a -eq x ]] ; echo $?
test 1 -eq 2; echo $?
test x = 2> /dev/null; echo $?
set -e
(false; echo "not reached") || echo "the rest of an or-list"
exit 17
