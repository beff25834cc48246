// The functions of device.js that need the board (board.h) or the engine.
#include "xsmc.h"

#include <math.h>
#include <string.h>

#include "board.h"
#include "memory.h"

#define LINE_BYTES 256

void xs_sdk_now(xsMachine* the)
{
	xsmcSetNumber(xsResult, boardNow());
}

void xs_sdk_time(xsMachine* the)
{
	xsmcSetNumber(xsResult, boardTime());
}

void xs_sdk_setTime(xsMachine* the)
{
	const double seconds = xsmcToNumber(xsArg(0));
	if (!isfinite(seconds) || seconds < 0)
		xsRangeError("a time is seconds since 1970");
	boardSetTime(seconds);
}

void xs_sdk_random(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	if (boardRandom(data, size) != 0)
		xsUnknownError("no random numbers");
}

void xs_sdk_log(xsMachine* the)
{
	char line[LINE_BYTES];
	const char* text = xsmcToString(xsArg(0));
	size_t length = strlen(text);
	// what is too long is cut off
	if (length >= sizeof line)
		length = sizeof line - 1;
	memcpy(line, text, length);
	line[length] = 0;
	boardLog(line);
}

void xs_sdk_restart(xsMachine* the)
{
	(void)the;
	boardRestart();
}

void xs_sdk_resetReason(xsMachine* the)
{
	xsmcSetString(xsResult, (char*)(uintptr_t)boardResetReason());
}

void xs_sdk_memory(xsMachine* the)
{
	xsmcSetNumber(xsResult, engineMemory(the, xsmcToInteger(xsArg(0))));
}

void xs_sdk_collectGarbage(xsMachine* the)
{
	xsCollectGarbage();
}
