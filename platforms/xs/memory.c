// How much memory the machine uses.

#include "xsAll.h"

#include "port.h"
#include "runtime.h"

static txMachine* machine;
static unsigned collections;
static MemoryUse builtin;

// The engine calls this for a live host object at each collection: a counter that costs nothing else.
static void countCollection(txMachine* the, void* data, txMarkRoot markRoot)
{
	(void)the, (void)data, (void)markRoot;
	collections++;
}

// The machine's stack grows down. What has never been used has still the pattern of the start, but for its very bottom,
// which the engine uses otherwise.
enum { STACK_PAINT = 0x5a, STACK_GAP_BYTES = 8 * sizeof(txSlot) };

static void stackPaint(txMachine* the)
{
	memset(the->stackBottom, STACK_PAINT, (size_t)((char*)the->stack - (char*)the->stackBottom));
}

// Slots that have been in use, down to the first gap that nobody has written to.
static unsigned stackPeak(txMachine* the)
{
	size_t gap = 0;
	const char* at = (const char*)the->stack;
	for (; at > (const char*)the->stackBottom && gap < STACK_GAP_BYTES; at--)
		gap = at[-1] == STACK_PAINT ? gap + 1 : 0;
	return (unsigned)(((const char*)the->stackTop - at - gap) / sizeof(txSlot));
}

static const txHostHooks hooks = { C_NULL, countCollection, C_NULL };
static txSlot counter;

void memoryStart(struct xsMachineRecord* the_)
{
	txMachine* the = machine = (txMachine*)the_;
	memoryUse(&builtin);
	stackPaint(the);
	fxBeginHost(the);
	fxNewHostObject(the, C_NULL);
	fxSetHostHooks(the, the->stack, &hooks);
	fxSetHostData(the, the->stack, &collections);
	counter = *the->stack;
	fxRemember(the, &counter);
	fxEndHost(the);
}

void memoryUse(MemoryUse* use)
{
	memset(use, 0, sizeof *use);
	if (!machine)
		return;
	use->slotBytes = sizeof(txSlot);
	use->slots = (unsigned)machine->currentHeapCount;
	use->slotsPeak = (unsigned)machine->peakHeapCount;
	use->chunks = (unsigned)machine->currentChunksSize;
	use->chunksPeak = (unsigned)machine->peakChunksSize;
	use->collections = collections;
	use->builtinSlots = builtin.slots;
	use->builtinChunks = builtin.chunks;
}

void memoryCollect(void)
{
	fxCollectGarbage(machine);
}

void memoryReport(void)
{
	char line[200];
	MemoryUse use;
	memoryCollect();
	memoryUse(&use);
	snprintf(line, sizeof line, "Memory: %u slots and %u bytes of chunks, of which the engine's own %u and %u; peaks %u and %u; %u collections; at most %u of %u slots of stack",
		use.slots, use.chunks, use.builtinSlots, use.builtinChunks, use.slotsPeak, use.chunksPeak, use.collections,
		stackPeak(machine), (unsigned)(machine->stackTop - machine->stackBottom));
	portLog(line);
}
