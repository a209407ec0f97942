-- Integers and floats: arithmetic at the limits, conversions, formats, the math library, random sequences.
print(math.maxinteger, math.mininteger, math.maxinteger + 1 == math.mininteger, math.maxinteger * 2, math.mininteger // -1, math.mininteger % -1)
print(7 // 2, -7 // 2, 7 // -2, -7 // -2, 7 % 3, -7 % 3, 7 % -3, -7 % -3)
print(7.5 // 2, -7.5 // 2, 7.5 % 2, -7.5 % 2, 7.5 % -2, 5 % math.huge, -5 % math.huge, 5.0 // 0, -5.0 // 0, 0 / 0 ~= 0 / 0)
print(1 / 2, 3 / 1, 2 ^ 10, 2 ^ 0.5, 10 // 3.0, 1e308 * 10, -1e308 * 10, 5 // 0.3)
print(3 & 5, 3 | 5, 3 ~ 5, ~0, 1 << 63, 1 << 64, 1 >> 1, -1 >> 1, -1 << 1, 1 << -1, 2.0 & 3)
print(1 == 1.0, math.type(1), math.type(1.0), math.type("1"), 1 < 1.5, math.maxinteger < math.huge, math.maxinteger + 0.0 == math.maxinteger)
print(2 ^ 53 == 2 ^ 53 + 1, math.maxinteger // 1 == math.maxinteger, 9007199254740993 == 9007199254740993.0, 9007199254740993 < 9007199254740992.0)
print(0x7fffffffffffffff, 0xffffffffffffffff, 0x1p-2, 0x.8, 1e2, .5, 3., 0xA.8p1, 9223372036854775807, 9223372036854775808)
print(100, 100.0, -0.0, 1e15, 123456789012345678, 1e14, 1e16, 0.1, 1 / 3, 1e-7, 123.456e5, 2 ^ 63, -2 ^ 63)
print(math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.tointeger(2 ^ 63), 3 | 0, pcall(function() return 3.5 | 0 end))
print(math.floor(-3.5), math.ceil(-3.5), math.floor(2 ^ 70), math.abs(math.mininteger), math.abs(-5.5), math.fmod(-7, 3), math.fmod(7, -3.0), pcall(math.fmod, 1, 0))
print(math.max(1, 2.5, -1), math.min(3, 1.0), pcall(math.max), math.ult(1, -1), math.modf(3.7), math.modf(-3.7), math.modf(1 / 0))
print(("%.10f %.10f %.10f"):format(math.pi, math.sqrt(2), math.exp(1)))
print(("%.10f %.10f %.10f %.10f"):format(math.sin(1), math.cos(1), math.tan(1), math.atan(1, -2)))
print(("%.10f %.10f %.10f %.10f"):format(math.log(10), math.log(8, 2), math.log(100, 10), math.asin(0.5)))
for _, s in ipairs { "0x", "1e5", " 0x1F ", "1e+", "inf", "nan", "0x1p-1074", "1_000", "٣", "1e309", "-0", "1e-400" } do io.write(tostring(tonumber(s)), " ") end
print()
for i = -3, 3 do io.write(("%d:%g:%s "):format(i * 0x100000000, i / 7, i // 2)) end
print()
math.randomseed(42)
print(math.random(100), math.random(100), math.random(-5, 5), math.random(0) ~= nil, ("%.10f"):format(math.random()))
math.randomseed(42)
local first = { math.random(100), math.random(100) }
math.randomseed(42)
print(first[1] == math.random(100), first[2] == math.random(100), pcall(math.random, 2, 1), pcall(math.random, 1, 2, 3))
local sum = 0
for i = 1, 1000000 do sum = sum + 1 / i end
print(("%.12f"):format(sum))
local n, steps = 27, 0
while n ~= 1 do n = n % 2 == 0 and n // 2 or 3 * n + 1; steps = steps + 1 end
print(steps)
local x = 1
for i = 1, 25 do x = x * i end
print(x)
