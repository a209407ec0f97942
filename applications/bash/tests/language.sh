# The language: expansions, arrays, arithmetic, patterns, functions, printf, getopts.
declare -A map=([one]=1 [two]=2 ["a key"]="a value")
for key in one two "a key"; do echo "$key=${map[$key]}"; done
echo "${#map[@]}"
array=(zero one two [5]=five); array+=(six)
echo "${array[@]}" "${!array[@]}" "${array[@]:1:2}" "${array[-1]}"
unset 'array[1]'; echo "${!array[@]}"
text="The quick brown fox"
echo "${text#* }|${text##* }|${text% *}|${text%% *}|${text/quick/slow}|${text//o/0}|${text:4:5}|${text^^}|${text,,}"
echo "${unset:-default}" "${unset:=assigned}" "$unset" "${#text}" "${text@Q}" "${text:(-3)}"
echo $((2 ** 62)) $((0x1F + 017 + 2#101)) $((7 / 2)) $((-7 % 3)) $((1 << 40)) $((5 > 3 ? 10 : 20)) $((~0))
echo $((9223372036854775807 + 1))
echo {a,b}{1..3} {01..10..3} {z..w}
[[ "2024-05-17" =~ ^([0-9]+)-([0-9]+)-([0-9]+)$ ]] && echo "${BASH_REMATCH[@]}"
shopt -s extglob nullglob
touch f1.txt f2.txt g1.c
echo *.txt !(*.txt|bash|*.sh|*.dialogue) +([fg])1.* nothing*
case abc in +(a|b|c)) echo matches;; *) echo not;; esac
case x in x) echo falls;& y) echo through;;& *) echo "and on";; esac
printf '%s|%5d|%-5s|%05.1f|%x|%q|%b|%c\n' str 42 ab 3.14159 255 "a b'c" 'tab\there' char
printf '%(%Y-%m-%d %H:%M:%S)T\n' 86400
printf '%.3f %g %e\n' 1.25 1e10 12345.678
fact() { (($1 < 2)) && echo 1 || echo $(($1 * $(fact $(($1 - 1))))); }
fact 12
outer() { local x=inner; middle; echo "$x"; }; middle() { x=changed; }; x=global; outer; echo "$x"
nameref() { local -n ref=$1; ref+=(added); }; list=(a); nameref list; echo "${list[@]}"
while getopts ab:c option -a -b value -c rest; do echo "$option ${OPTARG-}"; done
select_one() { PS3=; select item in x y; do echo "chose $item"; break; done <<< 2 2> /dev/null; }; select_one
IFS=:; read -ra parts <<< "a:b::c"; echo "${#parts[@]} ${parts[*]}"; unset IFS
set -- one "two words" three; echo "$#" "$*"; shift; echo "$1"; for a; do echo "<$a>"; done
eval 'echo "evaluated $((1 + 1))"'; . /dev/stdin <<< 'echo sourced "$1"'
until ((++n >= 3)); do :; done; echo "$n"
for ((i = 0, j = 10; i < j; i += 3, j -= 2)); do echo "$i $j"; done
echo "${FUNCNAME-} $LINENO" "$SECONDS" "${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]}" "$OSTYPE" > /dev/null
declare -i number=5; number+=7; echo "$number"; declare -r fixed=1; (fixed=2) 2> /dev/null; echo $?
echo "$(< g1.c)" "$(echo nested "$(echo deeper "$(echo deepest)")")" ${ echo in this shell; }
LC_ALL=C.UTF-8
word=$'gr\u00fcn'; echo "${#word} ${word^^} ${word:2:1}"
time_format() { local TIMEFORMAT='%R %U %S'; { time sleep 0.2; } 2>&1 | awk '{ print ($1 >= 0.2 && $1 < 5), NF }'; }
time_format
{ time -p true; } 2>&1 | awk '{ print $1 }'
hash -r; type -t cd ls nosuch if time_format; command -v bash > /dev/null; echo $?
history -s "a line"; history | tail -n 1 | sed 's/^ *//'; ulimit -n > /dev/null && umask 022 && umask
times | wc -l
