local name, file = ... return { name = name, file = file }
