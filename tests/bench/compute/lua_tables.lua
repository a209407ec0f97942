-- Tables, closures and the garbage collector.
local bench = dofile(arg[0]:gsub("[^/]*/[^/]*$", "") .. "bench.lua")
bench(3, function()
	local list = {}
	for i = 1, 60000 do
		list[i] = { key = (i * 7919) % 60013, next = list[i - 1] }
	end
	table.sort(list, function(a, b) return a.key < b.key end)
	local sum = 0
	for i, item in ipairs(list) do sum = (sum * 31 + item.key * i) % 1000003 end
	return sum
end)
