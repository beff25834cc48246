// The native terminal (terminal.js, documented in ../shell/terminal.d.ts). Uses xsmc.h only, for XS 13 and the Moddable SDK.
// All state is in the caller's buffer; a pointer into it is good until the engine next allocates.

#include "xsmc.h"

#include "terminal-keys.h"
#include "terminal-words.h"

// At least two arguments, of which the first is the buffer.
static Terminal* bufferOf(xsMachine* the, uint32_t* size)
{
	void* data;
	xsUnsignedValue count;
	if (xsmcArgc < 2)
		xsTypeError("no arguments");
	_xsmcGetBuffer(the, &xsArg(0), &data, &count, 1);
	*size = (uint32_t)count;
	return data;
}

static Terminal* terminalOf(xsMachine* the)
{
	uint32_t size;
	Terminal* t = bufferOf(the, &size);
	if (!isOpen(t, size))
		xsRangeError("not a terminal");
	return t;
}

static const uint8_t* textOf(xsMachine* the, size_t* size)
{
	const char* text = xsmcToString(xsArg(1));
	*size = strlen(text);
	return (const uint8_t*)text;
}

// open(bytes, line, history, isTerminal)
void xs_terminal_open(xsMachine* the)
{
	uint32_t size;
	Terminal* t = bufferOf(the, &size);
	if (xsmcArgc < 4 || !openTerminal(t, size, xsmcToInteger(xsArg(1)), xsmcToInteger(xsArg(2)), xsmcToBoolean(xsArg(3))))
		xsRangeError("a terminal does not fit into %u bytes", (unsigned)size);
}

void xs_terminal_sent(xsMachine* the)
{
	Terminal* t = terminalOf(the);
	xsmcSetInteger(xsResult, (xsIntegerValue)sent(t, xsmcToInteger(xsArg(1))));
}

void xs_terminal_feed(xsMachine* the)
{
	Terminal* t = terminalOf(the);
	xsmcSetInteger(xsResult, feed(t, xsmcToInteger(xsArg(1)), xsmcArgc > 2 && xsmcToBoolean(xsArg(2))));
}

void xs_terminal_answer(xsMachine* the)
{
	size_t size;
	// a text may have to be made, so it comes first
	const uint8_t* text = textOf(the, &size);
	xsmcSetBoolean(xsResult, answer(terminalOf(the), text, size));
}

void xs_terminal_report(xsMachine* the)
{
	size_t size;
	const uint8_t* text = textOf(the, &size);
	xsmcSetBoolean(xsResult, report(terminalOf(the), text, size));
}

void xs_terminal_words(xsMachine* the)
{
	Terminal* t = terminalOf(the);
	bool isOpen = xsmcToBoolean(xsArg(1));
	int32_t size;
	char message[MESSAGE_BYTES], quote;
	if (t->isTooLong)
		return;
	if (isWrong(t, message)) {
		xsmcSetString(xsResult, message);
		return;
	}
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 0);
	for (uint32_t at = 0, index = 0;; index++) {
		t = terminalOf(the);
		uint32_t end = word(t, at, NULL, &size, &quote);
		if (size < 0 && !(isOpen && isBehindSpace(t)))
			return;
		xsmcSetStringBuffer(xsVar(0), NULL, size < 0 ? 0 : size);
		word(terminalOf(the), at, xsmcToString(xsVar(0)), &size, &quote);
		xsmcSetIndex(xsResult, index, xsVar(0));
		if (size < 0)
			return;
		at = end;
	}
}

void xs_terminal_insert(xsMachine* the)
{
	size_t size;
	const uint8_t* text = textOf(the, &size);
	insert(terminalOf(the), text, size);
}

void xs_terminal_accept(xsMachine* the)
{
	Terminal* t = terminalOf(the);
	acceptLine(t, xsmcToBoolean(xsArg(1)));
}
