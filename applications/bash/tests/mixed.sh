# Programs of both kinds in one pipeline: the shell's own executable, which is a module when the shell
# is one, and the machine's programs; their environment, descriptors, working folder and arguments.
PATH=$PWD:$PATH
printf '%s\n' cherry apple banana | sort | bash -c 'while read -r x; do echo "<$x>"; done' |
    tr a-z A-Z | bash -c 'cat; echo "end of $0"' name | sed 's/^/| /'
echo "${PIPESTATUS[@]}"
export EXPORTED=$'two\nlines and \xff'
bash -c 'printf %s "$EXPORTED"' | od -An -tx1
env bash -c 'true' 2> /dev/null || bash -c true; echo $?
bash -c 'echo "$#: $1|$2|$3"' x '' 'a b' $'c\nd'
mkdir -p sub/deeper; (cd sub/deeper; bash -c 'pwd' | sed 's/.*sub/sub/')
exec 6> shared; bash -c 'echo from the inner shell >&6'; sh -c 'echo from sh >&6'; bash -c 'echo again >&6'; exec 6>&-; cat shared
bash -c 'exec sh -c "exec sort -r"' < <(seq 3)
bash -c 'echo out; echo err >&2; exit 3' 2>&1 | cat; echo "${PIPESTATUS[0]}"
find . -name '*.nosuch' -o -name shared | xargs cat
{ bash -c 'kill -TERM $$'; echo $?; } 2> /dev/null
umask 027; bash -c 'umask; ulimit -c 0; ulimit -c'
nested() { (($1)) && bash -c "echo level $1" && nested $(($1 - 1)); }; nested 5
bash -c 'bash -c "bash -c \"echo three deep: \\\$\\\$ > /dev/null; echo \\\$PPID > /dev/null; echo ok\""'
yes | bash -c 'read -r x; echo "$x"'
for n in {1..20}; do bash -c "exit $n"; echo -n "$? "; done; echo
