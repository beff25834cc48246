// The machine: creation with the sizes that the program image asks for, the main module, the event loop.

#include "xsAll.h"

#include "image.h"
#include "port.h"
#include "runtime.h"

enum { SLOT_BYTES_OF_BOARD = 16 };

static txMachine* create(const uint8_t* image)
{
	txCreation creation = {
		.initialChunkSize = (txSize)imageNumber(image, IMAGE_AT_CHUNK_INITIAL),
		.incrementalChunkSize = (txSize)imageNumber(image, IMAGE_AT_CHUNK_INCREMENTAL),
		.initialHeapCount = (txSize)imageNumber(image, IMAGE_AT_HEAP_INITIAL),
		.incrementalHeapCount = (txSize)imageNumber(image, IMAGE_AT_HEAP_INCREMENTAL),
		.stackCount = (txSize)imageNumber(image, IMAGE_AT_STACK_SLOTS),
		.initialKeyCount = (txSize)imageNumber(image, IMAGE_AT_KEYS_INITIAL),
		.incrementalKeyCount = (txSize)imageNumber(image, IMAGE_AT_KEYS_INCREMENTAL),
		.nameModulo = (txSize)imageNumber(image, IMAGE_AT_NAME_MODULO),
		.symbolModulo = (txSize)imageNumber(image, IMAGE_AT_SYMBOL_MODULO),
	};
	txMachine* the = (txMachine*)machineMake(&creation, image);
	if (!the)
		failureStart("cannot create the machine");
	txSize own = creation.stackCount + the->maximumHeapCount - the->currentHeapCount;
	size_t used = (size_t)own * SLOT_BYTES_OF_BOARD + (size_t)(the->maximumChunksSize - the->currentChunksSize);
	size_t limit = imageNumber(image, IMAGE_AT_STATIC_BYTES);
	heapLimit(limit == 0 ? 0 : limit > used ? limit - used : 1);
	return the;
}

static void runMain(txMachine* the, const char* name)
{
	fxBeginHost(the);
	{
		mxTry(the) {
			if (!machineMain((struct xsMachineRecord*)the)) {
				txSlot* realm = mxProgram.value.reference->next->value.module.realm;
				mxPushStringX((txString)name);
				// A promise: when it is rejected nobody has caught that, and runtimeSettle() reports it.
				gxDefaults.runImport(the, realm, XS_NO_ID);
				mxPop();
			}
		}
		mxCatch(the) {
			fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
		}
	}
	fxEndHost(the);
	runtimeSettle((struct xsMachineRecord*)the);
}

void runtimeRun(const uint8_t* image, size_t size)
{
	const char* message = modulesUse(image, size);
	if (message)
		failureStart(message);
	txMachine* the = create(image);
	memoryStart((struct xsMachineRecord*)the);
	runMain(the, (const char*)image + imageNumber(image, IMAGE_AT_MAIN));
	for (;;)
		portWait(clockToPort(fmin(timersRun(), trialRun())));
}
