// The program around the engine on the SDK's Linux target: GLib's main loop, as the SDK's timers and sockets want it, the
// words of the command line, log, end and restart.
#define _GNU_SOURCE
#include "xsmc.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../host/channel.h"
#include "../host/process.h"
#include "../sdk/board-slot.h"
#include "../sdk/board.h"
#include "../sdk/memory.h"
#include "../xs/port.h"
#include "../xs/runtime.h"
#include "program.h"

// made by linux.mk of the manifest's `config` and mcconfig's command line
#include "lwm2m-config.h"

enum { RESTART_MS = 500 };

extern void* xsPreparationAndCreation(xsCreation** creation);
extern char* fxAbortString(int status);

static const char restarted[] = "LWM2M_XS_RESTARTED";
static const char* resetReason = "power";
static char** arguments;
static double startedAt;
static void (*restoreTerminal)(void);

// ---- words

const char* programValue(const char* key)
{
	static const char* const built[] = {LWM2M_CONFIG NULL};
	const size_t length = strlen(key);
	const char* found = NULL;
	for (const char* const* word = built; *word; word++)
		if (strncmp(*word, key, length) == 0 && (*word)[length] == '=')
			found = *word + length + 1;
	for (char** word = arguments + 1; *word; word++)
		if (strncmp(*word, key, length) == 0 && (*word)[length] == '=')
			found = *word + length + 1;
	return found && *found ? found : NULL;
}

void xs_linux_value(xsMachine* the)
{
	const char* value = programValue(xsmcToString(xsArg(0)));
	if (value)
		xsmcSetString(xsResult, (char*)(uintptr_t)value);
}

void xs_linux_words(xsMachine* the)
{
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 0);
	for (int i = 1; arguments[i]; i++) {
		xsmcSetString(xsVar(0), arguments[i]);
		xsmcSetIndex(xsResult, (xsIndex)(i - 1), xsVar(0));
	}
}

// ---- log

void boardLog(const char* line)
{
	// a terminal that the shell has taken does not return the carriage
	const int isRaw = restoreTerminal && isatty(STDERR_FILENO);
	fprintf(stderr, isRaw ? "%s\r\n" : "%s\n", line);
}

void portLog(const char* line)
{
	boardLog(line);
}

void processOnRestore(void (*restore)(void))
{
	if (!restoreTerminal)
		atexit(restore);
	restoreTerminal = restore;
}

void xs_linux_isTerminal(xsMachine* the)
{
	xsmcSetBoolean(xsResult, isatty(STDIN_FILENO) && isatty(STDERR_FILENO));
}

// ---- restart and end

void boardRestart(void)
{
	channelDrain();
	if (restoreTerminal)
		restoreTerminal();
	// a board takes a moment to start: a program that fails at once does not restart without pause
	const double up = boardNow() - startedAt;
	if (up < RESTART_MS)
		usleep((useconds_t)((RESTART_MS - up) * 1000));
	setenv(restarted, "1", 1);
	execv(slotLoader(), arguments);
	_exit(1);
}

const char* boardResetReason(void)
{
	return resetReason;
}

void portExit(int status)
{
	exit(status);
}

void xs_linux_exit(xsMachine* the)
{
	exit(xsmcToInteger(xsArg(0)));
}

// On trial the image before this one comes back.
static void fail(const char* message)
{
	boardLog(message);
	if (boardIsTrial())
		boardRestart();
	exit(EXIT_UNCAUGHT);
}

// Called by the engine where it cannot go on: out of memory, stack overflow, an exception that nobody caught.
void fxAbort(xsMachine* the, int status)
{
	(void)the;
	fail(fxAbortString(status));
}

static xsMachine* machine;
static xsSlot onTerminate;

static gboolean terminate(void* data)
{
	static int isAsked;
	xsMachine* the = machine;
	(void)data;
	// a second signal is a second wish
	if (isAsked)
		exit(1);
	isAsked = 1;
	xsBeginHost(the);
	(void)xsCallFunction0(onTerminate, xsGlobal);
	xsEndHost(the);
	return G_SOURCE_CONTINUE;
}

void xs_linux_onTerminate(xsMachine* the)
{
	machine = the;
	onTerminate = xsArg(0);
	xsRemember(onTerminate);
	g_unix_signal_add(SIGTERM, terminate, NULL);
	g_unix_signal_add(SIGINT, terminate, NULL);
}

// ---- start

// The SDK's engine runs promise jobs from GLib's loop.
void runtimeSettle(struct xsMachineRecord* the)
{
	(void)the;
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
	startedAt = boardNow();
	signal(SIGPIPE, SIG_IGN);
	const bool isRestart = getenv(restarted) != NULL;
	if (isRestart)
		resetReason = "software";
	slotStart(argv, isRestart);
	unsetenv(restarted);
	xsMachine* the = xsPrepareMachine(NULL, xsPreparationAndCreation(NULL), "lwm2m-xs", NULL, NULL);
	if (!the)
		fail("the engine does not start");
	xsBeginHost(the);
	xsmcVars(2);
	xsTry {
		xsVar(0) = xsImportNow("src/main");
		xsmcGet(xsVar(1), xsVar(0), xsID("default"));
		(void)xsCallFunction0(xsVar(1), xsGlobal);
	}
	xsCatch {
		fail(xsmcToString(xsException));
	}
	xsEndHost(the);
	g_unix_signal_add(SIGUSR1, tellMemory, the);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
