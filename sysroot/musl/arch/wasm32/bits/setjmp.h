/* The first two words belong to the runtime in setjmp/; the third carries longjmp's arguments. */
typedef unsigned long __jmp_buf[8];
