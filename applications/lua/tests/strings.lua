-- The string library: formats, patterns, packing, and strings of every length and byte.
print(("%d %5d %-5d| %05d %+d %x %X %#x %o %c"):format(42, 42, 42, 42, 42, 255, 255, 255, 8, 65))
print(("%f %.3f %10.2f %e %g %g %g %a"):format(1.5, 1 / 3, -2.345, 12345.678, 1e20, 1e-5, 100000, 0.5))
print(("%s %10s %-10s| %.2s %q"):format("text", "right", "left", "cut", 'quo"te\n\0\r\\'))
print(("%q %q %q %q %q"):format(1, 0.1, math.mininteger, 1 / 0, -1 / 0))
print(("%i %u"):format(3, 4) == "3 4" or "no", pcall(string.format, "%d", 1.5))
print(pcall(string.format, "%d", "x"), pcall(string.format, "%y", 1))
print(pcall(string.format, "%", 1), pcall(string.format, "%s"))
print(("%s|%s|%s"):format(nil, true, setmetatable({}, { __tostring = function() return "meta" end })))
print(("%5s|%%|%-5s"):format("é", "ab"), ("x"):rep(3, ", "), ("abc"):reverse(), ("MiXeD"):upper(), ("MiXeD"):lower(), #"\0\0")
print(("hello"):sub(2, 4), ("hello"):sub(-3), ("hello"):sub(2, -2), ("hello"):sub(10), ("hello"):sub(0), ("hello"):sub(math.mininteger, math.maxinteger))
print(("hello"):byte(1, -1))
print(string.char(72, 105), pcall(string.char, 256))
print(tostring(1e15), tostring(1e16), tostring(-0.0), tostring(1e100), tostring(2 ^ 53), tostring(1 / 0), tostring(3) .. tostring(3.0))
print("10" + 5, "0x10" * 2, "1e1" + 0, 10 .. 20, "5" // 2, pcall(function() return "abc" * 1 end))
print(tonumber("  12  "), tonumber("1e"), tonumber("0x1p4"), tonumber("z", 36), tonumber("8", 8), tonumber("7fffffffffffffff", 16), tonumber(""), tonumber("1 2"))

-- Patterns.
print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
print(("THE (quick) fox"):find("%((%a+)%)"))
print(("hello world"):find("o w"), ("a.b"):find(".", 1, true), ("abc"):find("b", -1), ("abc"):find("", 10), ("abc"):find("", 4))
print(("hello world from lua"):gsub("%w+", "<%0>", 2))
print(("abc"):gsub("", "-"), ("abc"):gsub("%w", "%%%0"), ("hello"):gsub("l+", { ll = "LL" }), ("x y"):gsub("%w", { x = false, y = 1 }))
print(("$name is $age"):gsub("%$(%w+)", { name = "Lua", age = 30 }))
print(("f(a(b)c)d"):match("%b()"), ("THE END"):gsub("%f[%a]%a+", string.lower), ("[[x]]"):match("%[%[(.-)%]%]"))
print(("2024-02-29"):match("(%d+)-(%d+)-(%d+)"), ("  trim  "):match("^%s*(.-)%s*$") .. "|", ("abc"):match("()b()"))
for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end
for w in ("one two"):gmatch("%a+", 3) do io.write(w, ";") end
print()
print(pcall(string.find, "a", "[a"), pcall(string.find, "a", "%"), pcall(string.gsub, "a", "(", ""))
print(pcall(string.gsub, "a", "a", "%2"), pcall(string.rep, "x", 1 << 62))
print(("\xe4\xff\0x"):byte(1, -1), ("a\0b"):find("\0"), ("a\0b"):match("%z"), #("x"):rep(1000000))
print(("aaa"):find("a-", 2), ("aaab"):match("a-b"), ("aXb"):gsub("%u", "%1"), ("x^y"):gsub("%^", "**"))
print(("a"):rep(300000):find(("a?"):rep(30) .. ("a"):rep(30)))
print(pcall(string.match, ("a"):rep(300000), ("(.-)"):rep(33)))

-- Packing.
print((">i4 <i4 b B"):gsub(" ", ""), (string.pack(">i4<i4bB", 1, 2, -3, 200):gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
print(string.unpack("<i8", string.pack("<i8", math.mininteger)), string.unpack("z s1 d", string.pack("z s1 d", "zero", "one", 1.5)))
print(string.unpack("<I3 >I3", "\1\2\3\1\2\3"), string.packsize("<i4 i8 !8 d"), string.pack("!4 b i4", 1, 2):byte(1, -1))
print(pcall(string.pack, "i1", 200), pcall(string.unpack, "i4", "abc"), pcall(string.pack, "i17", 1), string.unpack("<f", string.pack("<f", 0.1)))
print(string.unpack("<j n", string.pack("<j n", -1, 2.5)))

-- Utf-8.
print(utf8.char(72, 228, 8364, 128512, 0x7fffffff):byte(1, -1))
for p, c in utf8.codes("aä€😀") do io.write(p, ":", c, " ") end
print(utf8.len("aä€😀"), utf8.len("\xff"), utf8.offset("aä€😀", 3), utf8.offset("aä€", -1), utf8.codepoint("aä€", 1, -1))
print(pcall(utf8.codepoint, "\xff"), utf8.len("\u{D7FF}"), utf8.len("\xed\xa0\x80"), utf8.len("\xed\xa0\x80", 1, -1, true))
for c in ("aä€"):gmatch(utf8.charpattern) do io.write(#c, " ") end
print("\u{48}\x49\74\z
       joined", [[
long
string]], [==[with ]] inside]==])
print(#"\a\b\f\n\r\t\v\\\"\'", "a\
b", "\065\10\z  x")
