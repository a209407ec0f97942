/* The start code is in crt/ of the port: a Wasm module has no initial stack to read. */
