-- What an interpreter that has nothing to do has in memory.
local pages = io.open("/proc/self/statm"):read("a"):match("%d+ (%d+)")
print("kib_resident " .. pages * 4 .. " check 0")
