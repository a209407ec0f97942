-- args: -s -o - stripped.lua
local function add(a, b) return a + b end
print(add(1, 2), "a constant that is longer than forty characters, so it is not interned")
