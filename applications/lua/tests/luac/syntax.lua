-- args: -p syntax.lua
local function unfinished(
  return
