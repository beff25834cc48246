// Preloaded modules that no module outside of flash imports. Nobody looks for them any more: of each is left what its
// functions refer to, without what it exports, its name, and its place in the engine's list.

#include "rom.h"

enum { NAME_BYTES = 128 };

static const uint8_t* image;
static uint32_t table, count;
static bool* isWanted; // by its place in the image
static bool areObjects;

static uint32_t entryNumber(uint32_t index, uint32_t offset)
{
	return imageNumber(image, table + index * IMAGE_MODULE_BYTES + offset);
}

static const char* nameAt(uint32_t index)
{
	return (const char*)image + entryNumber(index, 0);
}

static void want(const char* name)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(nameAt(i), name) == 0)
			isWanted[i] = true;
}

// Every text in its code may be what it imports.
static void wantImports(uint32_t index)
{
	const uint8_t* at = image + entryNumber(index, 4);
	for (const uint8_t* end = at + entryNumber(index, 8); at < end; at += codeStep(at)) {
		char path[NAME_BYTES];
		if (*at != XS_CODE_STRING_ARCHIVE_1)
			continue;
		imageResolve(path, sizeof path, nameAt(index), (const char*)at + 2);
		want(path);
	}
}

void modulesFind(const uint8_t* bytes, char** preloaded, int preloadedCount)
{
	image = bytes;
	table = imageNumber(image, IMAGE_AT_MODULES);
	count = imageNumber(image, IMAGE_AT_MODULE_COUNT);
	isWanted = allocate(count * sizeof *isWanted);
	for (uint32_t i = 0; i < count; i++) {
		bool isPreloaded = false;
		for (int j = 0; j < preloadedCount; j++)
			isPreloaded = isPreloaded || strcmp(preloaded[j], nameAt(i)) == 0;
		if (!isPreloaded)
			want(nameAt(i));
		// import() may come at any time
		if (!isPreloaded || usesInstruction(XS_CODE_IMPORT))
			wantImports(i);
	}
}

static bool isNameWanted(const char* name)
{
	for (uint32_t i = 0; i < count; i++)
		if (strcmp(nameAt(i), name) == 0)
			return isWanted[i];
	return true;
}

// A module as a whole, `import * as`, is an object with what it exports.
static void wantNamespaces(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
		txSlot* variable = slot->kind == XS_CLOSURE_KIND ? slot->value.closure : NULL;
		if (!variable || variable->kind != XS_REFERENCE_KIND)
			continue;
		txSlot* internal = variable->value.reference->next;
		if (internal && internal->kind == XS_MODULE_KIND && (internal->flag & XS_INTERNAL_FLAG)) {
			areObjects = true;
			want(fxGetKeyName(the, internal->value.module.id));
		}
	}
}

void modulesClose(txMachine* the)
{
	wantNamespaces(the);
	txSlot* realm = mxModuleInstanceInternal(mxProgram.value.reference)->value.module.realm;
	for (txSlot** at = &mxOwnModules(realm)->value.reference->next; *at;) {
		txSlot* module = (*at)->kind == XS_REFERENCE_KIND ? (*at)->value.reference : NULL;
		if (!module || !module->next || module->next->kind != XS_MODULE_KIND || isNameWanted(fxGetKeyName(the, (*at)->ID))) {
			at = &(*at)->next;
			continue;
		}
		txSlot* exports = mxModuleInstanceExports(module);
		exports->kind = XS_UNDEFINED_KIND;
		exports->next = NULL;
		module->next->value.module.id = XS_NO_ID;
		*at = (*at)->next;
	}
}

static txSlot* find(txMachine* the, const char* name)
{
	txSlot* realm = mxModuleInstanceInternal(mxProgram.value.reference)->value.module.realm;
	for (txSlot* module = mxOwnModules(realm)->value.reference->next; module; module = module->next)
		if (module->kind == XS_REFERENCE_KIND && strcmp(fxGetKeyName(the, module->ID), name) == 0)
			return module->value.reference;
	return NULL;
}

bool modulesMain(txMachine* the)
{
	const char* name = (const char*)image + imageNumber(image, IMAGE_AT_MAIN);
	txSlot* module = find(the, name);
	if (!module)
		return false;
	txSlot* property = mxModuleInstanceExports(module)->value.reference->next;
	while (property && property->ID != mxID(_default))
		property = property->next;
	txSlot* main = property ? property->value.export.closure : NULL;
	if (!main || main->kind != XS_REFERENCE_KIND || !mxIsFunction(main->value.reference))
		fail("%s has no function as its default export", name);
	mxPushReference(main->value.reference);
	return true;
}

bool modulesAreObjects(void)
{
	return areObjects;
}

void modulesNames(void (*need)(const char* name))
{
	for (uint32_t i = 0; i < count; i++)
		if (isWanted[i])
			need(nameAt(i));
}
