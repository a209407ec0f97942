return "b saw a " .. require("cycle_a")
