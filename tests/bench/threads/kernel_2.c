/* The arithmetic of kernel.h shared out to 2 threads. */
#define THREADS 2
#include "kernel.h"
