/* There is no dynamic linker: dlopen fails with a message. */
#define LDSO_ARCH "wasm32"
