# A configure script as autoconf writes them is run by the shell: feature tests with the machine's
# compiler, substitutions, config.status, a Makefile, and the program that comes of it.
# timeout: 180
cat > configure.source <<'END'
as_me=configure
DUALCASE=1; export DUALCASE
as_nl='
'
export as_nl
IFS=" ""	$as_nl"
LC_ALL=C; export LC_ALL
(unset CDPATH) >/dev/null 2>&1 && unset CDPATH
exec 6>&1
exec 5>config.log
cat >&5 <<_ASEOF
This is the log of $as_me, run as
  \$ $0 $@
_ASEOF
as_fn_error () { as_status=$1; test $as_status -eq 0 && as_status=1; echo "$as_me: error: $2" >&2; exit $as_status; }
as_fn_append () { eval $1+=\$2; }
as_fn_arith () { as_val=$(( $* )); }
as_fn_mkdir_p () { test -d "$1" || mkdir -p "$1" || as_fn_error $? "cannot create directory $1"; }
trap 'exit_status=$?; { echo; set; } >&5 2>/dev/null; rm -f conftest*; exit $exit_status' 0
for ac_signal in 1 2 13 15; do trap 'ac_signal='$ac_signal'; exit 1' $ac_signal; done
prefix=/usr/local
for ac_option
do
  case $ac_option in
  *=?*) ac_optarg=`expr "X$ac_option" : '[^=]*=\(.*\)'` ;;
  *) ac_optarg=yes ;;
  esac
  case $ac_option in
  --prefix=*) prefix=$ac_optarg ;;
  --enable-*) ac_feature=`expr "x$ac_option" : 'x-*enable-\([^=]*\)' | sed 's/[-+.]/_/g'`
    eval enable_$ac_feature=\$ac_optarg ;;
  *=*) eval "`expr "X$ac_option" : 'X\([^=]*\)='`='$ac_optarg'" ;;
  *) as_fn_error $? "unrecognized option: \`$ac_option'" ;;
  esac
done
: ${CC=cc} ${CFLAGS=-O}
ac_fn_try () {
  cat confdefs.h - >conftest.c
  { { ac_try="$CC $CFLAGS -o conftest conftest.c"; echo "$as_me: $ac_try" >&5; (eval "$ac_try") 2>conftest.err; ac_status=$?; cat conftest.err >&5; test $ac_status = 0; } && test -s conftest; }
}
ac_fn_check () {
  printf %s "checking for $1... " >&6
  if eval test \${$2+y}; then printf %s "(cached) " >&6
  else
    if ac_fn_try; then eval "$2=yes"; else eval "$2=no"; fi
  fi
  eval ac_res=\$$2
  printf "%s\n" "$ac_res" >&6
  test "$ac_res" = yes && echo "#define `echo $2 | sed 's/^ac_cv_[a-z]*_/HAVE_/' | tr a-z A-Z` 1" >>confdefs.h
  return 0
}
echo >confdefs.h
for ac_header in stdio.h unistd.h sys/wait.h no/such.h
do
  as_ac=`printf "%s\n" "ac_cv_header_$ac_header" | sed 's/[^a-zA-Z0-9_]/_/g'`
  ac_fn_check $ac_header $as_ac <<_ACEOF
#include <$ac_header>
int main (void) { return 0; }
_ACEOF
done
for ac_func in fork nosuchfunction
do
  ac_fn_check $ac_func ac_cv_func_$ac_func <<_ACEOF
char $ac_func (void);
int main (void) { return $ac_func (); }
_ACEOF
done
printf %s "checking size of long long... " >&6
ac_lo=0 ac_mid=0
while :; do
  if ac_fn_try <<_ACEOF
static int test_array [1 - 2 * !((long) (sizeof (long long)) <= $ac_mid)];
int main (void) { return test_array[0]; }
_ACEOF
  then break
  else as_fn_arith $ac_mid + 1 && ac_mid=$as_val
  fi
done
echo "$ac_mid" >&6
echo "#define SIZEOF_LONG_LONG $ac_mid" >>confdefs.h
cat >config.status <<_ACEOF
#!$BASH
prefix='$prefix' CC='$CC' CFLAGS='$CFLAGS' DEFINES='`grep -c define confdefs.h`'
_ACEOF
cat >>config.status <<\_ACEOF
for ac_file
do
  echo "config.status: creating $ac_file"
  sed "s|@prefix@|$prefix|g;s|@CC@|$CC|g;s|@CFLAGS@|$CFLAGS|g;s|@DEFINES@|$DEFINES|g" $ac_file.in >$ac_file.tmp && mv $ac_file.tmp $ac_file
done
{ echo "/* config.h */"; cat confdefs.h; } >config.h
_ACEOF
chmod +x config.status
./config.status Makefile
END
cat > Makefile.in <<'END'
CC = @CC@
CFLAGS = @CFLAGS@
all: program
	./program
program: program.c config.h
	@$(CC) $(CFLAGS) -o $@ program.c
END
cat > program.c <<'END'
#include "config.h"
#include <stdio.h>
int main(void) { printf("fork %d, long long %d\n", HAVE_FORK, SIZEOF_LONG_LONG); return 0; }
END
"$BASH" ./configure.source --prefix=/opt --enable-some-thing CFLAGS=-O1 ac_cv_header_unistd_h=yes
echo "configure $?"
cat config.h Makefile
make SHELL=/bin/sh --no-print-directory
"$BASH" ./configure.source --unknown
echo "configure $?"
ls conftest* 2> /dev/null
