-- goto, nested breaks, repeat scopes, integer division of control flow, multiple assignment, constants.
for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto continue end
    if i == 3 then goto done end
    io.write(i, ":", j, " ")
    ::continue::
  end
end
::done::
print()
do
  local k = 0
  ::top::
  k = k + 1
  if k < 5 then goto top end
  print(k)
end
do
  local closures = {}
  local i = 1
  ::again::
  local captured = i
  closures[i] = function() captured = captured + 10; return captured end
  i = i + 1
  if i <= 3 then goto again end
  print(closures[1](), closures[2](), closures[3](), closures[1]())
end
local n = 0
repeat local last = n; n = n + 1 until last == 4
print(n)
while true do n = n - 1; if n < 0 then break end end
print(n)
local a, b, c = (function() return 1, 2, 3 end)()
a, b = b, a
local t = { (function() return 1, 2 end)(), (function() return 3, 4 end)() }
local i = 1
i, t[i] = i + 1, 20
print(a, b, c, #t, t[1], t[2], i)
local limit <const> = 10
print(limit, (function(...) return select("#", ...) end)(nil, nil), not nil, nil and 1, false or "or", 1 and 2, nil == false)
print(1 .. 2 .. 3, 2 ^ 3 ^ 2, -2 ^ 2, not 1 == 2, 1 < 2 == true, "a" < "b", 5 - 3 - 1, 2 * 3 % 4, 7 // 2 ^ 2, 1 | 2 & 3, "x" == 'x')
-- A machine written with gotos.
local input, position, state = "aabbab", 1, ""
::a:: if input:sub(position, position) == "b" then position = position + 1 state = state .. "B" goto b end
if position > #input then goto stop end
position = position + 1 state = state .. "A" goto a
::b:: if input:sub(position, position) == "a" then position = position + 1 state = state .. "a" goto a end
if position > #input then goto stop end
position = position + 1 state = state .. "b" goto b
::stop:: print(state)
print(load("goto x; local y; ::x:: print(y)"))
print(load("::x:: ::x::"))
print(load("do ::inner:: end goto inner"))
local big = {}
for i = 1, 400 do big[#big + 1] = ("if x == %d then return %d end"):format(i, i * i) end
local chosen = load("local x = ...; " .. table.concat(big, " "))
print(chosen(7), chosen(400), chosen(500))
