-- args: -p parse_only.lua
print("never run")
