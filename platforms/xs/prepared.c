// A machine whose objects lie in flash, the engine's own and those of the preloaded modules: written by the build
// (rom/xsrom.c) for exactly this image.

#include "xsAll.h"

#include "image.h"
#include "rom.h"
#include "runtime.h"

extern txSlot romSlots[], romStack[];
extern txSlot *romKeys[], *romNames[], *romRegisteredSymbols[];

static const txPreparation preparation = {
	.version = { XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION, 0 },
	.aliasCount = ROM_ALIASES,
	.heapCount = ROM_SLOTS,
	.heap = romSlots,
	.stackCount = ROM_STACK,
	.stack = romStack,
	.keyCount = ROM_KEYS,
	.keys = romKeys,
	.nameModulo = ROM_NAME_MODULO,
	.names = romNames,
	.symbolModulo = ROM_SYMBOL_MODULO,
	.symbols = romRegisteredSymbols,
	.profileID = ROM_PROFILE,
};

struct xsMachineRecord* machineMake(struct sxCreation* creation, const uint8_t* image)
{
	(void)image;
	// the engine copies what it will change
	return (struct xsMachineRecord*)fxPrepareMachine(creation, (txPreparation*)(uintptr_t)&preparation, "lwm2m-xs", C_NULL, C_NULL);
}

// Where nothing is loaded at the start, the build has left the main module's function at the bottom of the stack.
bool machineMain(struct xsMachineRecord* the_)
{
#if ROM_USES_MODULES
	(void)the_;
	return false;
#else
	txMachine* the = (txMachine*)the_;
	mxPushUndefined();
	mxPushSlot(romStack);
	mxCall();
	mxRunCount(0);
	mxPop();
	return true;
#endif
}
