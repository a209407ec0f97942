-- Calls of Lua functions.
local bench = dofile(arg[0]:gsub("[^/]*/[^/]*$", "") .. "bench.lua")
local function fib(n)
	if n < 2 then return n end
	return fib(n - 1) + fib(n - 2)
end
bench(3, function() return fib(24) end)
