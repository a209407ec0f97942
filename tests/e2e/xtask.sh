# The build tool's answers to mistakes: what is wrong, and what there is.
. "$ROOT/tests/e2e/functions"

fails 1 'nosuchapp.*lua' "$XTASK" apps nosuchapp
fails 1 'nosuchapp.*lua' "$XTASK" test-apps nosuchapp
fails 2 'unrecognized|unknown|unexpected' "$XTASK" nosuchcommand
fails 2 'unexpected' "$XTASK" setup --no-such-option
fails 2 'nosuchsuite' "$XTASK" test nosuchsuite
fails 1 'cannot write to the build folder /proc/build' "$XTASK" --build-dir /proc/build sysroot
: >file
fails 1 'file' "$XTASK" --build-dir file/below engine
fails 1 'absent.c' "$XTASK" run absent.c
ends 0 "$XTASK" --help
contains 'cargo xtask run' stdout
ends 0 "$XTASK" apps
contains 'lua' stdout
finish
