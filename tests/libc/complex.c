/* Complex arithmetic (whose multiplication and division are compiler runtime calls) and <complex.h>. */
#include "check.h"
#include <complex.h>
#include <math.h>

/* CMPLX, which not every C library offers with clang. */
static double complex number(double real, double imaginary)
{
	return __builtin_complex(real, imaginary);
}

static void show(const char *name, double complex z)
{
	printf("%s %.10g %.10g\n", name, creal(z) + 0.0, cimag(z) + 0.0);
}

static void arithmetic(void)
{
	volatile double complex a = 1.5 + 2.0 * I, b = -0.5 + 0.25 * I;
	show("sum", a + b);
	show("product", a * b);
	show("quotient", a / b);
	show("scaled", 2 * a - 1);
	volatile float complex c = 1 + 2 * I, d = 3 - 4 * I;
	show("float product", c * d);
	show("float quotient", c / d);
	volatile long double complex e = 1 + 2 * I, f = 2 - 4 * I;
	show("long product", (double complex)(e * f));
	show("long quotient", (double complex)(e / f));
	CHECK(a == a && a != b && conj(conj(a)) == a && creal(a) == 1.5 && cimag(a) == 2);
	volatile double complex infinite = number(INFINITY, NAN);
	CHECK(isinf(creal(infinite * (1 + I))) || isinf(cimag(infinite * (1 + I))));
	volatile double complex big = number(1e300, 1e300);
	show("no overflow", big / big);
}

static void functions(void)
{
	static const double parts[] = {0.5, -1.25, 2.0};
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			double complex z = number(parts[i], parts[j]);
			printf("%g %g: %.10g %.10g\n", parts[i], parts[j], cabs(z), carg(z));
			show("exp", cexp(z));
			show("log", clog(z));
			show("sqrt", csqrt(z));
			show("pow", cpow(z, 1.5 - I));
			show("sin", csin(z));
			show("cos", ccos(z));
			show("tan", ctan(z));
			show("sinh", csinh(z));
			show("cosh", ccosh(z));
			show("tanh", ctanh(z));
			show("asin", casin(z));
			show("acos", cacos(z));
			show("atan", catan(z));
			show("asinh", casinh(z));
			show("acosh", cacosh(z));
			show("atanh", catanh(z));
			show("proj", cproj(z));
		}
	show("float sqrt", (float complex)csqrtf(-4));
	CHECK(isinf(creal(cproj(number(-INFINITY, 2)))) && cabs(number(3, 4)) == 5 && cabsl((3.0L + 4.0L * I)) == 5);
}

int main(void)
{
	arithmetic();
	functions();
	return check_status();
}
