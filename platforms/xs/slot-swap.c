// The exchange of two flash areas (slot-swap.h).

#include "slot-swap.h"

#include "image.h"

enum { STEPS = 3, CHUNK_BYTES = 256 };

typedef struct {
	uint32_t magic, number, sectors, checksum;
} Status;

enum { MAGIC = 0x50415753 }; // "SWAP"

_Static_assert(sizeof(Status) == SWAP_STATUS_HEAD_BYTES, "the marks begin behind it");

static bool readStatus(const SwapAreas* areas, Status* status)
{
	flashRead(&areas->status, 0, status, sizeof *status);
	return status->magic == MAGIC && status->checksum == checksumAdd(0, status, offsetof(Status, checksum));
}

bool swapHasBegun(const SwapAreas* areas, uint32_t number)
{
	Status status;
	return readStatus(areas, &status) && status.number == number;
}

bool swapBegin(const SwapAreas* areas, uint32_t number, uint32_t bytes)
{
	Status status = { .magic = MAGIC, .number = number, .sectors = (bytes + FLASH_SECTOR_BYTES - 1) / FLASH_SECTOR_BYTES };
	status.checksum = checksumAdd(0, &status, offsetof(Status, checksum));
	if (bytes > areas->primary.bytes)
		return false;
	for (uint32_t offset = 0; offset < areas->status.bytes; offset += FLASH_SECTOR_BYTES)
		if (!flashErase(&areas->status, offset))
			return false;
	return flashProgram(&areas->status, 0, &status, sizeof status);
}

static bool copySector(const FlashArea* from, uint32_t fromOffset, const FlashArea* to, uint32_t toOffset)
{
	uint64_t chunk[CHUNK_BYTES / sizeof(uint64_t)];
	if (!flashErase(to, toOffset))
		return false;
	for (uint32_t i = 0; i < FLASH_SECTOR_BYTES; i += CHUNK_BYTES) {
		flashRead(from, fromOffset + i, chunk, CHUNK_BYTES);
		if (!flashProgram(to, toOffset + i, chunk, CHUNK_BYTES))
			return false;
	}
	return true;
}

static bool runStep(const SwapAreas* areas, uint32_t sector, uint32_t step)
{
	uint32_t offset = sector * FLASH_SECTOR_BYTES, scratch = offset % areas->scratch.bytes;
	if (step == 0)
		return copySector(&areas->primary, offset, &areas->scratch, scratch);
	if (step == 1)
		return copySector(&areas->secondary, offset, &areas->primary, offset);
	return copySector(&areas->scratch, scratch, &areas->secondary, offset);
}

bool swapFinish(const SwapAreas* areas)
{
	static const uint64_t blank = UINT64_MAX, done = 0;
	Status status;
	uint64_t mark;
	if (!readStatus(areas, &status))
		return false;
	for (uint32_t i = 0; i < status.sectors * STEPS; i++) {
		uint32_t at = SWAP_STATUS_HEAD_BYTES + i * FLASH_UNIT_BYTES;
		flashRead(&areas->status, at, &mark, sizeof mark);
		if (mark == blank && !(runStep(areas, i / STEPS, i % STEPS) && flashProgram(&areas->status, at, &done, sizeof done)))
			return false;
	}
	return true;
}
