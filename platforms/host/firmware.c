// Firmware slots of the simulated device (../xs/port.h). What a slot holds is a container whose payload is a program
// image (../xs/image.h): it runs where it lies, as it would from flash.

#define _GNU_SOURCE
#include "firmware.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "container.h"
#include "port.h"
#include "process.h"
#include "runtime.h"
#include "slots.h"

// Written to the disk at each multiple of it, so that what storage says has been received is there after a power cut: the
// client stores its offset at multiples of FOTA_SAVE_BYTES (src/config.ts).
enum { CAPACITY_BYTES = 2 << 20, SYNC_BYTES = 16 << 10, LINE_BYTES = 160 };

static const char target[] = "host";
static BootRecord record;
// What the download's slot holds, once it has been asked: the file grows by portFirmwareWrite alone.
static size_t downloadBytes = SIZE_MAX;

static size_t bytesIn(int file)
{
	struct stat status;
	return file >= 0 && fstat(file, &status) == 0 ? (size_t)status.st_size : 0;
}

// The program image in a slot, or NULL and why it cannot run. An empty slot 0 stands for the executable's own image.
static const uint8_t* imageIn(int slot, size_t* size, const char** message)
{
	size_t bytes = bytesIn(slotsImage(slot));
	const uint8_t* header = bytes > 0 ? mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, slotsImage(slot), 0) : MAP_FAILED;
	if (header == MAP_FAILED) {
		*message = "there is none";
		return NULL;
	}
	*message = containerCheck(header, bytes, target);
	*size = *message ? 0 : containerPayloadBytes(header);
	if (!*message)
		*message = modulesUse(header + CONTAINER_HEADER_BYTES, *size);
	if (*message) {
		munmap((void*)(uintptr_t)header, bytes);
		return NULL;
	}
	return header + CONTAINER_HEADER_BYTES;
}

static void say(const char* format, int slot, const char* more)
{
	char line[LINE_BYTES];
	snprintf(line, sizeof line, format, slot, more);
	portLog(line);
}

static const uint8_t* tryActive(size_t* size, const char** message)
{
	const uint8_t* image = imageIn(record.active, size, message);
	char version[CONTAINER_TEXT_BYTES];
	if (image) {
		say("Firmware slot %d: version %s", record.active, containerText(image - CONTAINER_HEADER_BYTES, version));
		if (record.state == BOOT_TRIAL)
			say("Firmware slot %d: on trial%s", record.active, "");
	}
	return image;
}

// The words are checked by the program itself; here only one is of interest.
static const char* storageFolder(void)
{
	static const char option[] = "--storage";
	const size_t length = sizeof option - 1;
	for (int i = 0; i < portArgumentCount(); i++) {
		const char* word = portArgument(i);
		if (strncmp(word, option, length) != 0)
			continue;
		if (word[length] == '=')
			return word + length + 1;
		if (word[length] == 0 && i + 1 < portArgumentCount())
			return portArgument(i + 1);
	}
	return NULL;
}

const uint8_t* firmwareChoose(const uint8_t* own, size_t ownSize, size_t* size)
{
	slotsFind(storageFolder());
	bootLoad(&slotsStorage, &record);
	BootState before = record.state;
	bootStart(&slotsStorage, &record, processHasRestarted());
	watchdogSet();
	if (record.state == BOOT_REVERTED && before == BOOT_TRIAL)
		say("Firmware slot %d: not confirmed%s", record.active ^ 1, "; the one before it comes back");
	for (;;) {
		const char* message;
		const uint8_t* image = tryActive(size, &message);
		if (image)
			return image;
		bool isEmpty = bytesIn(slotsImage(record.active)) == 0;
		if (!isEmpty || record.active != 0)
			say("Firmware slot %d: %s", record.active, message);
		// nothing but the executable's own image is left, or was meant
		if ((isEmpty && record.active == 0) || !bootRefuse(&slotsStorage, &record))
			break;
		watchdogSet();
	}
	*size = ownSize;
	return own;
}

bool portFirmwareOpen(const char** message)
{
	bool isMade = slotsMake(message);
	if (isMade)
		slotsPassOn();
	return isMade;
}

uint32_t portFirmwareCapacity(void)
{
	return CAPACITY_BYTES;
}

bool portFirmwareIsTrial(void)
{
	return record.state == BOOT_TRIAL;
}

bool portFirmwareIsReverted(void)
{
	return record.state == BOOT_REVERTED;
}

static int downloadSlot(void)
{
	return slotsImage(record.active ^ 1);
}

static bool done(bool isDone, const char** message)
{
	if (!isDone)
		*message = errno ? strerror(errno) : "refused";
	return isDone;
}

bool portFirmwareErase(const char** message)
{
	if (record.state == BOOT_TRIAL) {
		*message = "it holds the image that comes back if this one fails: confirm first";
		return false;
	}
	errno = 0;
	downloadBytes = SIZE_MAX;
	return done(bootForget(&slotsStorage, &record) && ftruncate(downloadSlot(), 0) == 0, message);
}

bool portFirmwareWrite(uint32_t offset, const void* from, size_t count, const char** message)
{
	int file = downloadSlot();
	if (record.state == BOOT_TRIAL)
		return portFirmwareErase(message);
	if (downloadBytes == SIZE_MAX)
		downloadBytes = bytesIn(file);
	if (offset > downloadBytes) {
		*message = "a part is missing before this one";
		return false;
	}
	errno = 0;
	if (!done(pwrite(file, from, count, offset) == (ssize_t)count, message)) {
		downloadBytes = SIZE_MAX;
		return false;
	}
	if (offset + count > downloadBytes)
		downloadBytes = offset + count;
	if (offset / SYNC_BYTES != (offset + count) / SYNC_BYTES)
		return done(fdatasync(file) == 0, message);
	return true;
}

size_t portFirmwareRead(uint32_t offset, void* into, size_t size)
{
	ssize_t count = pread(downloadSlot(), into, size, offset);
	return count < 0 ? 0 : (size_t)count;
}

bool portFirmwareInstall(uint32_t bytes, const char** message)
{
	int file = downloadSlot();
	if (bytes > bytesIn(file)) {
		*message = "the slot holds less";
		return false;
	}
	errno = 0;
	return done(fsync(file) == 0 && bootInstall(&slotsStorage, &record, bytes), message);
}

bool portFirmwareConfirm(const char** message)
{
	errno = 0;
	if (!done(bootConfirm(&slotsStorage, &record), message))
		return false;
	watchdogSet();
	return true;
}
