package.loaded.cycle_a = "still loading"
return { other = require("cycle_b") }
