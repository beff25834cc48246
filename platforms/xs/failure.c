// What ends the program: an error that nothing caught (status 70), and a limit of the engine, after which the device
// restarts, as a board does.

#include "xsAll.h"

#include "port.h"
#include "runtime.h"

// Printing an error runs JavaScript (a getter of `stack`), which may fail in turn.
static bool isFailing;

void failureStart(const char* message)
{
	portLog(message);
	trialExit(1);
}

// The error's text and stack into `into`, one line of the stack under the other.
static void describe(txMachine* the, char* into, size_t size)
{
	fxBeginHost(the);
	mxPushSlot(&mxException);
	if (mxIsReference(the->stack)) {
		mxDub();
		mxGetID(mxID(_stack));
		if (the->stack->kind == XS_STRING_KIND || the->stack->kind == XS_STRING_X_KIND) {
			snprintf(into, size, "%s", the->stack->value.string);
			fxEndHost(the);
			return;
		}
		mxPop();
	}
	snprintf(into, size, "%s", fxToString(the, the->stack));
	fxEndHost(the);
}

static _Noreturn void uncaught(txMachine* the, const char* what)
{
	static char text[2048];
	if (isFailing)
		trialExit(EXIT_UNCAUGHT);
	isFailing = true;
	size_t length = (size_t)snprintf(text, sizeof text, "%s: ", what);
	txJump jump;
	jump.nextJump = the->firstJump;
	jump.stack = the->stack;
	jump.scope = the->scope;
	jump.frame = the->frame;
	jump.environment = C_NULL;
	jump.code = the->code;
	jump.flag = 0;
	the->firstJump = &jump;
	if (c_setjmp(jump.buffer) == 0)
		describe(the, text + length, sizeof text - length);
	if (!text[length])
		strcpy(text + length, "(an error that cannot be shown)");
	char* start = text;
	for (char* end; (end = strchr(start, '\n')) != NULL; start = end + 1) {
		*end = 0;
		portLog(start);
	}
	portLog(start);
	trialExit(EXIT_UNCAUGHT);
}

static _Noreturn void restart(const char* what)
{
	char line[200];
	MemoryUse use;
	memoryUse(&use);
	snprintf(line, sizeof line, "%s (%u slots, %u bytes of chunks in use): restarting", what, use.slots, use.chunks);
	portLog(line);
	portRestart();
}

void fxAbort(txMachine* the, int status)
{
	switch (status) {
	case XS_UNHANDLED_EXCEPTION_EXIT:
		uncaught(the, "Uncaught");
	case XS_UNHANDLED_REJECTION_EXIT:
		uncaught(the, "Unhandled rejection");
	case XS_NOT_ENOUGH_MEMORY_EXIT:
		restart("Out of memory");
	case XS_STACK_OVERFLOW_EXIT:
		restart("Stack overflow");
	case XS_NO_MORE_KEYS_EXIT:
		restart("Out of keys");
	default:
		restart("Engine failure");
	}
}
