return { value = "inside" }
