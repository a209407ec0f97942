-- The debug library: information, hooks, locals, warnings.
local function sample(a, b, ...)
  local c = a + b
  local info = debug.getinfo(1, "nSlutf")
  print(info.short_src, info.currentline, info.linedefined, info.what, info.nups, info.nparams, info.isvararg, info.func == sample)
  local names = {}
  for i = 1, 10 do local n, v = debug.getlocal(1, i) if not n then break end names[#names + 1] = n end
  print(table.concat(names, " "), debug.getlocal(1, -1))
  debug.setlocal(1, 3, 100)
  return c
end
print(sample(1, 2, "extra"))
local lines = {}
debug.sethook(function(event, line) lines[#lines + 1] = line end, "l")
local x = 1
x = x + 1
debug.sethook()
print(table.concat(lines, " "))
local calls = 0
debug.sethook(function(event) calls = calls + 1 end, "cr")
math.abs(-1) math.abs(-2)
debug.sethook()
print(calls, debug.gethook())
local ticks = 0
debug.sethook(function() ticks = ticks + 1 if ticks > 100 then error("too long", 0) end end, "", 1000)
print(pcall(function() while true do end end))
debug.sethook()
print(ticks)
warn("@on") warn("a ", "warning") warn("@off") warn("unseen")
print(debug.getinfo(print).what, debug.getinfo(1, "l").currentline, pcall(debug.getinfo, 1, "X"), debug.getinfo(100))
local f = load("local a\nlocal b\nreturn debug.traceback('trace')", "=(chunk)")
print((f():gsub("\n.*", "")))
print(debug.upvalueid(sample, 1) ~= nil, pcall(debug.setmetatable, 10, nil))
