// MCUboot's secondary slot (platforms/sdk/board-slot.h): an image in it is tried at the next start, and the old one comes back
// unless the new one confirms itself. Flash is erased ahead of what is written, page by page; what is not a whole number of
// its write units waits for the next part, or is filled up when the image is installed.
#include "../sdk/board-slot.h"

#include <string.h>

#include <zephyr/dfu/mcuboot.h>
#include <zephyr/storage/flash_map.h>

#define PAGE 4096
#define MOST_UNIT 32
#define IMAGE_MAGIC 0x96f3b83d
#define UNKNOWN UINT32_MAX

// Of the running download: the bytes taken, what of them waits for its write unit to be full, up to where flash is erased.
static uint32_t takenTo = UNKNOWN;
static uint32_t erasedTo;
static uint8_t unit[MOST_UNIT];
static uint32_t unitBytes;

static const struct flash_area* open_(void)
{
	const struct flash_area* area;
	return flash_area_open(FIXED_PARTITION_ID(slot1_partition), &area) == 0 ? area : NULL;
}

uint32_t boardSlotBytes(void)
{
	const struct flash_area* area = open_();
	if (!area)
		return 0;
	// the last page is MCUboot's trailer
	const uint32_t size = (uint32_t)area->fa_size - PAGE;
	flash_area_close(area);
	return size;
}

int boardIsTrial(void)
{
	return !boot_is_img_confirmed();
}

// MCUboot does not say: ../sdk/install-mark.ts knows.
int boardIsReverted(void)
{
	return 0;
}

const char* boardSlotErase(void)
{
	takenTo = UNKNOWN;
	return boot_erase_img_bank(FIXED_PARTITION_ID(slot1_partition)) == 0 ? NULL : "the slot cannot be erased";
}

static const char* flush(const struct flash_area* area, uint32_t size)
{
	const uint32_t end = takenTo - unitBytes + size;
	while (erasedTo < end) {
		if (flash_area_erase(area, erasedTo, PAGE) != 0)
			return "the slot cannot be erased";
		erasedTo += PAGE;
	}
	const int fault = flash_area_write(area, takenTo - unitBytes, unit, size);
	unitBytes = 0;
	return fault == 0 ? NULL : "the slot cannot be written";
}

// Makes flash empty from an offset on that is not where the last write ended: what its page holds before it stays.
static const char* goOnAt(const struct flash_area* area, uint32_t offset, uint32_t size)
{
	static uint8_t page[PAGE];
	const uint32_t start = offset / PAGE * PAGE;
	const uint32_t head = (offset - start) / size * size;
	unitBytes = offset - start - head;
	erasedTo = start;
	takenTo = offset;
	if (offset == start)
		return NULL;
	erasedTo = start + PAGE;
	if (flash_area_read(area, start, page, offset - start) != 0 || flash_area_erase(area, start, PAGE) != 0 ||
		(head > 0 && flash_area_write(area, start, page, head) != 0))
		return "the slot cannot be written";
	memcpy(unit, page + head, unitBytes);
	return NULL;
}

const char* boardSlotWrite(uint32_t offset, const void* from, uint32_t length)
{
	const uint8_t* at = from;
	const struct flash_area* area = open_();
	if (!area)
		return "there is no slot";
	const uint32_t size = flash_area_align(area);
	const char* fault = size > MOST_UNIT ? "the flash's write units are too large" : NULL;
	if (!fault && offset != takenTo)
		fault = goOnAt(area, offset, size);
	while (!fault && length > 0) {
		uint32_t count = size - unitBytes;
		if (count > length)
			count = length;
		memcpy(unit + unitBytes, at, count);
		unitBytes += count;
		takenTo += count;
		at += count;
		length -= count;
		if (unitBytes == size)
			fault = flush(area, size);
	}
	flash_area_close(area);
	return fault;
}

const char* boardSlotRead(uint32_t offset, void* into, uint32_t length)
{
	const struct flash_area* area = open_();
	if (!area)
		return "there is no slot";
	const int fault = flash_area_read(area, offset, into, length);
	flash_area_close(area);
	// what waits for its write unit to be full is not in flash yet
	const uint32_t waiting = takenTo - unitBytes;
	for (uint32_t i = 0; takenTo != UNKNOWN && i < unitBytes; i++)
		if (waiting + i >= offset && waiting + i < offset + length)
			((uint8_t*)into)[waiting + i - offset] = unit[i];
	return fault == 0 ? NULL : "the slot cannot be read";
}

const char* boardSlotInstall(uint32_t length)
{
	(void)length;
	if (unitBytes > 0) {
		const struct flash_area* area = open_();
		if (!area)
			return "there is no slot";
		const uint32_t size = flash_area_align(area);
		memset(unit + unitBytes, 0xff, size - unitBytes);
		const char* fault = flush(area, size);
		flash_area_close(area);
		takenTo = UNKNOWN;
		if (fault)
			return fault;
	}
	return boot_request_upgrade(BOOT_UPGRADE_TEST) == 0 ? NULL : "MCUboot does not take the image";
}

const char* boardConfirm(void)
{
	return boot_write_img_confirmed() == 0 ? NULL : "the image cannot be confirmed";
}

// Kind only: MCUboot checks the signature before it starts the image, and the one that runs stays where it does not hold.
int boardSlotVerify(uint32_t length)
{
	uint32_t magic = 0;
	if (length < sizeof magic || boardSlotRead(0, &magic, sizeof magic))
		return 5;
	return magic == IMAGE_MAGIC ? 0 : 6;
}
