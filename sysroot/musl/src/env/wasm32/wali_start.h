#ifndef WALI_START_H
#define WALI_START_H

#include <features.h>
#include <stddef.h>
#include <stdint.h>

/* Everything that comes before main; again is nothing. */
hidden void __wali_set_up(void);

/* Calls main and exits with what it returns. */
hidden _Noreturn void __wali_start(int (*main)(void));

/* The program's arguments, after __wali_set_up. */
extern hidden int __wali_argc;
extern hidden char **__wali_argv;

/* Returns the environment as a null-terminated vector. */
hidden char **__wali_read_env(void);

/* Zeroed pages, never null: without memory the start cannot go on. */
hidden void *__wali_start_pages(size_t size);

#endif
