// The functions of firmware.js over the board's slot (board-slot.h): arguments checked, faults thrown.
#include "xsmc.h"

#include "board-slot.h"

static void check(xsMachine* the, const char* fault)
{
	if (fault)
		xsUnknownError("%s", (char*)(uintptr_t)fault);
}

static uint32_t offsetArgument(xsMachine* the, int index, uint32_t most)
{
	const double value = xsmcToNumber(xsArg(index));
	if (!(value >= 0 && value <= most))
		xsRangeError("beyond the slot's %d bytes", (int)most);
	return (uint32_t)value;
}

void xs_slot_capacity(xsMachine* the)
{
	xsmcSetNumber(xsResult, boardSlotBytes());
}

void xs_slot_isTrial(xsMachine* the)
{
	xsmcSetBoolean(xsResult, boardIsTrial());
}

void xs_slot_isReverted(xsMachine* the)
{
	xsmcSetBoolean(xsResult, boardIsReverted());
}

void xs_slot_erase(xsMachine* the)
{
	check(the, boardSlotErase());
}

void xs_slot_write(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	const uint32_t capacity = boardSlotBytes();
	const uint32_t offset = offsetArgument(the, 0, capacity);
	xsmcGetBufferReadable(xsArg(1), &data, &size);
	const uint32_t start = offsetArgument(the, 2, size);
	const uint32_t end = offsetArgument(the, 3, size);
	if (end < start || end - start > capacity - offset)
		xsRangeError("beyond the slot's %d bytes", (int)capacity);
	check(the, boardSlotWrite(offset, (uint8_t*)data + start, end - start));
}

void xs_slot_read(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	const uint32_t capacity = boardSlotBytes();
	const uint32_t offset = offsetArgument(the, 0, capacity);
	xsmcGetBufferWritable(xsArg(1), &data, &size);
	if (size > capacity - offset)
		size = capacity - offset;
	check(the, boardSlotRead(offset, data, size));
	xsmcSetInteger(xsResult, (int)size);
}

void xs_slot_install(xsMachine* the)
{
	check(the, boardSlotInstall(offsetArgument(the, 0, boardSlotBytes())));
}

void xs_slot_confirm(xsMachine* the)
{
	check(the, boardConfirm());
}

void xs_slot_verify(xsMachine* the)
{
	xsmcSetInteger(xsResult, boardSlotVerify(offsetArgument(the, 0, boardSlotBytes())));
}
