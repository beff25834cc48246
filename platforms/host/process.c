// The Linux port's clock, randomness, log, arguments, end and restart (../xs/port.h).

#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "loop.h"
#include "port.h"
#include "process.h"
#include "runtime.h"
#include "stepped-clock.h"

// From start to restart at least this long.
enum { RESTART_MS = 500, RESTART_STATUS = 75 };

// After that a second signal is a second wish: the program ends without tidying up.
enum { SAME_SIGNAL_MS = 300 };

static double startedAt;
static double terminatedAt = -INFINITY;
static void (*restoreTerminal)(void);
static int argumentCount;
static char** arguments;
static void (*terminate)(void* owner);
static void* terminateOwner;

double portNow(void)
{
	if (steppedClockIsOn())
		return steppedClockNow();
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double portTime(void)
{
	if (steppedClockIsOn())
		return steppedClockNow() / 1000;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void portRandom(void* into, size_t count)
{
	uint8_t* at = into;
	while (count > 0) {
		ssize_t taken = getrandom(at, count, 0);
		if (taken < 0) {
			if (errno == EINTR)
				continue;
			portLog("no random numbers");
			portExit(1);
		}
		at += taken;
		count -= (size_t)taken;
	}
}

void portLog(const char* line)
{
	// One write a line, so that the lines of two processes do not mix.
	char buffer[1100];
	bool isRaw = restoreTerminal && portIsLogOnTerminal();
	int count = snprintf(buffer, sizeof buffer, "%s%s", line, isRaw ? "\r\n" : "\n");
	if (count >= (int)sizeof buffer)
		count = (int)sizeof buffer - 1;
	if (write(STDERR_FILENO, buffer, (size_t)count) < 0)
		return;
}

bool portIsLogOnTerminal(void)
{
	return isatty(STDERR_FILENO);
}

bool processHasRestarted(void)
{
	static const char name[] = "LWM2M_XS_PROCESS";
	char own[24];
	const char* before = getenv(name);
	snprintf(own, sizeof own, "%ld", (long)getpid());
	bool hasRestarted = before && strcmp(before, own) == 0;
	// kept by processReplace(), as the process's number is
	setenv(name, own, 1);
	return hasRestarted;
}

void portRestart(void)
{
	channelDrain();
	processRestoreTerminal();
	// For tests that count what happens before a restart, and for those with many of them.
	const char* restarts = getenv("LWM2M_XS_RESTART");
	if (restarts && strcmp(restarts, "off") == 0)
		_exit(RESTART_STATUS);
	// A board takes a moment to start. Without that a program that fails at once would restart without end.
	bool isHurried = restarts && strcmp(restarts, "now") == 0;
	double up = portNow() - startedAt;
	if (up < RESTART_MS && !isHurried)
		usleep((useconds_t)((RESTART_MS - up) * 1000));
	// the next life asks for the time anew
	steppedClockRest(portNow());
	processReplace();
}

void processReplace(void)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", arguments);
	_exit(1);
}

void portExit(int status)
{
	exit(status);
}

int portArgumentCount(void)
{
	return argumentCount > 0 ? argumentCount - 1 : 0;
}

const char* portArgument(int index)
{
	return arguments[index + 1];
}

void* portReadFile(const char* path, size_t* count, const char** message)
{
	FILE* file = fopen(path, "rb");
	uint8_t* bytes = NULL;
	size_t room = 0;
	*count = 0;
	if (!file) {
		*message = strerror(errno);
		return NULL;
	}
	do {
		uint8_t* larger = realloc(bytes, room + 4096);
		if (!larger)
			break;
		bytes = larger;
		room += 4096;
		*count += fread(bytes + *count, 1, room - *count, file);
	} while (*count == room);
	if (ferror(file) || *count == room) {
		*message = ferror(file) ? strerror(errno) : "out of memory";
		free(bytes);
		bytes = NULL;
	}
	fclose(file);
	return bytes;
}

static void onSignal(void* owner, uint32_t events)
{
	(void)events;
	struct signalfd_siginfo info;
	if (read(*(int*)owner, &info, sizeof info) != sizeof info)
		return;
	if (info.ssi_signo == SIGUSR1) {
		memoryReport();
		return;
	}
	double now = portNow();
	void (*once)(void*) = terminate;
	terminate = NULL;
	if (once) {
		terminatedAt = now;
		once(terminateOwner);
	}
	// a terminal and a script that passes signals on may both send the same Ctrl-C
	else if (now - terminatedAt > SAME_SIGNAL_MS)
		portExit(1);
}

void portOnTerminate(void (*onTerminate)(void* owner), void* owner)
{
	static int descriptor = -1;
	terminate = onTerminate;
	terminateOwner = owner;
	if (descriptor >= 0)
		return;
	// a shell starts what runs in the background with SIGINT ignored, and an ignored signal never arrives
	signal(SIGINT, SIG_DFL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (descriptor >= 0)
		watchOpen(descriptor, EPOLLIN, onSignal, &descriptor);
}

void processOnRestore(void (*restore)(void))
{
	if (!restoreTerminal)
		atexit(processRestoreTerminal);
	restoreTerminal = restore;
}

void processRestoreTerminal(void)
{
	if (restoreTerminal)
		restoreTerminal();
}

void processStart(int count, char** values)
{
	argumentCount = count;
	arguments = values;
	startedAt = portNow();
	signal(SIGPIPE, SIG_IGN);
}
