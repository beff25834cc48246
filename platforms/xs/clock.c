// The device's clock: the port's, which may be made to run faster for tests and demonstrations, and a wall clock
// beside it that a server may set. Neither changes the clock of the computer it runs on.

#include "runtime.h"
#include "port.h"

#include <math.h>
#include <sys/time.h>

int clockGetTimeOfDay(struct timeval* value, void* zone);

static double scale = 1;
// portNow() and clockNow() at the moment when the scale was set.
static double portStart;
static double clockStart;
// clockTime() minus clockNow() / 1000; NaN until known.
static double wallOffset;
static bool isStarted;

static void start(void)
{
	if (isStarted)
		return;
	isStarted = true;
	portStart = clockStart = portNow();
	wallOffset = portTime() - portStart / 1000;
}

double clockNow(void)
{
	start();
	double passed = portNow() - portStart;
	return clockStart + (scale == 1 ? passed : passed * scale);
}

double clockToPort(double nowMs)
{
	start();
	double passed = nowMs - clockStart;
	return portStart + (scale == 1 ? passed : passed / scale);
}

double clockTime(void)
{
	return clockNow() / 1000 + wallOffset;
}

void clockSetTime(double seconds)
{
	wallOffset = seconds - clockNow() / 1000;
}

void clockSetScale(double newScale)
{
	double now = clockNow();
	portStart = portNow();
	clockStart = now;
	scale = newScale;
}

int clockGetTimeOfDay(struct timeval* value, void* zone)
{
	(void)zone;
	double seconds = clockTime();
	if (isnan(seconds))
		seconds = 0;
	value->tv_sec = (time_t)floor(seconds);
	value->tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6);
	return 0;
}
