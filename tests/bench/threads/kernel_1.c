/* The arithmetic of kernel.h shared out to 1 thread. */
#define THREADS 1
#include "kernel.h"
