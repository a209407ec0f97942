/* Decimal numbers of few digits as binary ones. */
#ifndef WALI_DECIMAL_H
#define WALI_DECIMAL_H

#include <features.h>
#include <stdint.h>

/* Whether digits * 10^exponent, rounded to `bits` binary digits (24 or 53), was put into `value`: not
 * where the exponent is large or the result is none of a float's. */
hidden int __wali_decimal(uint64_t digits, long long exponent, int bits, double *value);

#endif
