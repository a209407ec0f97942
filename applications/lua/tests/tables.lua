-- skip-interp: it takes the interpreter a minute
-- Tables: length, order, sorting, moving, concatenating; large ones.
local t = { 1, 2, nil, 4 }
print(#{ 1, 2, 3 }, #{}, #{ n = 1 }, select("#", table.unpack(t, 1, 4)), table.unpack({ 1, 2, 3 }, 2), table.unpack({}, 1, 2))
print(table.concat({ 1, 2.5, "x" }, ", "), table.concat({}, "x"), table.concat({ 1, 2, 3 }, "-", 2, 3), pcall(table.concat, { 1, {}, 3 }))
local list = {}
table.insert(list, "b") table.insert(list, 1, "a") table.insert(list, 3, "c")
print(table.concat(list), table.remove(list, 1), table.remove(list), #list, table.remove({}), pcall(table.insert, list, 9, "x"), pcall(table.insert, list))
print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ","), table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ","), #table.move({ 1, 2 }, 1, 2, 5, {}))
local words = { "pear", "Apple", "fig", "banana", "cherry", "apple" }
table.sort(words) print(table.concat(words, " "))
table.sort(words, function(a, b) return #a > #b or #a == #b and a < b end) print(table.concat(words, " "))
print(pcall(table.sort, { 1, "x", 2 }), pcall(table.sort, { 3, 2, 1, 5, 4, 7, 6 }, function() return true end))
local numbers = {}
local state = 1
for i = 1, 200000 do state = (state * 1103515245 + 12345) & 0x7fffffff; numbers[i] = state end
table.sort(numbers)
local sorted = true
for i = 2, #numbers do sorted = sorted and numbers[i - 1] <= numbers[i] end
print(sorted, numbers[1], numbers[#numbers])

-- A million entries, by integer, string and float; then removed.
local big = {}
for i = 1, 1000000 do big[i] = i end
for i = 1, 300000 do big["k" .. i] = i end
for i = 1, 1000 do big[i + 0.5] = i end
print(#big, big.k299999, big[500.5])
local count = 0
for k, v in pairs(big) do count = count + 1; big[k] = nil end
print(count, next(big), #big)
local sparse = { [1] = 1, [1 << 40] = 2, [-5] = 3, [2 ^ 53] = 4 }
print(sparse[1 << 40], sparse[1.0], sparse[-5], sparse[2 ^ 53 | 0])
local nested = {}
for i = 1, 100000 do nested = { nested } end
local depth = 0
while nested[1] do nested = nested[1]; depth = depth + 1 end
print(depth)
local matrix = {}
for i = 1, 120 do matrix[i] = {} for j = 1, 120 do matrix[i][j] = i * j % 7 end end
local trace = 0
for i = 1, 120 do for j = 1, 120 do local s = 0; for k = 1, 120 do s = s + matrix[i][k] * matrix[k][j] end; if i == j then trace = trace + s end end end
print(trace)
local keys = {}
for k in pairs { a = 1, b = 2, [3] = 3, [true] = 4 } do keys[#keys + 1] = tostring(k) end
table.sort(keys) print(table.concat(keys, " "))
for i, v in ipairs { 1, 2, nil, 4 } do io.write(i, "=", v, " ") end
print(next({}), type(next), rawlen { 1, 2 }, table.pack().n, table.pack(nil, nil).n)
