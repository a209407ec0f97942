# Lines through a pipeline of three shells.
produce() { for i in {1..2000}; do echo "$i $((i * i))"; done; }
keep() { while read -r a b; do [[ $a == *7* ]] && echo "$b"; done; }
add() { total=0; while read -r n; do total=$((total + n)); done; echo $total; }
produce | keep | add
