// What ends the program: an error that nothing caught (status 70), and a limit of the engine, after which the device
// restarts, as a board does.

#include "xsAll.h"

#include "port.h"
#include "runtime.h"

enum { LINE_BYTES = 400 };

// Printing an error runs JavaScript (a getter of `stack`), which may fail in turn.
static bool isFailing;

void failureStart(const char* message)
{
	portLog(message);
	trialExit(1);
}

// The error's stack, its text before it; else its text. Good until the engine next allocates.
static const char* describe(txMachine* the)
{
	fxBeginHost(the);
	mxPushSlot(&mxException);
	if (mxIsReference(the->stack)) {
		mxDub();
		mxGetID(mxID(_stack));
		if (the->stack->kind != XS_STRING_KIND && the->stack->kind != XS_STRING_X_KIND)
			mxPop();
	}
	const char* text = fxToString(the, the->stack);
	fxEndHost(the);
	return text;
}

// One line of the stack under the other. What is longer than a line is cut.
static void tell(const char* what, const char* text)
{
	char line[LINE_BYTES];
	size_t length = (size_t)snprintf(line, sizeof line, "%s: ", what);
	for (;; text++)
		if (*text && *text != '\n') {
			if (length < sizeof line - 1)
				line[length++] = *text;
		}
		else {
			line[length] = 0;
			portLog(line);
			length = 0;
			if (!*text)
				return;
		}
}

static _Noreturn void uncaught(txMachine* the, const char* what)
{
	const char* volatile text = "";
	if (isFailing)
		trialExit(EXIT_UNCAUGHT);
	isFailing = true;
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
		text = describe(the);
	tell(what, *text ? text : "(an error that cannot be shown)");
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
