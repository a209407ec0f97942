-- Coroutines: passing values, status, errors, wrap, close, yields across pcall, metamethods and iterators.
local co = coroutine.create(function(a, b)
  print("start", a, b)
  local c = coroutine.yield(a + b)
  print("got", c)
  local d, e = coroutine.yield(c * 2)
  print("got", d, e)
  return "done", d + e
end)
print(coroutine.status(co), coroutine.resume(co, 1, 2))
print(coroutine.status(co), coroutine.resume(co, 10))
print(coroutine.status(co), coroutine.resume(co, 3, 4))
print(coroutine.status(co), coroutine.resume(co))
print(coroutine.isyieldable(), coroutine.running() ~= nil, select(2, coroutine.running()))

local function numbers(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local sum = 0
for i in numbers(1000) do sum = sum + i end
print(sum)

local function permutations(list, n)
  n = n or #list
  if n <= 1 then coroutine.yield(table.concat(list)) end
  for i = 1, n do
    list[n], list[i] = list[i], list[n]
    permutations(list, n - 1)
    list[n], list[i] = list[i], list[n]
  end
end
local all = {}
for p in coroutine.wrap(function() permutations({ "a", "b", "c", "d" }) end) do all[#all + 1] = p end
table.sort(all)
print(#all, table.concat(all, " "))

-- Errors inside.
local bad = coroutine.create(function() coroutine.yield(1); error("inside", 0) end)
print(coroutine.resume(bad))
print(coroutine.resume(bad))
print(coroutine.resume(bad), coroutine.status(bad))
print(select("#", pcall(coroutine.wrap(function() error({ 1 }) end))))
print(pcall(coroutine.yield, 1))
print(coroutine.resume(coroutine.running()))
print(pcall(coroutine.resume, 1))

-- Yields through protected calls, metamethods, sort's refusal.
local through = coroutine.wrap(function()
  print(pcall(function() print("in pcall", coroutine.yield("from pcall")); error("after", 0) end))
  local t = setmetatable({}, { __add = function(_, n) return coroutine.yield("from add") + n end,
    __index = function(_, k) return coroutine.yield("from index " .. k) end })
  print(t + 5, t.key)
  for k in (function() return coroutine.yield("from iterator") end) do print(k) break end
  print(pcall(table.sort, { 2, 1 }, function() coroutine.yield() end))
  return "end"
end)
print(through()) print(through("x")) print(through(10)) print(through("value")) print(through("item"))

-- Closing a suspended coroutine runs its pending closes.
local closing = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = function() print("closed") end })
  coroutine.yield()
end)
coroutine.resume(closing)
print(coroutine.close(closing), coroutine.status(closing))
print(coroutine.close(coroutine.create(print)))

-- Many at once, and deep nesting.
local list = {}
for i = 1, 20000 do list[i] = coroutine.wrap(function() local v = i; while true do v = v + coroutine.yield(v) end end) end
local total = 0
for i = 1, 20000 do list[i]() total = total + list[i](1) end
print(total)
local function nest(n) if n == 0 then return 0 end return 1 + coroutine.wrap(nest)(n - 1) end
print(nest(150), pcall(nest, 250))
print(debug.traceback(coroutine.create(function() end)), debug.traceback("message", 1):match("^message\nstack traceback:") ~= nil)
