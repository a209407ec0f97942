error("the module fails")
