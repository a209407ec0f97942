-- stdin: from the standard input
-- stdin: 17
-- The io library: modes, reading forms, seeking, buffering, lines, temporary files, pipes, errors.
local function write(name, text, mode) local f = assert(io.open(name, mode or "w")) f:write(text) f:close() end
write("data.txt", "first line\nsecond line\n\n42 3.5 0x1F -7e2 nonsense\nlast without end")
for line in io.lines("data.txt") do io.write("[", line, "]") end
print()
for line in io.lines("data.txt", "L") do io.write(#line, " ") end
for a, b in io.lines("data.txt", 1, 4) do io.write(("%q%q "):format(a, b)) break end
print()
local f = assert(io.open("data.txt"))
print(f:read("l", "L", "l"))
print(f:read("n", "n", "n", "n", "n"))
print(f:read(3), f:read("a"), f:read("a"), f:read("l"), f:read(0), f:read(1))
print(f:seek("set", 6), f:read(4), f:seek("cur"), f:seek("end"), f:seek("set"), f:read(0))
print(pcall(f.seek, f, "nowhere"), f:close(), pcall(f.read, f), tostring(f), io.type(f), io.type(io.stdout), io.type(42))
write("data.txt", "appended", "a")
local again = assert(io.open("data.txt", "r+"))
again:seek("set", 0) again:write("FIRST") again:seek("set", 0)
print(again:read("a"):gsub("\n", "/"))
again:close()
print(io.open("absent/file"))
print(io.open("absent.txt", "r"))
print(pcall(io.open, "data.txt", "nonsense"))
print(pcall(io.lines, "absent.txt"))
print(io.open(".", "w"))
local closed = io.open("data.txt", "r")
print((closed:write("x")))
closed:close()

local binary = {}
for i = 0, 255 do binary[#binary + 1] = string.char(i) end
write("binary", table.concat(binary):rep(100), "wb")
local b = io.open("binary", "rb")
local all = b:read("a")
print(#all, all == table.concat(binary):rep(100), b:seek("end"))
b:close()

local out = io.open("buffered", "w")
print(out:setvbuf("full", 1024), out:write("a", 1, 2.5, "\n") == out)
print(io.open("buffered"):read("a"))
print(out:flush() == out, io.open("buffered"):read("a"))
print(out:setvbuf("no"), out:setvbuf("line"))
out:close()

local temporary = io.tmpfile()
temporary:write("temporary") temporary:seek("set")
print(temporary:read("a"))
local name = os.tmpname()
print(type(name), os.remove(name))

io.output("redirected") io.write("through the default") io.close() io.output(io.stdout)
io.input("redirected") print(io.read("a")) io.close(io.input()) io.input(io.stdin)
print(io.read("l"), io.read("n"))

local pipe = io.popen("echo from a pipe; exit 3")
print(pipe:read("a"), pipe:close())
local sink = io.popen("cat", "w")
io.stdout:flush()
sink:write("written to a pipe\n")
print(sink:close())
print(io.popen("kill -9 $$"):close())
print(pcall(io.popen, "true", "rw"))
do local held <close> = io.open("data.txt") end
for _, name in ipairs { "data.txt", "binary", "buffered", "redirected" } do print(os.remove(name)) end
print(os.remove("data.txt"))
print(#arg, arg[0], arg[-1])
io.stderr:write("to the standard error\n")
