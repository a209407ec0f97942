-- args: -o - bytecode.lua
-- The bytecode is the same on every machine, byte for byte.
local t <const> = { 1, 2.5, "string", nil, true, [1 << 40] = -7 }
local function f(a, b, ...)
  for i = 1, #a do if a[i] ~= b then goto continue end print(i, ...) ::continue:: end
  local c <close> = setmetatable({}, { __close = print })
  return function() a = b return a end, ... , 3.14159, 0x7fffffffffffffff
end
while f do f = t.x and f or nil end
