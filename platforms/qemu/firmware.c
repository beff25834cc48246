// The firmware slot (../xs/port.h): this board has none.

#include "port.h"

bool portFirmwareOpen(const char** message)
{
	*message = "this board has none";
	return false;
}

uint32_t portFirmwareCapacity(void)
{
	return 0;
}

bool portFirmwareErase(const char** message)
{
	return portFirmwareOpen(message);
}

bool portFirmwareWrite(uint32_t offset, const void* from, size_t count, const char** message)
{
	(void)offset, (void)from, (void)count;
	return portFirmwareOpen(message);
}

size_t portFirmwareRead(uint32_t offset, void* into, size_t size)
{
	(void)offset, (void)into, (void)size;
	return 0;
}

bool portFirmwareInstall(uint32_t bytes, const char** message)
{
	(void)bytes;
	return portFirmwareOpen(message);
}

bool portFirmwareConfirm(const char** message)
{
	return portFirmwareOpen(message);
}

bool portFirmwareIsTrial(void)
{
	return false;
}

bool portFirmwareIsReverted(void)
{
	return false;
}
