// The module `embedded:storage/key-value` (key-value.js).

#include "binding.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 1024, KEY_BYTES = 16 };

void xs_store_destroy(void* data)
{
	if (data)
		portStoreClose(data);
}

void xs_store(xsMachine* the)
{
	char path[PATH_BYTES];
	const char* message = NULL;
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType)
		xsTypeError("no options");
	if (!optionText(the, &xsArg(0), "path", path, sizeof path))
		xsTypeError("path is missing");
	PortStore* store = portStoreOpen(path, &message);
	if (!store)
		xsUnknownError("%s", (char*)(uintptr_t)message);
	xsmcSetHostData(xsThis, store);
}

static PortStore* storeOf(xsMachine* the)
{
	PortStore* store = xsmcGetHostDataValidate(xsThis, xs_store_destroy);
	if (!store)
		xsUnknownError("the storage is closed");
	return store;
}

void xs_store_close(xsMachine* the)
{
	void* store = xsmcGetHostDataValidate(xsThis, xs_store_destroy);
	xsmcSetHostData(xsThis, NULL);
	xs_store_destroy(store);
}

static void fail(xsMachine* the, const char* key, const char* message)
{
	xsUnknownError("entry %s: %s", (char*)(uintptr_t)key, (char*)(uintptr_t)message);
}

// 1 to 15 characters of a-z0-9.- : what the smallest of the platforms takes.
static void readKey(xsMachine* the, char* key)
{
	argumentText(the, 0, "key", key, KEY_BYTES);
	size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	if (length == 0 || key[length])
		xsRangeError("key \"%s\" is not 1 to 15 of a-z0-9.-", key);
}

void xs_store_read(xsMachine* the)
{
	PortStore* store = storeOf(the);
	char key[KEY_BYTES];
	const char* message = NULL;
	size_t count;
	readKey(the, key);
	void* value = portStoreRead(store, key, &count, &message);
	if (!value) {
		if (message)
			fail(the, key, message);
		return;
	}
	xsmcSetArrayBuffer(xsResult, value, (xsIntegerValue)count);
	free(value);
}

void xs_store_write(xsMachine* the)
{
	PortStore* store = storeOf(the);
	char key[KEY_BYTES];
	const char* message = NULL;
	size_t count;
	readKey(the, key);
	const void* value = argumentBytes(the, 1, &count, false);
	if (count > PORT_STORE_VALUE_BYTES)
		xsRangeError("entry %s is longer than %d bytes", key, PORT_STORE_VALUE_BYTES);
	if (!portStoreWrite(store, key, value, count, &message))
		fail(the, key, message);
}

void xs_store_delete(xsMachine* the)
{
	PortStore* store = storeOf(the);
	char key[KEY_BYTES];
	const char* message = NULL;
	readKey(the, key);
	if (!portStoreDelete(store, key, &message))
		fail(the, key, message);
}

typedef struct {
	char (*keys)[KEY_BYTES];
	size_t count;
	size_t room;
} Keys;

static void onKey(void* owner, const char* key)
{
	Keys* keys = owner;
	if (keys->count == keys->room) {
		void* larger = realloc(keys->keys, (keys->room + 64) * KEY_BYTES);
		if (!larger)
			return;
		keys->keys = larger;
		keys->room += 64;
	}
	strncpy(keys->keys[keys->count], key, KEY_BYTES - 1);
	keys->keys[keys->count++][KEY_BYTES - 1] = 0;
}

// Gathered first: a call into the engine may throw, and must not leave the directory open.
void xs_store_keys(xsMachine* the)
{
	PortStore* store = storeOf(the);
	const char* message = NULL;
	Keys keys = { 0 };
	if (!portStoreKeys(store, onKey, &keys, &message)) {
		free(keys.keys);
		xsUnknownError("%s", (char*)(uintptr_t)message);
	}
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 0);
	for (size_t i = 0; i < keys.count; i++) {
		xsmcSetString(xsVar(0), keys.keys[i]);
		xsmcSetIndex(xsResult, (xsIndex)i, xsVar(0));
	}
	free(keys.keys);
}
