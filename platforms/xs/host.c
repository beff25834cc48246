// The module `xs/host` (host.js) over the port.

#include "binding.h"

#include <math.h>
#include <stdlib.h>

enum { LINE_BYTES = 1024, NAME_BYTES = 256, FILE_BYTES = 65536 };

void xs_host_now(xsMachine* the)
{
	xsmcSetNumber(xsResult, clockNow());
}

void xs_host_time(xsMachine* the)
{
	xsmcSetNumber(xsResult, clockTime());
}

void xs_host_setTime(xsMachine* the)
{
	double seconds = argumentNumber(the, 0, "seconds");
	if (!isfinite(seconds))
		xsRangeError("seconds is not finite");
	clockSetTime(seconds);
}

void xs_host_setTimeScale(xsMachine* the)
{
	double scale = argumentNumber(the, 0, "scale");
	if (!(scale > 0 && isfinite(scale)))
		xsRangeError("scale is not more than 0");
	clockSetScale(scale);
}

void xs_host_random(xsMachine* the)
{
	size_t count;
	void* into = argumentBytes(the, 0, &count, true);
	portRandom(into, count);
}

void xs_host_log(xsMachine* the)
{
	// A long line is cut rather than refused: a log must not fail its caller.
	char line[LINE_BYTES];
	if (xsmcArgc < 1)
		xsTypeError("line is missing");
	const char* text = xsmcToString(xsArg(0));
	size_t i = 0;
	for (; text[i] && i < sizeof line - 1; i++)
		line[i] = text[i];
	line[i] = 0;
	portLog(line);
}

void xs_host_isLogOnTerminal(xsMachine* the)
{
	xsmcSetBoolean(xsResult, portIsLogOnTerminal());
}

void xs_host_restart(xsMachine* the)
{
	(void)the;
	portRestart();
}

void xs_host_exit(xsMachine* the)
{
	int status = argumentInteger(the, 0, "status", 0, 255);
	if (status != 0)
		trialExit(status);
	portExit(status);
}

void xs_host_programArguments(xsMachine* the)
{
	int count = portArgumentCount();
	xsmcVars(1);
	xsmcSetNewArray(xsResult, count);
	for (int i = 0; i < count; i++) {
		xsmcSetString(xsVar(0), (xsStringValue)(uintptr_t)portArgument(i));
		xsmcSetIndex(xsResult, (xsIndex)i, xsVar(0));
	}
}

void xs_host_readFile(xsMachine* the)
{
	char path[LINE_BYTES];
	const char* message = NULL;
	size_t count;
	argumentText(the, 0, "path", path, sizeof path);
	void* bytes = portReadFile(path, &count, &message);
	if (!bytes)
		xsUnknownError("%s: %s", path, (char*)(uintptr_t)message);
	if (count > FILE_BYTES) {
		free(bytes);
		xsRangeError("%s is longer than %d bytes", path, FILE_BYTES);
	}
	xsmcSetArrayBuffer(xsResult, bytes, (xsIntegerValue)count);
	free(bytes);
}

void xs_host_memory(xsMachine* the)
{
	MemoryUse use;
	memoryUse(&use);
	const struct { const char* name; unsigned value; } fields[] = {
		{ "slotBytes", use.slotBytes }, { "slots", use.slots }, { "slotsPeak", use.slotsPeak },
		{ "chunks", use.chunks }, { "chunksPeak", use.chunksPeak }, { "collections", use.collections },
		{ "builtinSlots", use.builtinSlots }, { "builtinChunks", use.builtinChunks },
	};
	xsmcVars(1);
	xsmcSetNewObject(xsResult);
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		xsmcSetInteger(xsVar(0), (xsIntegerValue)fields[i].value);
		xsmcSet(xsResult, xsID(fields[i].name), xsVar(0));
	}
}

void xs_host_collectGarbage(xsMachine* the)
{
	(void)the;
	memoryCollect();
}

// ---- callbacks that belong to no instance

static Binding terminate;

static void onTerminate(void* owner)
{
	bindingCall(owner, 0);
}

void xs_host_onTerminate(xsMachine* the)
{
	argumentFunction(the, 0, "callback");
	if (terminate.the)
		bindingClose(&terminate);
	bindingOpenFunction(&terminate, the, &xsThis, &xsArg(0));
	portOnTerminate(onTerminate, &terminate);
}

static void onResult(void* owner, const char* address, const char* message)
{
	Binding* binding = owner;
	xsMachine* machine = binding->the;
	xsBeginHost(machine);
	{
		xsmcVars(4);
		xsVar(0) = binding->callbacks[0];
		if (address)
			xsmcSetString(xsVar(1), (xsStringValue)(uintptr_t)address);
		else
			xsmcSetString(xsVar(2), (xsStringValue)(uintptr_t)message);
		bindingClose(binding);
		free(binding);
		xsCallFunction2(xsVar(0), xsVar(3), xsVar(1), xsVar(2));
	}
	xsEndHost(machine);
	runtimeSettle(machine);
}

void xs_host_resolve(xsMachine* the)
{
	char name[NAME_BYTES];
	argumentText(the, 0, "name", name, sizeof name);
	argumentFunction(the, 1, "onResult");
	Binding* binding = calloc(1, sizeof *binding);
	if (!binding)
		xsUnknownError("out of memory");
	bindingOpenFunction(binding, the, &xsThis, &xsArg(1));
	portResolve(name, onResult, binding);
}
