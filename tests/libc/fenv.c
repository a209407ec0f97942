/* <fenv.h> as far as WebAssembly carries it: rounding to nearest, and calls that succeed. Other rounding
   directions and the exception flags do not exist there, so programs must ask for them with #ifdef. */
#include "check.h"
#include <fenv.h>
#include <float.h>
#include <math.h>

int main(void)
{
	CHECK(fegetround() == FE_TONEAREST);
	CHECK(fesetround(FE_TONEAREST) == 0);
	CHECK(fesetround(12345) != 0);
	fenv_t environment;
	CHECK(fegetenv(&environment) == 0);
	CHECK(feclearexcept(FE_ALL_EXCEPT) == 0);
	CHECK(fetestexcept(FE_ALL_EXCEPT) == 0);
	CHECK(feholdexcept(&environment) == 0 && fesetenv(&environment) == 0);
	CHECK(fesetenv(FE_DFL_ENV) == 0 && feupdateenv(&environment) == 0);
	printf("%d %d\n", FLT_ROUNDS, FLT_EVAL_METHOD);
	printf("%.0f %.0f %.0f\n", rint(0.5), rint(1.5), nearbyint(-2.5));
	volatile double zero = 0, one = 1;
	printf("%f %f %d\n", one / zero, -one / zero, isnan(zero / zero) != 0);
	return check_status();
}
