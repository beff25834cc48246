// Key-value storage (../xs/port.h) in the board's flash. There is one store, whatever its path.

#include <stdlib.h>

#include "board.h"
#include "flash-log.h"
#include "flash-map.h"
#include "port.h"

_Static_assert((int)PORT_STORE_VALUE_BYTES <= (int)FLASH_LOG_VALUE_BYTES, "an entry has to fit a sector");

struct PortStore {
	FlashLog log;
};

static const FlashArea area = { FLASH_STORAGE, FLASH_STORAGE_BYTES };
static PortStore onlyStore;

PortStore* portStoreOpen(const char* path, const char** message)
{
	(void)path;
	if (flashLogOpen(&onlyStore.log, &area))
		return &onlyStore;
	*message = "the flash fails";
	return NULL;
}

void* portStoreRead(PortStore* store, const char* key, size_t* count, const char** message)
{
	uint32_t bytes = 0, at = flashLogFind(&store->log, key, &bytes);
	*message = NULL;
	*count = bytes;
	if (!at)
		return NULL;
	void* value = malloc(bytes > 0 ? bytes : 1);
	if (value)
		flashRead(&area, at, value, bytes);
	else
		*message = "out of memory";
	return value;
}

bool portStoreWrite(PortStore* store, const char* key, const void* value, size_t count, const char** message)
{
	return flashLogWrite(&store->log, key, value, (uint32_t)count, message);
}

bool portStoreDelete(PortStore* store, const char* key, const char** message)
{
	return flashLogDelete(&store->log, key, message);
}

bool portStoreKeys(PortStore* store, void (*onKey)(void* owner, const char* key), void* owner, const char** message)
{
	(void)message;
	flashLogKeys(&store->log, onKey, owner);
	return true;
}

void portStoreClose(PortStore* store)
{
	(void)store;
}
