-- Strings: patterns, formatting, concatenation.
local bench = dofile(arg[0]:gsub("[^/]*/[^/]*$", "") .. "bench.lua")
bench(3, function()
	local parts = {}
	for i = 1, 15000 do parts[#parts + 1] = string.format("%d:%x;", i, i * 31) end
	local text = table.concat(parts)
	local sum = 0
	for a, b in text:gmatch("(%d+):(%x+);") do sum = (sum + tonumber(a) + tonumber(b, 16)) % 1000003 end
	return sum + #text:gsub("1", "one"):upper()
end)
