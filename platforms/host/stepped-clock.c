// The clock that a test advances (stepped-clock.h).

#define _GNU_SOURCE
#include "stepped-clock.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop.h"
#include "port.h"

static double now;
static int descriptor = -1;
static bool isLookedUp;
static bool isAsked;

static void take(void)
{
	double next;
	// a test that is gone advances no more
	if (read(descriptor, &next, sizeof next) != sizeof next)
		portExit(1);
	if (next > now)
		now = next;
	isAsked = true;
}

bool steppedClockIsOn(void)
{
	if (!isLookedUp) {
		const char* text = getenv("LWM2M_XS_CLOCK");
		isLookedUp = true;
		descriptor = text ? atoi(text) : -1;
		if (text)
			take();
	}
	return descriptor >= 0;
}

double steppedClockNow(void)
{
	return now;
}

static void onReady(void* owner, uint32_t events)
{
	(void)owner;
	(void)events;
	take();
}

void steppedClockWatch(void)
{
	static Watch* watch;
	if (!watch)
		watch = watchOpen(descriptor, EPOLLIN, onReady, NULL);
}

void steppedClockRest(double untilMs)
{
	if (!isAsked)
		return;
	isAsked = false;
	if (write(descriptor, &untilMs, sizeof untilMs) != sizeof untilMs)
		portExit(1);
}
