// Two slots for firmware (../sdk/board-slot.h) in files, or in memory without a storage. An image is a whole program of
// this lane in a container of scripts/make-image (target `linux`), whose signature and digest the client checks. The
// program that was started is the boot loader: it keeps the boot record, and goes on in the image of the active slot.
#define _GNU_SOURCE
#include "../sdk/board-slot.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host/slots.h"
#include "../sdk/board.h"
#include "../xs/container.h"
#include "program.h"

enum { CAPACITY_BYTES = 16 << 20, PATH_BYTES = 4096, LINE_BYTES = 160 };

static const char target[] = "linux";
// Names the boot loader to the image that it goes on in.
static const char inherited[] = "LWM2M_XS_LOADER";
static char loader[PATH_BYTES];
static BootRecord record;

static size_t bytesIn(int file)
{
	struct stat status;
	return file >= 0 && fstat(file, &status) == 0 ? (size_t)status.st_size : 0;
}

static void say(const char* format, int slot, const char* more)
{
	char line[LINE_BYTES];
	snprintf(line, sizeof line, format, slot, more);
	boardLog(line);
}

// Becomes the program in a slot. Comes back where that cannot run. @return why
static const char* become(int slot, char** arguments)
{
	uint8_t header[CONTAINER_HEADER_BYTES];
	char version[CONTAINER_TEXT_BYTES];
	const int file = slotsImage(slot);
	if (bytesIn(file) == 0)
		return "there is none";
	if (pread(file, header, sizeof header, 0) != (ssize_t)sizeof header)
		return "no firmware image";
	const char* fault = containerCheck(header, bytesIn(file), target);
	if (fault)
		return fault;
	// a copy: nobody can write to what runs
	const int copy = memfd_create("firmware", MFD_CLOEXEC);
	off_t offset = CONTAINER_HEADER_BYTES;
	const off_t end = offset + (off_t)containerPayloadBytes(header);
	while (copy >= 0 && offset < end && sendfile(copy, file, &offset, (size_t)(end - offset)) > 0)
		;
	if (offset != end)
		return "the firmware image cannot be read";
	say("Firmware slot %d: version %s", slot, containerText(header, version));
	if (record.state == BOOT_TRIAL)
		say("Firmware slot %d: on trial%s", slot, "");
	setenv(inherited, loader, 1);
	fexecve(copy, arguments, environ);
	unsetenv(inherited);
	close(copy);
	return strerror(errno);
}

void slotStart(char** arguments, bool isRestart)
{
	const char* storage = programValue("storage");
	const char* given = getenv(inherited);
	slotsFind(storage);
	bootLoad(&slotsStorage, &record);
	if (given) {
		snprintf(loader, sizeof loader, "%s", given);
		unsetenv(inherited);
		return;
	}
	const ssize_t length = readlink("/proc/self/exe", loader, sizeof loader - 1);
	loader[length < 0 ? 0 : length] = 0;
	const BootState before = record.state;
	bootStart(&slotsStorage, &record, isRestart);
	if (record.state == BOOT_REVERTED && before == BOOT_TRIAL)
		say("Firmware slot %d: not confirmed%s", record.active ^ 1, "; the one before it comes back");
	for (;;) {
		const bool isEmpty = bytesIn(slotsImage(record.active)) == 0;
		const char* fault = become(record.active, arguments);
		if (!isEmpty || record.active != 0)
			say("Firmware slot %d: %s", record.active, fault);
		// an empty slot 0 stands for the program that was started
		if ((isEmpty && record.active == 0) || !bootRefuse(&slotsStorage, &record))
			return;
	}
}

const char* slotLoader(void)
{
	return loader;
}

uint32_t boardSlotBytes(void)
{
	const char* message;
	if (!slotsMake(&message))
		return 0;
	slotsPassOn();
	return CAPACITY_BYTES;
}

int boardIsTrial(void)
{
	return record.state == BOOT_TRIAL;
}

int boardIsReverted(void)
{
	return record.state == BOOT_REVERTED;
}

static int downloadSlot(void)
{
	return slotsImage(record.active ^ 1);
}

const char* boardSlotErase(void)
{
	if (boardIsTrial())
		return "it holds the image that comes back if this one fails: confirm first";
	const bool isDone = bootForget(&slotsStorage, &record) && ftruncate(downloadSlot(), 0) == 0;
	return isDone ? NULL : "the slot cannot be erased";
}

const char* boardSlotWrite(uint32_t offset, const void* from, uint32_t length)
{
	if (boardIsTrial())
		return boardSlotErase();
	if (offset > bytesIn(downloadSlot()))
		return "a part is missing before this one";
	return pwrite(downloadSlot(), from, length, offset) == (ssize_t)length ? NULL : strerror(errno);
}

const char* boardSlotRead(uint32_t offset, void* into, uint32_t length)
{
	// what has not been written reads as empty flash
	memset(into, 0xff, length);
	return pread(downloadSlot(), into, length, offset) >= 0 ? NULL : "the slot cannot be read";
}

const char* boardSlotInstall(uint32_t length)
{
	const bool isDone = fsync(downloadSlot()) == 0 && bootInstall(&slotsStorage, &record, length);
	return isDone ? NULL : "the boot record cannot be written";
}

const char* boardConfirm(void)
{
	return bootConfirm(&slotsStorage, &record) ? NULL : "the boot record cannot be written";
}

// Never asked: an image of ESP-IDF or MCUboot is of another kind.
int boardSlotVerify(uint32_t length)
{
	(void)length;
	return 6;
}
