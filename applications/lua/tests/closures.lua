-- Closures, upvalues, varargs, tail calls, integer for loops, environments, operators with metatables.
local function counter() local n = 0; return function() n = n + 1; return n end, function() return n end end
local up, see = counter()
up() up()
print(see(), counter()())
local list = {}
for i = 1, 5 do local j = i * i; list[i] = function() j = j + i; return j end end
for i = 1, 5 do io.write(list[i](), " ", list[i](), " ") end
print()
local function varargs(...)
  local a, b = ...
  local packed = table.pack(...)
  return select("#", ...), a, b, packed.n, (select(-1, ...))
end
print(varargs(1, nil, 3, nil))
print((varargs("only")))
print(pcall(varargs))
local function tail(n) if n == 0 then return "tail" end return tail(n - 1) end
print(tail(1000000))
local function even(n) if n == 0 then return true end return (function(m) return even(m) end)(n - 1) end
print(even(10))
print(debug.getupvalue(see, 1))
debug.setupvalue(see, 1, 50)
print(see(), up())
local environment = { print = print }
load("x = 1; print(x, y)", "c", "t", environment)()
print(environment.x, x)
local function with(t) local _ENV = t; a = 5; return b end
local t = { b = 7 }
print(with(t), t.a)

for i = 10, 1, -3 do io.write(i, " ") end
for i = 1, 0 do io.write("never") end
for i = math.maxinteger - 1, math.maxinteger do io.write(i, " ") end
for i = 1.0, 2, 0.5 do io.write(i, " ") end
print(pcall(function() for i = 1, 10, 0 do end end))
print(pcall(function() for i = "a", 2 do end end))

local V = {}
V.__index = V
local function vector(x, y) return setmetatable({ x = x, y = y }, V) end
V.__add = function(a, b) return vector(a.x + b.x, a.y + b.y) end
V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__len = function() return 2 end
V.__unm = function(a) return vector(-a.x, -a.y) end
V.__concat = function(a, b) return tostring(a) .. "|" .. tostring(b) end
V.__tostring = function(a) return "(" .. a.x .. "," .. a.y .. ")" end
V.__call = function(self, n) return self.x * n end
V.__idiv = function(a, b) return "idiv" end
V.__band = function(a, b) return "band" end
V.__shl = function(a, b) return "shl" end
V.__bnot = function(a) return "bnot" end
V.__name = "Vector"
local a, b = vector(1, 2), vector(3, 4)
print(tostring(a + b), a == vector(1, 2), a < b, a <= b, a > b, #a, tostring(-a), a .. b, a .. 1, a(5))
print(a // 1, a & 1, 1 << a, ~a)
print(rawequal(a, vector(1, 2)), rawlen(a), rawget(a, "x"), getmetatable("").__index == string)
local log = {}
local proxy = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k; rawset(t, k, v) end, __index = function(_, k) return k .. "?" end })
proxy.one = 1; proxy.two = 2; proxy.one = 3
print(table.concat(log, ","), proxy.one, proxy.missing)
local protected = setmetatable({}, { __metatable = "locked" })
print(getmetatable(protected), pcall(setmetatable, protected, {}))
print(pcall(function() local x = setmetatable({}, { __index = function(t, k) return t[k] end }); return x.y end))
