// The module `timer` (timer.js): a list of what is due when, run by the event loop.

#include "binding.h"

#include <math.h>
#include <stdlib.h>

typedef struct Timer Timer;
struct Timer {
	Binding binding;
	Timer* next;
	double when; // INFINITY: not scheduled
	double interval; // negative: once
	bool isClosed;
	// Fired in this pass: a timer that is due again at once waits for the next, so that input is not starved.
	bool hasRun;
};

static Timer* timers;
static bool isRunning;

static void timerDestroy(void* data)
{
	(void)data;
}

static double readInterval(xsMachine* the, int index, double otherwise)
{
	if (index >= xsmcArgc || xsmcTypeOf(xsArg(index)) == xsUndefinedType)
		return otherwise;
	double value = argumentNumber(the, index, "interval");
	if (isnan(value))
		xsRangeError("interval is not a number");
	return value < 0 ? 0 : value;
}

static void timerNew(xsMachine* the, double delay, double interval)
{
	argumentFunction(the, 0, "callback");
	xsResult = xsNewHostObject(timerDestroy);
	Timer* timer = calloc(1, sizeof *timer);
	if (!timer)
		xsUnknownError("out of memory");
	xsmcSetHostData(xsResult, timer);
	bindingOpenFunction(&timer->binding, the, &xsResult, &xsArg(0));
	timer->when = clockNow() + delay;
	timer->interval = interval;
	// At the end: what is due at the same moment runs in the order in which it was set.
	Timer** end = &timers;
	while (*end)
		end = &(*end)->next;
	*end = timer;
}

void xs_timer_set(xsMachine* the)
{
	double delay = readInterval(the, 1, 0);
	timerNew(the, delay, readInterval(the, 2, -1));
}

void xs_timer_repeat(xsMachine* the)
{
	double interval = readInterval(the, 1, 0);
	timerNew(the, interval, interval);
}

static Timer* timerOf(xsMachine* the)
{
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType || fxGetHostDestructor(the, &xsArg(0)) != timerDestroy)
		xsTypeError("no timer");
	return xsmcGetHostData(xsArg(0));
}

void xs_timer_schedule(xsMachine* the)
{
	Timer* timer = timerOf(the);
	if (!timer)
		xsUnknownError("the timer is cleared");
	double delay = readInterval(the, 1, INFINITY);
	double interval = readInterval(the, 2, -1);
	timer->when = clockNow() + delay;
	timer->interval = interval;
}

static void timerClose(xsMachine* the, Timer* timer)
{
	xsmcSetHostData(timer->binding.object, NULL);
	bindingClose(&timer->binding);
	timer->isClosed = true;
}

static void sweep(void)
{
	for (Timer** at = &timers; *at;) {
		Timer* timer = *at;
		timer->hasRun = false;
		if (timer->isClosed) {
			*at = timer->next;
			free(timer);
		}
		else
			at = &timer->next;
	}
}

void xs_timer_clear(xsMachine* the)
{
	if (xsmcArgc > 0 && (xsmcTypeOf(xsArg(0)) == xsUndefinedType || xsmcTypeOf(xsArg(0)) == xsNullType))
		return;
	Timer* timer = timerOf(the);
	if (!timer)
		return;
	timerClose(the, timer);
	if (!isRunning)
		sweep();
}

static Timer* earliest(void)
{
	Timer* result = NULL;
	for (Timer* timer = timers; timer; timer = timer->next)
		if (!timer->isClosed && !timer->hasRun && (!result || timer->when < result->when))
			result = timer;
	return result;
}

double timersRun(void)
{
	double now = clockNow();
	Timer* timer;
	isRunning = true;
	while ((timer = earliest()) && timer->when <= now) {
		bool isOnce = timer->interval < 0;
		timer->hasRun = true;
		timer->when = isOnce ? INFINITY : timer->when + timer->interval > now ? timer->when + timer->interval : now + timer->interval;
		bindingCallSelf(&timer->binding, 0);
		if (isOnce && !timer->isClosed && timer->when == INFINITY && timer->interval < 0)
			timerClose(timer->binding.the, timer);
	}
	isRunning = false;
	sweep();
	timer = earliest();
	return timer ? timer->when : INFINITY;
}
