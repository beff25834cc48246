// The event loop of the Linux port (loop.h): epoll_pwait2-like waiting with a timerfd, so that a deadline has the
// kernel's resolution and nothing polls.

#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "firmware.h"
#include "port.h"
#include "stepped-clock.h"

enum { EVENTS_A_TURN = 16 };

struct Watch {
	Watch* next;
	int descriptor;
	bool isClosed;
	void (*onReady)(void* owner, uint32_t events);
	void* owner;
};

typedef struct Deferred Deferred;
struct Deferred {
	Deferred* next;
	void (*run)(void* owner);
	void* owner;
};

static int epoll = -1;
static int timer = -1;
// When it will fire, ms; 0: it is not set.
static double armedMs;
static Watch* closed;
// Memory to free, each block's first bytes the link to the next.
static void** freed;
static Deferred* deferred;

static void open(void)
{
	if (epoll >= 0)
		return;
	epoll = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL };
	if (epoll < 0 || timer < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &event) < 0) {
		portLog("cannot make an event loop");
		portExit(1);
	}
}

Watch* watchOpen(int descriptor, uint32_t events, void (*onReady)(void* owner, uint32_t events), void* owner)
{
	open();
	Watch* watch = calloc(1, sizeof *watch);
	if (!watch)
		return NULL;
	*watch = (Watch) { .descriptor = descriptor, .onReady = onReady, .owner = owner };
	struct epoll_event event = { .events = events, .data.ptr = watch };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) < 0) {
		free(watch);
		return NULL;
	}
	return watch;
}

void watchChange(Watch* watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };
	epoll_ctl(epoll, EPOLL_CTL_MOD, watch->descriptor, &event);
}

void watchClose(Watch* watch)
{
	if (!watch || watch->isClosed)
		return;
	epoll_ctl(epoll, EPOLL_CTL_DEL, watch->descriptor, NULL);
	watch->isClosed = true;
	// the events of this turn may still name it
	watch->next = closed;
	closed = watch;
}

void loopFree(void* memory)
{
	void** block = memory;
	*block = freed;
	freed = block;
}

void loopDefer(void (*run)(void* owner), void* owner)
{
	Deferred* one = calloc(1, sizeof *one);
	if (!one) {
		portLog("out of memory");
		portExit(1);
	}
	*one = (Deferred) { .run = run, .owner = owner };
	Deferred** end = &deferred;
	while (*end)
		end = &(*end)->next;
	*end = one;
}

void loopCancel(void* owner)
{
	for (Deferred** at = &deferred; *at;) {
		Deferred* one = *at;
		if (one->owner == owner) {
			*at = one->next;
			free(one);
		}
		else
			at = &one->next;
	}
}

// Runs what was put off before this turn; what that puts off in turn waits for the next.
static bool runDeferred(void)
{
	size_t count = 0;
	for (Deferred* one = deferred; one; one = one->next)
		count++;
	bool hasRun = false;
	while (count-- > 0 && deferred) {
		Deferred* one = deferred;
		deferred = one->next;
		one->run(one->owner);
		free(one);
		hasRun = true;
	}
	return hasRun;
}

// A deadline that has moved on leaves the timer as it is: it fires once for nothing, and is set then. So the time-out of
// each message of many costs no call.
static void arm(double untilMs, double nowMs)
{
	if (armedMs > nowMs && armedMs <= untilMs)
		return;
	armedMs = untilMs;
	struct itimerspec when = { .it_value = { 0, 0 } };
	if (untilMs < 1e15) {
		double seconds = floor(untilMs / 1000);
		when.it_value.tv_sec = (time_t)seconds;
		when.it_value.tv_nsec = (long)((untilMs - seconds * 1000) * 1e6);
		// all zero would disarm it
		if (when.it_value.tv_sec == 0 && when.it_value.tv_nsec == 0)
			when.it_value.tv_nsec = 1;
	}
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void portWait(double untilMs)
{
	struct epoll_event events[EVENTS_A_TURN];
	open();
	if (runDeferred())
		return;
	double nowMs = portNow();
	bool isDue = untilMs <= nowMs;
	bool isStepped = steppedClockIsOn();
	if (isStepped)
		steppedClockWatch();
	else if (!isDue)
		arm(untilMs, nowMs);
	watchdogSleep();
	int count = epoll_wait(epoll, events, EVENTS_A_TURN, isDue || isStepped ? 0 : -1);
	if (count == 0 && isStepped && !isDue) {
		steppedClockRest(untilMs);
		count = epoll_wait(epoll, events, EVENTS_A_TURN, -1);
	}
	watchdogWake();
	for (int i = 0; i < count; i++) {
		Watch* watch = events[i].data.ptr;
		if (!watch) {
			uint64_t expirations;
			armedMs = 0;
			if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
				portLog("cannot read the timer");
		}
		else if (!watch->isClosed)
			watch->onReady(watch->owner, events[i].events);
	}
	while (closed) {
		Watch* watch = closed;
		closed = watch->next;
		free(watch);
	}
	while (freed) {
		void** block = freed;
		freed = *block;
		free(block);
	}
}
