// The native terminal (terminal.js, documented in ../shell/terminal.d.ts). Uses xsmc.h only, for XS 13 and the Moddable SDK.
// All state is in the caller's buffer; a pointer into it is good until the engine next allocates.

#include "xsmc.h"

#include "terminal-keys.h"
#include "terminal-words.h"

// The first argument, the buffer; the others lie before it in memory: `first - 1`, … This is xsArg() with one check for all.
static xsSlot* argumentsOf(xsMachine* the, int count)
{
	if (xsmcArgc < count)
		xsTypeError("%d arguments are needed", count);
	return &xsArg(0);
}

static Terminal* bufferOf(xsMachine* the, xsSlot* first, uint32_t* size)
{
	void* data;
	xsUnsignedValue count;
	_xsmcGetBuffer(the, first, &data, &count, 1);
	*size = (uint32_t)count;
	return data;
}

static Terminal* terminalOf(xsMachine* the, xsSlot* first)
{
	uint32_t size;
	Terminal* t = bufferOf(the, first, &size);
	if (!isOpen(t, size))
		xsRangeError("not a terminal");
	return t;
}

// What a function does that takes a text and has a truth to tell.
static void withText(xsMachine* the, bool (*function)(Terminal*, const uint8_t*, size_t))
{
	xsSlot* first = argumentsOf(the, 2);
	// a text may have to be made, so it comes first
	const char* text = fxToString(the, first - 1);
	xsmcSetBoolean(xsResult, function(terminalOf(the, first), (const uint8_t*)text, strlen(text)));
}

// open(bytes, line, history, isTerminal)
void xs_terminal_open(xsMachine* the)
{
	uint32_t size;
	xsSlot* first = argumentsOf(the, 4);
	int32_t line = fxToInteger(the, first - 1), history = fxToInteger(the, first - 2);
	Terminal* t = bufferOf(the, first, &size);
	if (!openTerminal(t, size, line, history, fxToBoolean(the, first - 3)))
		xsRangeError("a terminal does not fit into %u bytes", (unsigned)size);
}

void xs_terminal_sent(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 2);
	Terminal* t = terminalOf(the, first);
	xsmcSetInteger(xsResult, (xsIntegerValue)sent(t, (uint32_t)fxToInteger(the, first - 1)));
}

// feed(bytes, count, isAnswering)
void xs_terminal_feed(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	Terminal* t = terminalOf(the, first);
	xsmcSetInteger(xsResult, feed(t, fxToInteger(the, first - 1), fxToBoolean(the, first - 2)));
}

void xs_terminal_answer(xsMachine* the)
{
	withText(the, answer);
}

void xs_terminal_report(xsMachine* the)
{
	withText(the, report);
}

void xs_terminal_insert(xsMachine* the)
{
	withText(the, insert);
}

// words(bytes, isOpen)
void xs_terminal_words(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 2);
	Terminal* t = terminalOf(the, first);
	int32_t size = 0;
	char message[MESSAGE_BYTES], quote;
	if (t->isTooLong)
		return;
	if (isWrong(t, message)) {
		xsmcSetString(xsResult, message);
		return;
	}
	bool isOpen = isBehindSpace(t) && fxToBoolean(the, first - 1);
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 0);
	for (uint32_t at = 0, index = 0; size >= 0; index++) {
		uint32_t end = word(terminalOf(the, first), at, NULL, &size, &quote);
		if (size < 0 && !isOpen)
			return;
		xsmcSetStringBuffer(xsVar(0), NULL, size < 0 ? 0 : size);
		// the text's memory may have moved the buffer's
		word(terminalOf(the, first), at, fxToString(the, &xsVar(0)), &size, &quote);
		xsmcSetIndex(xsResult, index, xsVar(0));
		at = end;
	}
}

// accept(bytes, isKept)
void xs_terminal_accept(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 2);
	acceptLine(terminalOf(the, first), fxToBoolean(the, first - 1));
}
