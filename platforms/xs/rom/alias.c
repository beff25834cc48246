// The table of copies: what lies in flash and can be written has a number in it, and each number takes four bytes of RAM.
// The engine numbers every instance that is not frozen; here those lose it that no program can write.

#include "rom.h"

static bool* isPrivate;
static bool* isNumbered;

bool isEnvironment(txMachine* the, const txSlot* slot)
{
	return isPrivate[slot - the->firstHeap];
}

bool isAlias(txMachine* the, const txSlot* slot)
{
	return isNumbered[slot - the->firstHeap];
}

// The variables that a function has taken along are read by its code, and nobody has them as an object.
static void findEnvironments(txMachine* the, txSlot* limit)
{
	isPrivate = allocate((size_t)(limit - the->firstHeap) * sizeof *isPrivate);
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++)
		if (slot->kind == XS_CODE_X_KIND && slot->value.code.closures)
			isPrivate[slot->value.code.closures - the->firstHeap] = true;
}

static bool isOfEngine(const txSlot* instance)
{
	return instance->next && (instance->next->kind == XS_MODULE_KIND || instance->next->kind == XS_PROGRAM_KIND);
}

void aliasesNumber(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	txID count = 1;
	findEnvironments(the, limit);
	isNumbered = allocate((size_t)(limit - the->firstHeap) * sizeof *isNumbered);
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
		txSlot* written = slot->kind == XS_CLOSURE_KIND ? slot->value.closure : slot->kind == XS_INSTANCE_KIND ? slot : NULL;
		if (!written || written->ID == XS_NO_ID || isNumbered[written - the->firstHeap])
			continue;
		isNumbered[written - the->firstHeap] = true;
		bool isWritable = slot->kind == XS_CLOSURE_KIND || !(isEnvironment(the, slot) || isOfEngine(slot));
		written->ID = isWritable ? count++ : XS_NO_ID;
	}
	the->aliasCount = count;
}
