# Process substitution, for reading and writing.
cat <(echo one) <(echo two)
diff <(printf '%s\n' a b c) <(printf '%s\n' a x c)
echo $?
while read -r line; do last=$line; done < <(seq 1 100)
echo "$last"
echo written > >(sed 's/^/got: /'; echo done > flag)
wait $!
cat flag
tee >(tr a-z A-Z > upper) >(rev > reversed) <<< text > plain
for _ in {1..100}; do
    [[ -s upper && -s reversed ]] && break
    sleep 0.1
done
cat plain upper reversed
paste <(seq 3) <(seq 4 6) <(seq 7 9)
f() { cat "$1" "$2"; }
f <(echo argument 1) <(echo argument 2)
exec 5< <(echo kept open; echo twice)
read -r a <&5
read -r b <&5
echo "$a, $b"
exec 5<&-
cat <(cat <(cat <(echo nested)))
[[ -e <(:) ]] && echo exists
