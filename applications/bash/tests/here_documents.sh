# Here-documents and here-strings: quoted, indented, nested, large, on other descriptors.
name=world
cat <<END
hello $name, $((6 * 7)), $(echo substituted), \$name, \\
END
cat <<'END'
hello $name, $((6 * 7)), $(echo kept)
END
cat <<-END
	a tab is taken away
	  spaces stay
	END
cat <<A; cat <<B
first
A
second
B
cat <<OUTER
$(cat <<INNER
inner $name
INNER
)
OUTER
cat 3<<THREE <&3
from descriptor 3
THREE
while read -r line; do echo "[$line]"; done <<END
one
two three
END
cat <<< "a here-string of $name"
# More than a pipe holds.
printf -v large '%*s' 200000 ''
wc -c <<< "$large"
wc -c <<END
$large
END
f() { cat; } <<END
attached to a function: $name
END
f
name=other
f
cat <<END | tr a-z A-Z
into a pipeline
END
read -r a b <<< "left right rest"
echo "$a/$b"
