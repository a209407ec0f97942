-- require and package: paths, caching, loaders, preload, cycles, errors, bytecode.
package.path = "./modules/?.lua;./modules/?/init.lua"
package.cpath = "./modules/?.none"
local first = require("simple")
print(first.name, first.file, first == require("simple"), package.loaded.simple == first, select(2, require("simple")))
print(require("nested").value, require("nested.inner").value)
print(require("returns_nothing"), package.loaded.returns_nothing)
print(require("cycle_a").other)
print(select(2, pcall(require, "absent.module")))
print(select(2, pcall(require, "syntax_error")))
print(select(2, pcall(require, "fails")))
package.preload.made = function(name, extra) return { name = name, extra = extra } end
print(require("made").name, require("made").extra)
table.insert(package.searchers, 2, function(name) if name:find("^virtual%.") then return function(...) return { ... } end, "found" end return "\n\tnot virtual" end)
print(require("virtual.thing")[1], require("virtual.thing")[2])
print(package.searchpath("simple", package.path), package.searchpath("none", "./?.a;./?.b"))
print((package.config:gsub("\n", " ")))
print(loadfile("modules/simple.lua")("loaded").name, loadfile("modules/absent.lua"))
print(dofile("modules/nested/inner.lua").value, pcall(dofile, "absent.lua"))
print(package.loadlib("./modules/simple.lua", "*") == nil)

-- Bytecode made here runs here, stripped or not, and damaged bytecode is refused.
local function sample(n) local s = 0 for i = 1, n do s = s + i * 1.5 end return s, "constant", 1 << 40 end
local code, stripped = string.dump(sample), string.dump(sample, true)
print(load(code, "code", "b")(10), #stripped < #code, load(stripped)(10))
print(load(code, "code", "t"))
print(load(code:sub(1, 20), "cut", "b"))
print(load("\27Lua" .. ("x"):rep(50), "wrong", "b"))
local pieces = { "return ", "1 ", "+ 2", nil }
local i = 0
print(load(function() i = i + 1 return pieces[i] end)())
print(_VERSION, type(_G), _G._G == _G, type(debug.getregistry()))
