// xsrom IMAGE ROM.S ROM.H REST variables|constants MODULE…: makes a machine, loads the modules of the image that are named
// into it, and writes all of it as read-only data that a firmware is linked with; REST is the image without those modules.
// `constants`: no module has a variable of its own.

#include "rom.h"

#include "../port.h"
#include "../runtime.h"

// On the command line.
enum { FIRST_MODULE = 6 };
// The machine that is written must lie in one piece.
enum { SLOTS = 200000, CHUNK_BYTES = 4 << 20, STACK_SLOTS = 4096, KEYS = 8192 };

Layout layout;
static const char* loading = "the engine";
const char programName[] = "xsrom";

// ---- what the runtime expects of a port

void portLog(const char* line)
{
	fprintf(stderr, "xsrom: %s: %s\n", loading, line);
}

void trialExit(int status)
{
	exit(status);
}

void portRestart(void)
{
	exit(1);
}

int clockGetTimeOfDay(struct timeval* value, void* zone);

int clockGetTimeOfDay(struct timeval* value, void* zone)
{
	(void)value, (void)zone;
	fail("%s takes the time while it is preloaded", loading);
}

// Native functions do nothing here: they are told apart by their names, and none may be called (stubs of the build).
_Noreturn void nativeCalled(const char* name);

void nativeCalled(const char* name)
{
	fail("%s calls %s while it is preloaded", loading, name);
}

// In place of fxNewGlobalInstance(): the engine's global object keeps a table of what it has looked up, which flash
// cannot hold.
txSlot* __wrap_fxNewGlobalInstance(txMachine* the);

txSlot* __wrap_fxNewGlobalInstance(txMachine* the)
{
	return fxNewObjectInstance(the);
}

static txMachine* create(const uint8_t* image)
{
	txCreation creation = {
		.initialChunkSize = CHUNK_BYTES,
		.incrementalChunkSize = CHUNK_BYTES,
		.initialHeapCount = SLOTS,
		.incrementalHeapCount = SLOTS,
		.stackCount = STACK_SLOTS,
		.initialKeyCount = KEYS,
		.incrementalKeyCount = KEYS,
		.nameModulo = (txSize)imageNumber(image, IMAGE_AT_NAME_MODULO),
		.symbolModulo = (txSize)imageNumber(image, IMAGE_AT_SYMBOL_MODULO),
	};
	return (txMachine*)machineMake(&creation, image);
}

static void preload(txMachine* the, const char* name)
{
	loading = name;
	fxBeginHost(the);
	mxTry(the) {
		txSlot* realm = mxProgram.value.reference->next->value.module.realm;
		mxPushStringX((txString)(uintptr_t)name);
		gxDefaults.runImport(the, realm, XS_NO_ID);
		mxPop();
	}
	mxCatch(the) {
		fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
	}
	fxEndHost(the);
	runtimeSettle((struct xsMachineRecord*)the);
}

static FILE* openOutput(const char* path)
{
	FILE* file = fopen(path, "w");
	if (!file)
		fail("cannot write %s", path);
	return file;
}

static const uint8_t* readImage(const char* path)
{
	FILE* file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		fail("cannot read %s", path);
	layout.imageBytes = (uint32_t)ftell(file);
	rewind(file);
	uint8_t* bytes = allocate(layout.imageBytes);
	if (fread(bytes, 1, layout.imageBytes, file) != layout.imageBytes)
		fail("cannot read %s", path);
	fclose(file);
	return layout.image = bytes;
}

int main(int count, char** words)
{
	if (count < 6)
		fail("usage: xsrom IMAGE ROM.S ROM.H REST variables|constants MODULE…");
	symbolsRead();
	const uint8_t* image = readImage(words[1]);
	const char* message = modulesUse(image, layout.imageBytes);
	if (message)
		fail("%s: %s", words[1], message);
	txMachine* the = create(image);
	codeScan(image);
	strip(the);
	freezeBuiltins(the);
	for (int i = FIRST_MODULE; i < count; i++)
		preload(the, words[i]);
	freezeFunctions(the, strcmp(words[5], "constants") != 0);
	FILE* rest = openOutput(words[4]);
	bool isAlone = restWrite(image, layout.imageBytes, words + FIRST_MODULE, count - FIRST_MODULE, rest) == 0;
	modulesFind(image, words + FIRST_MODULE, count - FIRST_MODULE);
	if (isAlone && !modulesMain(the))
		fail("the main module is not there");
	modulesClose(the);
	homesShare(the);
	fxCollectGarbage(the);
	codeScanAgain(the);
	stripAgain(the, isAlone);
	labelsDrop(the);
	orderProperties(the);
	fxCollectGarbage(the);
	fxShareMachine(the);
	aliasesNumber(the);
	mergeStart(the);
	namesModules(the);
	FILE* out = openOutput(words[2]);
	FILE* header = openOutput(words[3]);
	emit(the, out, header);
	usesWrite(header);
	if (fclose(out) != 0 || fclose(header) != 0 || fclose(rest) != 0)
		fail("cannot write %s", words[2]);
	return 0;
}
