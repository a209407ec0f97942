-- Errors: values, levels, messages with positions, pcall, xpcall, handlers, to-be-closed variables.
local function show(...) print(select("#", ...), ...) end

show(pcall(error))
show(pcall(error, nil))
show(pcall(error, "plain", 0))
show(pcall(error, "with position"))
show(pcall(error, { code = 7 }) == false)
show(select(2, pcall(error, { code = 7 })).code)
show(pcall(function() error("level two", 2) end))
show(pcall(function() local x = nil; return x.field end))
show(pcall(function() return 1 + {} end))
show(pcall(function() return "a" + 1 end))
show(pcall(function() return "10" + 1 end))
show(pcall(function() return #5 end))
show(pcall(function() return 1 < "2" end))
show(pcall(function() return {} < {} end))
show(pcall(function() return 1 // 0 end))
show(pcall(function() return 1 % 0 end))
show(pcall(function() return 1.5 // 0, -1 // 0.0 end))
show(pcall(function() return 1 << 2.5 end))
show(pcall(function() return "abc" .. {} end))
show(pcall(function() undefined_function() end))
show(pcall(function() local t = {}; t.a.b.c = 1 end))
show(pcall(function() local t = {}; t[nil] = 1 end))
show(pcall(function() local t = {}; t[0 / 0] = 1 end))
show(pcall(string.rep))
show(pcall(string.rep, "x", -1))
show(pcall(setmetatable, 1, {}))
show(pcall(ipairs))
show(pcall(next, {}, "no key"))
show(pcall(select, 0))
show(pcall(assert, false))
show(pcall(assert, nil, "assertion text"))
show(pcall(assert, 1, 2, 3))
show(load("x ="))
show(load("for i = 1 do end", "=name"))
show(load("goto nowhere", "@file.lua"))
show(load("x = 'unfinished", "chunk text"))
show(load("return ...", "c", "b"))
show(load("local x <const> = 1; x = 2"))
show(load("break"))
show(pcall(load, nil))

-- Handlers see the stack of the error.
show(xpcall(function() error("inner") end, function(message) return "handled: " .. message end))
show(xpcall(function(...) return ... end, print, 1, nil, 3))
show(xpcall(function() error(setmetatable({}, { __tostring = function() return "object" end })) end, tostring))
show(xpcall(function() error("first") end, function() error("in the handler") end))
local trace = select(2, xpcall(function()
  local function deep(n) if n == 0 then error("bottom") end deep(n - 1) return n end
  deep(3)
end, debug.traceback))
print(trace)

-- Through C functions and back.
show(pcall(table.sort, { 3, 1, 2 }, function() error("in compare") end))
show(pcall(string.gsub, "abc", "%w", function(c) error("at " .. c, 0) end))
show(pcall(function() for _ in pairs(setmetatable({}, { __pairs = function() error("in __pairs", 0) end })) do end end))
show(pcall(pcall))
show(pcall(pcall, error, "twice"))

-- Closing values, in reverse order, also on errors.
local function closer(name, fails)
  return setmetatable({}, { __close = function(_, e) print("close", name, e); if fails then error(name .. " failed", 0) end end })
end
show(pcall(function()
  local a <close> = closer("a")
  local b <close> = closer("b", true)
  local c <close> = closer("c")
  error("body", 0)
end))
show(pcall(function() local bad <close> = 42 end))
for i = 1, 2 do
  local x <close> = closer("loop " .. i)
  if i == 1 then goto continue end
  print("second turn")
  ::continue::
end

-- A hundred thousand protected failures.
local failures = 0
for i = 1, 100000 do
  if not pcall(error, i) then failures = failures + 1 end
end
print(failures)
error({}, 0)
