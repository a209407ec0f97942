/* The arithmetic of kernel.h shared out to 4 threads. */
#define THREADS 4
#include "kernel.h"
