// The module `embedded:update` (update.js) over the port.

#include "binding.h"

#include <stddef.h>

// The message by its address: the call that sets it is an argument as well.
static void check(xsMachine* the, bool isDone, const char** message)
{
	if (!isDone)
		xsUnknownError("firmware slot: %s", (char*)(uintptr_t)*message);
}

void xs_update(xsMachine* the)
{
	const char* message = NULL;
	check(the, portFirmwareOpen(&message), &message);
}

void xs_update_capacity(xsMachine* the)
{
	xsmcSetInteger(xsResult, (xsIntegerValue)portFirmwareCapacity());
}

void xs_update_isTrial(xsMachine* the)
{
	xsmcSetBoolean(xsResult, portFirmwareIsTrial());
}

void xs_update_isReverted(xsMachine* the)
{
	xsmcSetBoolean(xsResult, portFirmwareIsReverted());
}

void xs_update_erase(xsMachine* the)
{
	const char* message = NULL;
	check(the, portFirmwareErase(&message), &message);
}

void xs_update_write(xsMachine* the)
{
	const char* message = NULL;
	size_t count, start, end;
	argumentBytes(the, 0, &count, false);
	uint32_t offset = (uint32_t)argumentInteger(the, 1, "offset", 0, INT32_MAX);
	argumentRange(the, 2, count, &start, &end);
	// the engine may have moved them since
	const uint8_t* from = argumentBytes(the, 0, &count, false);
	uint32_t capacity = portFirmwareCapacity();
	if (offset > capacity || end - start > capacity - offset)
		xsRangeError("firmware slot: full, it takes %d bytes", (int)capacity);
	check(the, portFirmwareWrite(offset, from + start, end - start, &message), &message);
}

void xs_update_read(xsMachine* the)
{
	size_t size;
	argumentBytes(the, 0, &size, true);
	uint32_t offset = (uint32_t)argumentInteger(the, 1, "offset", 0, INT32_MAX);
	void* into = argumentBytes(the, 0, &size, true);
	xsmcSetInteger(xsResult, (xsIntegerValue)portFirmwareRead(offset, into, size));
}

void xs_update_complete(xsMachine* the)
{
	const char* message = NULL;
	uint32_t count = (uint32_t)argumentInteger(the, 0, "count", 1, (int32_t)portFirmwareCapacity());
	check(the, portFirmwareInstall(count, &message), &message);
}

void xs_update_confirm(xsMachine* the)
{
	const char* message = NULL;
	check(the, portFirmwareConfirm(&message), &message);
}
