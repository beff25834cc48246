// Key-value storage (../xs/port.h): this firmware keeps nothing.

#include "port.h"

PortStore* portStoreOpen(const char* path, const char** message)
{
	(void)path;
	*message = "this firmware has no storage";
	return NULL;
}

void* portStoreRead(PortStore* store, const char* key, size_t* count, const char** message)
{
	(void)store, (void)key, (void)count, (void)message;
	return NULL;
}

bool portStoreWrite(PortStore* store, const char* key, const void* value, size_t count, const char** message)
{
	(void)store, (void)key, (void)value, (void)count, (void)message;
	return false;
}

bool portStoreDelete(PortStore* store, const char* key, const char** message)
{
	(void)store, (void)key, (void)message;
	return false;
}

bool portStoreKeys(PortStore* store, void (*onKey)(void* owner, const char* key), void* owner, const char** message)
{
	(void)store, (void)onKey, (void)owner, (void)message;
	return false;
}

void portStoreClose(PortStore* store)
{
	(void)store;
}
