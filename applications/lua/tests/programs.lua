-- Small programs: queens, a heap sort, memoized recursion, a parser, big numbers, a life grid, words.
local function queens(n)
  local columns, solutions, first = {}, 0, nil
  local function place(row)
    if row > n then solutions = solutions + 1 first = first or table.concat(columns, " ") return end
    for c = 1, n do
      local ok = true
      for r = 1, row - 1 do if columns[r] == c or math.abs(columns[r] - c) == row - r then ok = false break end end
      if ok then columns[row] = c place(row + 1) columns[row] = nil end
    end
  end
  place(1)
  return solutions, first
end
print(queens(8))
local function heapsort(list)
  local function sift(from, to)
    while from * 2 <= to do
      local child = from * 2
      if child < to and list[child] < list[child + 1] then child = child + 1 end
      if list[from] >= list[child] then return end
      list[from], list[child], from = list[child], list[from], child
    end
  end
  for i = #list // 2, 1, -1 do sift(i, #list) end
  for i = #list, 2, -1 do list[1], list[i] = list[i], list[1] sift(1, i - 1) end
  return list
end
local seed, list = 42, {}
for i = 1, 50000 do seed = seed * 16807 % 2147483647 list[i] = seed end
heapsort(list)
print(list[1], list[25000], list[50000])
local memo = setmetatable({}, { __mode = "k" })
local function fib(n) return n < 2 and n or memo[n] or (function() memo[n] = fib(n - 1) + fib(n - 2) return memo[n] end)() end
print(fib(90))
local function evaluate(text)
  local position = 1
  local expression
  local function peek() position = text:find("%S", position) or #text + 1 return text:sub(position, position) end
  local function factor()
    if peek() == "(" then position = position + 1 local v = expression() assert(peek() == ")", "no )") position = position + 1 return v end
    local number = text:match("^%-?%d+%.?%d*", position) or error("number expected at " .. position, 0)
    position = position + #number
    return tonumber(number)
  end
  local function term() local v = factor() while peek():find("^[*/]") do local op = peek() position = position + 1 local w = factor() v = op == "*" and v * w or v / w end return v end
  function expression() local v = term() while peek():find("^[+-]") do local op = peek() position = position + 1 local w = term() v = op == "+" and v + w or v - w end return v end
  local v = expression()
  assert(peek() == "", "junk at " .. position)
  return v
end
print(evaluate("1 + 2 * (3 - 4) / 8"), pcall(evaluate, "1 + "), pcall(evaluate, "(1"), pcall(evaluate, "1 2"))
local function multiply(a, b)
  local result = {}
  for i = 1, #a + #b do result[i] = 0 end
  for i = 1, #a do for j = 1, #b do local k = i + j - 1 result[k] = result[k] + a[i] * b[j] result[k + 1] = result[k + 1] + result[k] // 10 result[k] = result[k] % 10 end end
  while #result > 1 and result[#result] == 0 do result[#result] = nil end
  return result
end
local digits = { 1 }
for i = 1, 100 do local n, d = i, {} while n > 0 do d[#d + 1] = n % 10 n = n // 10 end digits = multiply(digits, d) end
print(table.concat(digits):reverse())
local grid = {}
for y = 1, 32 do grid[y] = {} for x = 1, 32 do grid[y][x] = (x * y + x) % 3 == 0 and 1 or 0 end end
for _ = 1, 50 do
  local new = {}
  for y = 1, 32 do
    new[y] = {}
    for x = 1, 32 do
      local sum = 0
      for dy = -1, 1 do for dx = -1, 1 do if dx ~= 0 or dy ~= 0 then sum = sum + grid[(y + dy - 1) % 32 + 1][(x + dx - 1) % 32 + 1] end end end
      new[y][x] = (sum == 3 or sum == 2 and grid[y][x] == 1) and 1 or 0
    end
  end
  grid = new
end
local alive = 0
for y = 1, 32 do for x = 1, 32 do alive = alive + grid[y][x] end end
print(alive)
local counts, text = {}, ("the quick brown fox jumps over the lazy dog and the cat "):rep(2000)
for word in text:gmatch("%a+") do counts[word] = (counts[word] or 0) + 1 end
local words = {}
for w in pairs(counts) do words[#words + 1] = w end
table.sort(words, function(a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b end)
for i = 1, 3 do io.write(words[i], " ", counts[words[i]], " ") end
local crc = 0xffffffff
for i = 1, #text do crc = crc ~ text:byte(i) for _ = 1, 8 do crc = crc & 1 == 1 and crc >> 1 ~ 0xedb88320 or crc >> 1 end end
print(("%08x"):format(crc ~ 0xffffffff))
