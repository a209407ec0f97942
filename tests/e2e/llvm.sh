# How LLVM is found and installed, with a package manager and a compiler that only pretend.
. "$ROOT/tests/e2e/functions"

mkdir fake build
for tool in env sh touch; do
	ln -s "$(command -v $tool)" fake/$tool
done
cat >fake/clang-template <<'END'
#!/bin/sh
echo "Fake clang version 22.3.4"
END
sed s/22/21/ fake/clang-template >fake/clang
chmod +x fake/clang-template fake/clang
cat >fake/apt-cache <<'END'
#!/bin/sh
[ -e lists ] || exit 100
END
cat >fake/apt-get <<'END'
#!/bin/sh
echo "$*" >>commands
case "$*" in
*" update") touch lists ;;
*" install "*)
	for tool in clang-22 clang++ wasm-ld llvm-ar llvm-ranlib llvm-nm llvm-strip; do
		"$REAL_CP" fake/clang-template fake/$tool
	done ;;
esac
END
chmod +x fake/apt-cache fake/apt-get
REAL_CP=$(command -v cp)
export REAL_CP
real_path=$PATH

llvm() {
	PATH=$PWD/fake "$XTASK" --build-dir build "$@"
}

fails 1 'is version 21.3.4, needed is 22 or newer' llvm llvm --check
fails 1 'offline: nothing is installed' llvm --offline llvm
if [ "$(id -u)" = 0 ]; then
	run llvm llvm
	[ $status -eq 0 ] || wrong "status $status: llvm"
	contains '22\.3\.4 in .*/fake' stderr
	contains ' update$' commands
	contains 'install .*clang-22 lld-22 llvm-22 libclang-rt-22-dev-wasm32' commands
	[ "$(build/llvm/bin/wasm-ld)" = "Fake clang version 22.3.4" ] || wrong "build/llvm/bin is not linked"
	mv commands first
	run llvm llvm
	[ ! -e commands ] || wrong "installed a second time: $(cat commands)"
else
	fails 1 'run: sudo apt-get install clang-22 ' llvm llvm
fi

rm fake/clang-22 fake/apt-get
rm -r build/llvm
fails 1 'only package manager known here is apt-get' llvm llvm
WALI_LLVM=$PWD/nowhere
export WALI_LLVM
fails 1 'WALI_LLVM=.*/nowhere: no clang in it' llvm llvm --check
finish
