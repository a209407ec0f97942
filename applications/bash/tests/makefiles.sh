# The machine's make with this shell as its shell: for recipes, functions, several jobs at once, errors.
# timeout: 180
# A module becomes a program that the kernel can start by a line that names the engine.
case $(head -c 4 "$BASH" | od -An -tx1) in
*00*61*73*6d*) { echo "#!$(readlink "/proc/$$/exe")"; cat "$BASH"; } > shell; chmod +x shell ;;
*) cp "$BASH" shell ;;
esac
cat > Makefile <<'MAKE'
SHELL := $(CURDIR)/shell
.SHELLFLAGS := -euo pipefail -c
squares := $(shell for i in {1..5}; do printf '%d ' $$((i * i)); done)
objects := $(addsuffix .o,a b c d e f)
.SECONDARY:
.PHONY: all clean fails
all: program.txt
	@[[ -s $< && $$(wc -l < $<) -eq 7 ]] && echo "$< has $$(wc -l < $<) lines"
	@mapfile -t lines < <(sort -r $<); printf '%s;' "$${lines[@]:0:3}"; echo
	@echo "squares: $(squares), version: $${BASH_VERSINFO[0]}"
program.txt: $(objects)
	@cat $(sort $^) > $@ && echo linked >> $@
%.o: %.c
	@echo "object of $<, $$(tr -d '\n' < $<)" | tee $@ > /dev/null
%.c:
	@echo "int $*;" > $@
list: ; @for word in one two three; do echo $$word | tr a-z A-Z; done | paste -sd, -
multi:
	@if true; then \
		declare -A seen=([x]=1 [y]=2); \
		echo "$${#seen[@]} in an array"; \
	else \
		false; \
	fi
pipe: ; @false | true
fails: ; @echo before; exit 3; echo never
killed: ; @kill -TERM $$$$
sub: ; @$(MAKE) --no-print-directory -f sub.mk first
clean: ; @rm -f *.o *.c program.txt && echo *.o
MAKE
printf 'SHELL := %s\nfirst: second ; @echo "first in %s"\nsecond: ; @echo second\n' "$PWD/shell" '$(notdir $(SHELL))' > sub.mk
run() { make --no-print-directory "$@" 2>&1 | sed 's/^make\[*[0-9]*\]*: //'; echo "$* ${PIPESTATUS[0]}"; }
run all
run clean
run -j4 all
run list multi
run pipe
run fails
run killed
run sub
run -n all | head -3
