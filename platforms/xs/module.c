// Finds modules in the program image and lets the engine run their bytecode where it lies.

#include "xsAll.h"
#include "xsScript.h"

#include "image.h"
#include "runtime.h"

enum { MODULE_NAME_BYTES = 128 };

static const uint8_t* program;
// The module whose native functions buildHosts() makes: the engine calls that back without saying for which.
static ImageModule loading;

static txCallback findNative(const char* name)
{
	size_t low = 0, high = nativesCount;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(natives[middle].name, name);
		if (order == 0)
			return (txCallback)natives[middle].function;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return C_NULL;
}

const char* modulesUse(const uint8_t* image, size_t size)
{
	uint32_t engine = (uint32_t)IMAGE_LAYOUT << 24 | XS_MAJOR_VERSION << 16 | XS_MINOR_VERSION << 8 | XS_PATCH_VERSION;
	const char* message = imageCheck(image, size, engine, XS_ID_COUNT);
	if (message)
		return message;
	const char* name = (const char*)image + imageNumber(image, IMAGE_AT_NATIVES);
	for (uint32_t count = imageNumber(image, IMAGE_AT_NATIVE_COUNT); count > 0; count--) {
		if (!findNative(name))
			return "the program image needs native functions that this executable does not have";
		name += strlen(name) + 1;
	}
	program = image;
	return C_NULL;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char name[MODULE_NAME_BYTES], path[MODULE_NAME_BYTES];
	ImageModule module;
	fxToStringBuffer(the, slot, name, sizeof(name));
	imageResolve(path, sizeof path, moduleID == XS_NO_ID ? "" : fxGetKeyName(the, moduleID), name);
	txID id = fxFindName(the, path);
	// the keys of a prepared machine are those that its code names
	if (imageFindModule(program, path, &module))
		return id == XS_NO_ID ? fxNewNameX(the, (txString)(uintptr_t)module.name) : id;
	if (id == XS_NO_ID)
		return id;
	// a preloaded module has gone from the image
	return mxBehaviorGetProperty(the, mxOwnModules(realm)->value.reference, id, 0, XS_ANY) ? id : XS_NO_ID;
}

// Called by the engine in the frame of the module that loads: leaves the array of its native functions as result.
static void buildHosts(txMachine* the)
{
	mxPushInteger((txInteger)loading.hostsCount);
	mxPushInteger(1);
	mxPush(mxArrayPrototype);
	fxNewArrayInstance(the);
	fxArrayCacheBegin(the, the->stack);
	for (uint32_t i = 0; i < loading.hostsCount; i++) {
		const uint8_t* host = loading.hosts + i * IMAGE_HOST_BYTES;
		const char* name = (const char*)program + imageNumber(host, 0);
		uint32_t flags = imageNumber(host, 4);
		txID key = (txID)(flags & 0xffff);
		txInteger parameters = (txInteger)(flags >> 16 & 0xff);
		txCallback function = findNative(name);
		if (parameters == IMAGE_HOST_CLASS)
			fxNewHostObject(the, (txDestructor)(void (*)(void))function);
		else
			fxNewHostFunction(the, function, parameters, key, XS_NO_ID);
		fxArrayCacheItem(the, the->stack + 1, the->stack);
		mxPop();
	}
	fxArrayCacheEnd(the, the->stack);
	mxPullSlot(mxResult);
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	txScript script;
	if (!imageFindModule(program, fxGetKeyName(the, moduleID), &loading))
		return;
	memset(&script, 0, sizeof script);
	script.callback = loading.hostsCount ? buildHosts : C_NULL;
	// Without a table of symbols the engine neither changes nor frees the code.
	script.codeBuffer = (txS1*)(uintptr_t)loading.code;
	script.codeSize = (txSize)loading.codeBytes;
	script.path = (txString)loading.name;
	script.version[0] = XS_MAJOR_VERSION;
	script.version[1] = XS_MINOR_VERSION;
	script.version[2] = XS_PATCH_VERSION;
	fxResolveModule(the, module, moduleID, &script, C_NULL, C_NULL);
}

// There is no parser on the device: eval and new Function throw.
txScript* fxParseScript(txMachine* the, void* stream, txGetter getter, txUnsigned flags)
{
	(void)stream, (void)getter, (void)flags;
	mxSyntaxError("no parser on the device");
	return C_NULL;
}
