# A loop of forks: subshells that end at once.
rounds=${1:-1000} check=0
begin=${EPOCHREALTIME/[.,]/}
for ((round = 0; round < rounds; round++)); do
	(exit 3)
	((check += $?))
done
end=${EPOCHREALTIME/[.,]/}
echo "ns_per_round $(((end - begin) * 1000 / rounds)) check $check"
