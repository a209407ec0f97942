-- args: -s -o - several.lua stripped.lua
local x = 1
