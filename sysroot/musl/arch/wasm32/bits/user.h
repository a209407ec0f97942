/* A Wasm thread has no registers that another process could read. */
struct user_regs_struct {
	unsigned long __regs[32];
};

#define ELF_NGREG 32
typedef unsigned long elf_greg_t, elf_gregset_t[ELF_NGREG];
typedef struct user_fpregs_struct {
	unsigned long __regs[64];
} elf_fpregset_t;

struct user {
	struct user_regs_struct regs;
	struct user_fpregs_struct fpregs;
};
