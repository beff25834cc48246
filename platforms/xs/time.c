// The module `time` (time.js).

#include "binding.h"

#include <math.h>

void xs_time_ticks(xsMachine* the)
{
	xsmcSetNumber(xsResult, clockNow());
}

void xs_time_set(xsMachine* the)
{
	double seconds = argumentNumber(the, 0, "seconds");
	if (!isfinite(seconds))
		xsRangeError("seconds is not finite");
	clockSetTime(seconds);
}
