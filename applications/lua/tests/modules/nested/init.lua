return { value = "a folder with init.lua" }
