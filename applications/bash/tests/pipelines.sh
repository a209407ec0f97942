# Pipelines: statuses, long ones, those of shell functions, and a thousand one after the other.
# timeout: 300
true | false | true
echo "$? ${PIPESTATUS[*]}"
set -o pipefail
true | false | true
echo "$? ${PIPESTATUS[*]}"
set +o pipefail
(exit 3) | (exit 4) | (exit 5)
echo "${PIPESTATUS[@]}"
! true
echo $?
yes | head -n 3
echo "status of yes: $((PIPESTATUS[0] > 128))"
upper() { tr a-z A-Z; }
count() { local n=0; while read -r; do n=$((n + 1)); done; echo "$n lines"; }
printf '%s\n' one two three | upper | sed 's/^/> /'
seq 1 5000 | count
shopt -s lastpipe
echo kept | read -r variable
echo "lastpipe: $variable"
shopt -u lastpipe
echo lost | read -r lost
echo "otherwise: ${lost-unset}"
echo both 2>&1 >&2 | cat
{ echo out; echo err >&2; } |& sort
words=(a b c d e f g h)
long=cat
for _ in {1..40}; do long+=' | cat'; done
echo through forty | eval "$long"
sum=0
for ((i = 0; i < 1000; i++)); do
    line=$(echo "$i" | { read -r n; echo $((n * 2)); })
    sum=$((sum + line))
done
echo "$sum"
for i in {1..200}; do echo "$i" | cat | tail -n 1; done | awk '{ s += $1 } END { print s }'
