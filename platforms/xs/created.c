// A machine that makes the engine's own objects at the start, in RAM.

#include "xsAll.h"

#include "image.h"
#include "runtime.h"

// Room for the engine's own objects, which a board with a prepared machine has in flash: slots, and bytes of chunks.
// What is left over counts as the program's.
enum { BUILTIN_SLOTS = 4000, BUILTIN_CHUNK_BYTES = 16 * 1024 };

// The image's keys are numbered from the engine's on: registered in the same order they get the same numbers.
static void registerKeys(txMachine* the, const uint8_t* image)
{
	const char* name = (const char*)image + imageNumber(image, IMAGE_AT_KEYS);
	uint32_t base = imageNumber(image, IMAGE_AT_KEY_BASE);
	uint32_t count = imageNumber(image, IMAGE_AT_KEY_COUNT);
	fxBeginHost(the);
	for (uint32_t i = 0; i < count; i++) {
		if (fxNewNameX(the, (txString)name) != base + i)
			failureStart("the program image's keys do not fit this executable");
		name += strlen(name) + 1;
	}
	fxEndHost(the);
}

struct xsMachineRecord* machineMake(struct sxCreation* creation, const uint8_t* image)
{
	creation->initialChunkSize += BUILTIN_CHUNK_BYTES;
	creation->initialHeapCount += BUILTIN_SLOTS;
	creation->initialKeyCount += (txSize)(XS_ID_COUNT + imageNumber(image, IMAGE_AT_KEY_COUNT));
	txMachine* the = fxCreateMachine(creation, "lwm2m-xs", C_NULL, XS_NO_ID);
	if (the)
		registerKeys(the, image);
	return (struct xsMachineRecord*)the;
}

bool machineMain(struct xsMachineRecord* the)
{
	(void)the;
	return false;
}
