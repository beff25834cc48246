// The files of the firmware slots and of the boot record (slots.h).

#define _GNU_SOURCE
#include "slots.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>


enum { RECORD = SLOTS, FILES, SECTOR_BYTES = 512 };

static const char* const names[FILES] = { "firmware.0", "firmware.1", "firmware.boot" };
// Descriptors that a restart hands down, in the order of the names.
static const char inherited[] = "LWM2M_XS_SLOTS";
static int files[FILES] = { -1, -1, -1 };

// NULL: memory.
static const char* folder;

static void openFiles(int flags)
{
	int directory = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	for (int i = 0; i < FILES && directory >= 0; i++)
		if (files[i] < 0)
			files[i] = openat(directory, names[i], O_RDWR | O_CLOEXEC | flags, 0600);
	int error = errno;
	if (directory >= 0)
		close(directory);
	errno = error;
}

void slotsFind(const char* storageFolder)
{
	folder = storageFolder;
	const char* list = getenv(inherited);
	int found[FILES];
	if (folder)
		openFiles(0);
	else if (list && sscanf(list, "%d,%d,%d", &found[0], &found[1], &found[RECORD]) == FILES)
		memcpy(files, found, sizeof files);
}

bool slotsMake(const char** message)
{
	errno = ENOENT;
	if (folder)
		openFiles(O_CREAT);
	else
		for (int i = 0; i < FILES; i++)
			if (files[i] < 0)
				files[i] = memfd_create(names[i], 0);
	if (files[0] >= 0 && files[1] >= 0 && files[RECORD] >= 0)
		return true;
	*message = strerror(errno);
	return false;
}

int slotsImage(int slot)
{
	return files[slot];
}

void slotsPassOn(void)
{
	char list[40];
	if (folder)
		return;
	snprintf(list, sizeof list, "%d,%d,%d", files[0], files[1], files[RECORD]);
	setenv(inherited, list, 1);
}

static bool readSector(void* owner, int sector, void* into, size_t count)
{
	(void)owner;
	return files[RECORD] >= 0 && pread(files[RECORD], into, count, sector * SECTOR_BYTES) == (ssize_t)count;
}

static bool writeSector(void* owner, int sector, const void* from, size_t count)
{
	(void)owner;
	return files[RECORD] >= 0 && pwrite(files[RECORD], from, count, sector * SECTOR_BYTES) == (ssize_t)count && fsync(files[RECORD]) == 0;
}

static bool eraseSector(void* owner, int sector)
{
	uint8_t blank[SECTOR_BYTES];
	memset(blank, 0xff, sizeof blank);
	return writeSector(owner, sector, blank, sizeof blank);
}

const BootStorage slotsStorage = { .read = readSector, .write = writeSector, .erase = eraseSector };
