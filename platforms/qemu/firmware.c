// The firmware slot (../xs/port.h): the secondary area, in external flash, which takes a container as it is downloaded. What
// happens to it at the next start is the boot loader's work (boot/main.c).

#include <string.h>

#include "boot-choice.h"
#include "flash-map.h"
#include "port.h"

static const FlashArea slot = { FLASH_SECONDARY, FLASH_SECONDARY_BYTES }, recordArea = { FLASH_BOOT_RECORD, FLASH_BOOT_RECORD_BYTES };
static BootStorage storage;
static BootRecord record;
// Where writing goes on; the bytes of a unit that is not complete wait in `unit`.
static uint32_t position;
static uint8_t unit[FLASH_UNIT_BYTES];

static void load(void)
{
	if (storage.read)
		return;
	storage = bootStorageOf(&recordArea);
	bootLoad(&storage, &record);
}

bool portFirmwareOpen(const char** message)
{
	(void)message;
	load();
	return true;
}

uint32_t portFirmwareCapacity(void)
{
	return FLASH_SECONDARY_BYTES;
}

bool portFirmwareIsTrial(void)
{
	load();
	return record.state == BOOT_TRIAL;
}

bool portFirmwareIsReverted(void)
{
	load();
	return record.state == BOOT_REVERTED;
}

static bool done(bool isDone, const char** message)
{
	if (!isDone)
		*message = "the flash fails";
	return isDone;
}

static bool isFree(const char** message)
{
	if (record.state != BOOT_TRIAL)
		return true;
	*message = "it holds the image that comes back if this one fails: confirm first";
	return false;
}

bool portFirmwareErase(const char** message)
{
	position = 0;
	// each further sector is erased when its first byte is written
	return isFree(message) && done(bootForget(&storage, &record) && flashErase(&slot, 0), message);
}

// Takes whole units as they are and single bytes until they make one. Returns how many it took, 0 where it failed.
static uint32_t put(const uint8_t* bytes, size_t count)
{
	uint32_t at = position % FLASH_UNIT_BYTES, left = FLASH_SECTOR_BYTES - position % FLASH_SECTOR_BYTES;
	if (left == FLASH_SECTOR_BYTES && !flashErase(&slot, position))
		return 0;
	uint32_t whole = (count < left ? (uint32_t)count : left) / FLASH_UNIT_BYTES * FLASH_UNIT_BYTES;
	if (at == 0 && whole > 0) {
		position += whole;
		return flashProgram(&slot, position - whole, bytes, whole) ? whole : 0;
	}
	unit[at] = *bytes;
	position++;
	return at < FLASH_UNIT_BYTES - 1 || flashProgram(&slot, position - FLASH_UNIT_BYTES, unit, FLASH_UNIT_BYTES) ? 1 : 0;
}

// What an earlier life has written ends here, in a sector that it erased.
static bool isBlank(uint32_t offset)
{
	uint8_t there[FLASH_UNIT_BYTES], blank[FLASH_UNIT_BYTES];
	memset(blank, 0xff, sizeof blank);
	flashRead(&slot, offset, there, sizeof there);
	return offset % FLASH_UNIT_BYTES == 0 && memcmp(there, blank, sizeof blank) == 0;
}

bool portFirmwareWrite(uint32_t offset, const void* from, size_t count, const char** message)
{
	const uint8_t* bytes = from;
	if (!isFree(message))
		return false;
	if (offset > slot.bytes || count > slot.bytes - offset) {
		*message = "it is full";
		return false;
	}
	// a download that goes on after a restart does so at the beginning of a sector, or behind what is there
	if (offset != position && offset % FLASH_SECTOR_BYTES != 0 && !isBlank(offset)) {
		*message = "a part is missing before this one";
		return false;
	}
	position = offset;
	for (uint32_t taken; count > 0; bytes += taken, count -= taken) {
		taken = put(bytes, count);
		if (!done(taken > 0, message))
			return false;
	}
	return true;
}

size_t portFirmwareRead(uint32_t offset, void* into, size_t size)
{
	uint8_t* to = into;
	uint32_t waiting = position % FLASH_UNIT_BYTES, start = position - waiting;
	if (offset >= slot.bytes)
		return 0;
	if (size > slot.bytes - offset)
		size = slot.bytes - offset;
	flashRead(&slot, offset, into, (uint32_t)size);
	for (uint32_t i = 0; i < waiting; i++)
		if (start + i >= offset && start + i - offset < size)
			to[start + i - offset] = unit[i];
	return size;
}

bool portFirmwareInstall(uint32_t bytes, const char** message)
{
	uint32_t waiting = position % FLASH_UNIT_BYTES;
	if (waiting > 0) {
		memset(unit + waiting, 0xff, sizeof unit - waiting);
		if (!done(flashProgram(&slot, position - waiting, unit, sizeof unit), message))
			return false;
		position += FLASH_UNIT_BYTES - waiting;
	}
	return isFree(message) && done(bootInstall(&storage, &record, bytes), message);
}

bool portFirmwareConfirm(const char** message)
{
	return done(bootConfirm(&storage, &record), message);
}
