// Brings the image that is to run into the primary area (boot-choice.h).

#include "boot-choice.h"

static const FlashArea* areaOf(void* owner)
{
	return owner;
}

static bool readRecord(void* owner, int sector, void* into, size_t count)
{
	flashRead(areaOf(owner), (uint32_t)sector * FLASH_SECTOR_BYTES, into, (uint32_t)count);
	return true;
}

static bool writeRecord(void* owner, int sector, const void* from, size_t count)
{
	return flashProgram(areaOf(owner), (uint32_t)sector * FLASH_SECTOR_BYTES, from, (uint32_t)count);
}

static bool eraseRecord(void* owner, int sector)
{
	return flashErase(areaOf(owner), (uint32_t)sector * FLASH_SECTOR_BYTES);
}

BootStorage bootStorageOf(const FlashArea* record)
{
	return (BootStorage) { readRecord, writeRecord, eraseRecord, (void*)(uintptr_t)record };
}

static bool finish(const BootLoader* loader, const BootStorage* storage, BootRecord* record)
{
	// the record's number changes with it, so that the exchange is over
	return swapFinish(&loader->areas) && bootSetPrimary(storage, record, record->primary ^ 1);
}

// Exchanges the areas unless the secondary one's image is not whole.
static bool move(const BootLoader* loader, const BootStorage* storage, BootRecord* record)
{
	const char* problem = loader->check(&loader->areas.secondary);
	uint32_t here = loader->count(&loader->areas.primary), there = loader->count(&loader->areas.secondary);
	if (problem) {
		loader->say(problem);
		return false;
	}
	loader->say("exchanging the images");
	return swapBegin(&loader->areas, record->sequence, here > there ? here : there) && finish(loader, storage, record);
}

// The flash has failed within an exchange: nothing but going on with it at the next start can help.
static bool isStuck(const BootLoader* loader, const BootRecord* record)
{
	return record->sequence > 0 && swapHasBegun(&loader->areas, record->sequence);
}

bool bootChoose(const BootLoader* loader, BootRecord* record, bool isRestart)
{
	BootStorage storage = bootStorageOf(&loader->record);
	bootLoad(&storage, record);
	if (isStuck(loader, record)) {
		loader->say("going on with the exchange of the images");
		if (!finish(loader, &storage, record))
			return false;
	}
	// before its trial begins: the power going meanwhile is not the new image's fault
	if (record->state == BOOT_PENDING && record->primary == record->active)
		move(loader, &storage, record);
	if (isStuck(loader, record))
		return false;
	bootStart(&storage, record, isRestart);
	for (;;) {
		bool isThere = record->active == record->primary || move(loader, &storage, record);
		if (isThere && loader->count(&loader->areas.primary) > 0)
			return true;
		if (isStuck(loader, record))
			return false;
		loader->say("the image is refused");
		if (!bootRefuse(&storage, record))
			return false;
	}
}
