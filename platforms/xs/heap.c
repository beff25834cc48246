// Memory for the machine, with the limit of a board: a slot counts 16 bytes, whatever it takes on this computer.

#include "xsAll.h"

#include "runtime.h"

enum { SLOT_BYTES_OF_BOARD = 16 };

static bool isLimited;
static size_t left;

void heapLimit(size_t bytes)
{
	isLimited = bytes > 0;
	left = bytes;
}

static bool take(size_t bytes)
{
	if (!isLimited)
		return true;
	if (bytes > left)
		return false;
	left -= bytes;
	return true;
}

void* fxAllocateChunks(txMachine* the, txSize size)
{
	(void)the;
	return take((size_t)size) ? c_malloc((size_t)size) : C_NULL;
}

void fxFreeChunks(txMachine* the, void* chunks)
{
	(void)the;
	c_free(chunks);
}

txSlot* fxAllocateSlots(txMachine* the, txSize count)
{
	(void)the;
	return take((size_t)count * SLOT_BYTES_OF_BOARD) ? c_malloc((size_t)count * sizeof(txSlot)) : C_NULL;
}

void fxFreeSlots(txMachine* the, void* slots)
{
	(void)the;
	c_free(slots);
}
