-- skip-interp: it takes the interpreter a minute
-- Recursion to the error: in Lua, through C, in patterns, in the parser, in coroutines; and recovery.
local function show(ok, message) print(ok, (tostring(message):gsub("\n.*", ""):sub(1, 90))) end
local function forever(n) return 1 + forever(n + 1) end
show(pcall(forever, 1))
local depth = 0
local function count() depth = depth + 1; count(); depth = depth end
show(pcall(count))
print(depth > 100000)
local function through_c(n) return (("x"):gsub("x", function() return through_c(n + 1) end)) end
show(pcall(through_c, 1))
local function through_sort() table.sort({ 2, 1 }, function() through_sort() return false end) end
show(pcall(through_sort))
local meta = setmetatable({}, {})
getmetatable(meta).__index = function(t, k) return t[k + 1] end
show(pcall(function() return meta[1] end))
local chain = {}
for i = 1, 3000 do chain = setmetatable({}, { __index = chain }) end
show(pcall(function() return chain.missing end))
show(pcall(load, "return " .. ("("):rep(300) .. "1" .. (")"):rep(300)))
show(load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300)))
show(load(("do "):rep(300) .. ("end "):rep(300)))
show(load("x = " .. ("-"):rep(10) .. "1"))
show(load("return " .. ("{"):rep(250) .. ("}"):rep(250)))
show(pcall(string.match, ("x"):rep(3000), ".-b$"))
show(pcall(string.match, ("x"):rep(250), ("x?"):rep(250)))
show(pcall(string.match, ("x"):rep(250000), ("x"):rep(250000)))
show(xpcall(forever, function(m) return "handler: " .. m end, 1))
show(xpcall(forever, function() return forever(1) end, 1))
local function nested(n) local co = coroutine.wrap(nested) return n == 0 and 0 or 1 + co(n - 1) end
show(pcall(nested, 1000))
show(pcall(function() local t = {} for i = 1, 300 do t[i] = "a" .. i end return load("local " .. table.concat(t, ",") .. " = 1") end))
print(select("#", load("local a1 " .. ("; local x = 1 "):rep(250))))
show(pcall(table.unpack, {}, 1, 1e7))
show(pcall(string.rep, "x", -1))
print(select("#", table.unpack({}, 1, 200000)))
-- All is well afterwards.
local function fine(n) if n == 0 then return 0 end return 1 + fine(n - 1) end
print(fine(150000))
