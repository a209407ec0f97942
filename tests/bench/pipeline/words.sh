# The shell's own work: a loop over words, an array, string operations.
declare -A count
text="the quick brown fox jumps over the lazy dog and the cat sees the fox run over the hill"
for round in {1..60}; do
	for word in $text; do
		count[$word]=$((${count[$word]:-0} + ${#word}))
	done
done
echo "${count[the]} ${count[fox]} ${count[over]}"
