-- skip-interp: it takes the interpreter a minute
-- The collector under pressure: weak tables, finalizers, resurrection, both modes, a bounded heap.
local function fill(n) local t = {} for i = 1, n do t[i] = { i, tostring(i) } end return t end
for _, mode in ipairs { "incremental", "generational" } do
  collectgarbage(mode)
  collectgarbage()
  local before = collectgarbage("count")
  local peak = 0
  for round = 1, 40 do
    fill(20000)
    peak = math.max(peak, collectgarbage("count"))
  end
  collectgarbage()
  print(mode, collectgarbage("count") < before + 200, peak < before + 40000)
end
collectgarbage("incremental")

local weak, keys = setmetatable({}, { __mode = "v" }), setmetatable({}, { __mode = "k" })
local kept = { "kept" }
weak[1], weak[2], weak[3] = {}, kept, "string"
keys[{}] = 1 keys[kept] = 2
local ephemeron = setmetatable({}, { __mode = "k" })
do local k = {} ephemeron[k] = { k } end
collectgarbage()
local n = 0
for _ in pairs(keys) do n = n + 1 end
print(weak[1], weak[2] == kept, weak[3], n, keys[kept], next(ephemeron))

local finalized, order = 0, {}
for i = 1, 1000 do setmetatable({}, { __gc = function() finalized = finalized + 1 end }) end
for i = 1, 3 do setmetatable({}, { __gc = function() order[#order + 1] = i end }) end
collectgarbage()
print(finalized, table.concat(order, " "))
local saved
do local object = setmetatable({ name = "risen" }, { __gc = function(o) saved = o end }) end
collectgarbage()
print(saved and saved.name)
setmetatable({}, { __gc = function() error("in a finalizer") end })
print(pcall(collectgarbage))

local s = ""
for i = 1, 20000 do s = s .. "x" end
print(#s)
local parts = {}
for i = 1, 200000 do parts[i] = ("%d,"):format(i) end
local joined = table.concat(parts)
print(#joined, joined:sub(-8))
print(collectgarbage("step"), collectgarbage("isrunning"), collectgarbage("stop"), collectgarbage("isrunning"), collectgarbage("restart"))
print(collectgarbage("setpause", 150), collectgarbage("setstepmul", 200), pcall(collectgarbage, "nonsense"))
local threads = {}
for i = 1, 2000 do
  local co = coroutine.create(function() local t = fill(20); coroutine.yield(); return t end)
  coroutine.resume(co)
  threads[i % 10] = co
end
collectgarbage()
print(collectgarbage("count") < 20000)
setmetatable({}, { __gc = function() print("closed at the end") end })
