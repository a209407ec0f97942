// source: lua src
/* The Lua interpreter at a mixture of calls, tables, strings and arithmetic. Its abort would bring in
 * the calls on signal actions, whose absence is what is measured. */
#include "../bench.h"
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#define abort() __builtin_trap()

#define LUA_CORE
#define LUA_LIB
#define ltable_c
#define lvm_c
#include "luaconf.h"
#undef LUAI_FUNC
#undef LUAI_DDEC
#undef LUAI_DDEF
#define LUAI_FUNC static
#define LUAI_DDEC(definition)
#define LUAI_DDEF static

#include "lzio.c"
#include "lctype.c"
#include "lopcodes.c"
#include "lmem.c"
#include "lundump.c"
#include "ldump.c"
#include "lstate.c"
#include "lgc.c"
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
#include "lstring.c"
#include "ltable.c"
#include "ldo.c"
#include "lvm.c"
#include "lapi.c"
#include "lauxlib.c"
#include "lbaselib.c"
#include "lstrlib.c"
#include "ltablib.c"
#include "lmathlib.c"

static const char SCRIPT[] =
	"local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
	"local sum = fib(24)\n"
	"local sieve = {}\n"
	"for i = 2, 60000 do sieve[i] = true end\n"
	"for i = 2, 244 do if sieve[i] then for k = i * i, 60000, i do sieve[k] = false end end end\n"
	"for i = 2, 60000 do if sieve[i] then sum = sum + 1 end end\n"
	"local words = {}\n"
	"for i = 1, 6000 do words[#words + 1] = ('%d:%x'):format(i, i * i) end\n"
	"table.sort(words)\n"
	"for _, word in ipairs(words) do sum = sum + #word:gsub('%d', '') end\n"
	"return sum\n";

int main(int argc, char **argv)
{
	long rounds = bench_rounds(argc, argv, 20);
	uint64_t check = 0;
	lua_State *lua = luaL_newstate();
	luaL_requiref(lua, "_G", luaopen_base, 1);
	luaL_requiref(lua, "string", luaopen_string, 1);
	luaL_requiref(lua, "table", luaopen_table, 1);
	luaL_requiref(lua, "math", luaopen_math, 1);
	lua_settop(lua, 0);
	double begin = bench_now_ns();
	for (long r = 0; r < rounds; r++) {
		if (luaL_dostring(lua, SCRIPT))
			return 1;
		check += (uint64_t)lua_tointeger(lua, -1);
		lua_settop(lua, 0);
	}
	return bench_report(begin, rounds, check);
}
