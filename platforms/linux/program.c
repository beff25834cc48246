// The program around the engine on the SDK's Linux target: GLib's main loop, as the SDK's timers and sockets want it, and
// the board's part (board.h).
#include "xsmc.h"

#include <glib-unix.h>
#include <glib.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "../sdk/board.h"
#include "../sdk/memory.h"

extern void* xsPreparationAndCreation(xsCreation** creation);
extern char* fxAbortString(int status);

static double wallOffset;

double boardNow(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1000 + floor((double)at.tv_nsec / 1000000);
}

double boardTime(void)
{
	struct timespec at;
	clock_gettime(CLOCK_REALTIME, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9 + wallOffset;
}

void boardSetTime(double seconds)
{
	// the machine's own clock is not the device's to set
	wallOffset += seconds - boardTime();
}

int boardRandom(void* into, size_t size)
{
	uint8_t* at = into;
	while (size > 0) {
		const ssize_t count = getrandom(at, size, 0);
		if (count <= 0)
			return 1;
		at += count;
		size -= (size_t)count;
	}
	return 0;
}

void boardLog(const char* line)
{
	fprintf(stderr, "%s\n", line);
}

static char** arguments;

void boardRestart(void)
{
	fflush(stderr);
	execv("/proc/self/exe", arguments);
	_exit(1);
}

const char* boardResetReason(void)
{
	return "power";
}

int boardEventfd(void)
{
	return eventfd(0, 0);
}

typedef struct {
	void* machine;
	BoardDeliver deliver;
	void* context;
} Post;

static gboolean run(void* data)
{
	Post* post = data;
	post->deliver(post->machine, post->context, NULL, 0);
	return G_SOURCE_REMOVE;
}

int boardPost(void* machine, BoardDeliver deliver, void* context)
{
	Post* post = g_new(Post, 1);
	*post = (Post){.machine = machine, .deliver = deliver, .context = context};
	g_idle_add_full(G_PRIORITY_DEFAULT, run, post, g_free);
	return 0;
}

void xs_linux_exit(xsMachine* the)
{
	exit(xsmcToInteger(xsArg(0)));
}

// The rest of a word `key=…` of the command line, the last one that there is; undefined without.
void xs_linux_value(xsMachine* the)
{
	const char* key = xsmcToString(xsArg(0));
	const size_t length = strlen(key);
	for (char** word = arguments; *word; word++)
		if (strncmp(*word, key, length) == 0 && (*word)[length] == '=')
			xsmcSetString(xsResult, *word + length + 1);
}

// Called by the engine where it cannot go on: out of memory, stack overflow, an exception that nobody caught.
void fxAbort(xsMachine* the, int status)
{
	(void)the;
	fprintf(stderr, "XS: %s\n", fxAbortString(status));
	exit(70);
}

// SIGUSR1: what is in use after a collection, and has been at most, in one line.
static gboolean tellMemory(void* the)
{
	xsCollectGarbage();
	fprintf(stderr, "memory: %.0f slots, %.0f at most; %.0f bytes of chunks, %.0f at most\n", engineMemory(the, 1),
		engineMemory(the, 2), engineMemory(the, 3), engineMemory(the, 4));
	return G_SOURCE_CONTINUE;
}

int main(int argc, char** argv)
{
	(void)argc;
	arguments = argv;
	xsMachine* the = xsPrepareMachine(NULL, xsPreparationAndCreation(NULL), "lwm2m-xs", NULL, NULL);
	if (!the) {
		fprintf(stderr, "the engine does not start\n");
		return 1;
	}
	xsBeginHost(the);
	xsmcVars(2);
	xsTry {
		xsVar(0) = xsImportNow("src/main");
		xsmcGet(xsVar(1), xsVar(0), xsID("default"));
		(void)xsCallFunction0(xsVar(1), xsGlobal);
	}
	xsCatch {
		fprintf(stderr, "%s\n", xsmcToString(xsException));
		exit(70);
	}
	xsEndHost(the);
	g_unix_signal_add(SIGUSR1, tellMemory, the);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
