// Command line, log, randomness, end and restart of the emulated device (../xs/port.h). The command line comes from the
// emulator; on a board the settings would come from storage.

#include "board.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "port.h"
#include "runtime.h"

enum { COMMAND_LINE_BYTES = 1024, ARGUMENTS = 40, DEFERRED = 4, RESTART_MS = 500, CHUNK_BYTES = 512 };

// Written before the device's own arguments by scripts/lib/emulator.mjs.
static const char onTerminal[] = "terminal";

static char commandLine[COMMAND_LINE_BYTES];
static const char* arguments[ARGUMENTS];
static int argumentCount;
static bool isOnTerminal;
static void (*terminate)(void* owner);
static void* terminateOwner;
static struct {
	void (*run)(void* owner);
	void* owner;
} deferred[DEFERRED];
static int deferredCount;

static int digitOf(char letter)
{
	return letter >= '0' && letter <= '9' ? letter - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// In place: `%20` for a space and `%25` for itself, because the emulator joins the words with spaces.
static void decode(char* word)
{
	char* to = word;
	for (const char* from = word; *from; from++) {
		int high = *from == '%' ? digitOf(from[1]) : -1;
		int low = high < 0 ? -1 : digitOf(from[2]);
		*to++ = low < 0 ? *from : (char)(high << 4 | low);
		if (low >= 0)
			from += 2;
	}
	*to = 0;
}

// The next word, cut off in place; NULL at the end.
static char* takeWord(char** rest)
{
	char* word = *rest + strspn(*rest, " ");
	*rest = word + strcspn(word, " ");
	if (**rest)
		*(*rest)++ = 0;
	return *word ? word : NULL;
}

void processStart(void)
{
	uintptr_t parameters[] = { (uintptr_t)commandLine, sizeof commandLine };
	if (semihostingCall(SEMIHOSTING_COMMAND_LINE, parameters) != 0)
		failureStart("the command line is too long");
	// the first word is the image's name, the second says what the shell is on
	char* rest = commandLine;
	takeWord(&rest);
	char* word = takeWord(&rest);
	isOnTerminal = word && strcmp(word, onTerminal) == 0;
	while ((word = takeWord(&rest)) != NULL) {
		if (argumentCount == ARGUMENTS)
			failureStart("too many words on the command line");
		decode(word);
		arguments[argumentCount++] = word;
	}
}

bool processIsOnTerminal(void)
{
	return isOnTerminal;
}

int portArgumentCount(void)
{
	return argumentCount;
}

const char* portArgument(int index)
{
	return arguments[index];
}

double portTime(void)
{
	// stands for a real-time clock, in whole seconds
	return (double)(uint32_t)semihostingCall(SEMIHOSTING_TIME, NULL);
}

// For the emulation only: the computer's random source, through the debugger. A product takes its chip's generator.
void portRandom(void* into, size_t count)
{
	int file = semihostingOpen("/dev/urandom");
	size_t taken = file < 0 ? 0 : semihostingRead(file, into, count);
	if (file >= 0)
		semihostingClose(file);
	if (taken != count) {
		portLog("no random numbers");
		portExit(1);
	}
}

void portLog(const char* line)
{
	uartLog(line, strlen(line));
	uartLog("\n", 1);
}

bool portIsLogOnTerminal(void)
{
	return false;
}

void portRestart(void)
{
	uartDrain();
	// A board takes a moment to start. Without that a program that fails at once would restart without end.
	while (portNow() < RESTART_MS) {
		clockSleep(RESTART_MS);
		watchdogFeed();
	}
	boardReset();
}

void portExit(int status)
{
	enum { APPLICATION_EXIT = 0x20026 };
	uartDrain();
	const uintptr_t parameters[] = { APPLICATION_EXIT, (uintptr_t)status };
	semihostingCall(SEMIHOSTING_EXIT, parameters);
	boardReset();
}

void* portReadFile(const char* path, size_t* count, const char** message)
{
	int file = semihostingOpen(path);
	uint8_t* bytes = NULL;
	*count = 0;
	if (file < 0) {
		*message = "cannot be read";
		return NULL;
	}
	for (size_t taken = CHUNK_BYTES; taken == CHUNK_BYTES; *count += taken) {
		uint8_t* larger = realloc(bytes, *count + CHUNK_BYTES);
		if (!larger) {
			*message = "out of memory";
			free(bytes);
			bytes = NULL;
			break;
		}
		bytes = larger;
		taken = semihostingRead(file, bytes + *count, CHUNK_BYTES);
	}
	semihostingClose(file);
	return bytes;
}

void portOnTerminate(void (*onTerminate)(void* owner), void* owner)
{
	terminate = onTerminate;
	terminateOwner = owner;
}

static void reportMemory(void)
{
	char line[120];
	memoryReport();
	snprintf(line, sizeof line, "Board: %u bytes of stack and %u bytes of heap at most", (unsigned)boardStackPeak(), (unsigned)heapPeak());
	portLog(line);
}

static void reportAwake(void)
{
	char line[80];
	MemoryUse use;
	uint32_t ticks = clockTakeAwakeTicks();
	memoryUse(&use);
	snprintf(line, sizeof line, "Awake: %u ticks, %u collections, %u slots", (unsigned)ticks, use.collections, use.slots);
	portLog(line);
	// what the line itself took is nobody's
	uartDrain();
	clockTakeAwakeTicks();
}

// T: end, as Ctrl-C does; M: log what memory is in use; A: log how long the processor was awake; G: collect garbage.
void processControl(uint8_t command)
{
	void (*once)(void*) = terminate;
	if (command == 'M')
		reportMemory();
	else if (command == 'A')
		reportAwake();
	else if (command == 'G')
		memoryCollect();
	else if (command == 'T') {
		terminate = NULL;
		if (!once)
			portExit(1);
		once(terminateOwner);
	}
}

void processDefer(void (*run)(void* owner), void* owner)
{
	if (deferredCount == DEFERRED) {
		portLog("too many calls are put off");
		portRestart();
	}
	deferred[deferredCount].run = run;
	deferred[deferredCount++].owner = owner;
	boardHasEvent = true;
}

// Runs what was put off before this turn; what that puts off in turn waits for the next.
static bool runDeferred(void)
{
	int count = deferredCount;
	for (int i = 0; i < count; i++)
		deferred[i].run(deferred[i].owner);
	deferredCount -= count;
	memmove(deferred, deferred + count, (size_t)deferredCount * sizeof deferred[0]);
	return count > 0;
}

void portWait(double untilMs)
{
	for (;;) {
		watchdogFeed();
		// all of them, whatever the first has called
		bool hasRun = runDeferred();
		hasRun |= uartRun();
		hasRun |= networkRun();
		if (hasRun || untilMs <= portNow())
			return;
		clockSleep(fmin(untilMs, networkDeadline()));
	}
}
