// Reads the log of entries in flash (flash-log-read.h).

#include "flash-log-read.h"

#include <string.h>

#include "image.h"

uint32_t sectorsOf(const FlashArea* area)
{
	return area->bytes / FLASH_SECTOR_BYTES;
}

uint32_t recordBytes(uint32_t count)
{
	return FLASH_LOG_RECORD_HEAD_BYTES + (count + FLASH_UNIT_BYTES - 1) / FLASH_UNIT_BYTES * FLASH_UNIT_BYTES;
}

bool isBlank(const FlashArea* area, uint32_t offset, uint32_t count)
{
	uint8_t chunk[CHUNK_BYTES];
	for (uint32_t end = offset + count; offset < end; offset += CHUNK_BYTES) {
		uint32_t part = end - offset < CHUNK_BYTES ? end - offset : CHUNK_BYTES;
		flashRead(area, offset, chunk, part);
		for (uint32_t i = 0; i < part; i++)
			if (chunk[i] != 0xff)
				return false;
	}
	return true;
}

bool readSector(const FlashArea* area, uint32_t sector, SectorHead* head)
{
	flashRead(area, sector * FLASH_SECTOR_BYTES, head, sizeof *head);
	return head->magic == FLASH_LOG_MAGIC && head->checksum == checksumAdd(0, head, offsetof(SectorHead, checksum));
}

bool readRecord(const FlashArea* area, uint32_t offset, RecordHead* head)
{
	uint32_t left = FLASH_SECTOR_BYTES - offset % FLASH_SECTOR_BYTES;
	if (offset % FLASH_SECTOR_BYTES == 0 || left < FLASH_LOG_RECORD_HEAD_BYTES)
		return false;
	flashRead(area, offset, head, sizeof *head);
	return (head->kind == VALUE || head->kind == GONE) && recordBytes(head->count) <= left;
}

bool isIntact(const FlashArea* area, uint32_t offset, const RecordHead* head)
{
	uint8_t chunk[CHUNK_BYTES];
	uint32_t checksum = checksumAdd(0, (const uint8_t*)head + sizeof head->checksum, sizeof *head - sizeof head->checksum);
	for (uint32_t at = 0; at < head->count; at += CHUNK_BYTES) {
		uint32_t part = head->count - at < CHUNK_BYTES ? head->count - at : CHUNK_BYTES;
		flashRead(area, offset + sizeof *head + at, chunk, part);
		checksum = checksumAdd(checksum, chunk, part);
	}
	return checksum == head->checksum && head->key[FLASH_LOG_KEY_BYTES - 1] == 0;
}

uint32_t findRecord(const FlashLog* log, const char* key, RecordHead* found)
{
	uint32_t count = sectorsOf(log->area);
	SectorHead sector;
	RecordHead head;
	// from the newest sector back
	for (uint32_t back = 0; back < count; back++) {
		uint32_t number = (log->newest + count - back) % count, last = 0;
		if (!readSector(log->area, number, &sector) || sector.sequence != log->sequence - back)
			break;
		uint32_t start = number * FLASH_SECTOR_BYTES;
		for (uint32_t at = start + FLASH_LOG_SECTOR_HEAD_BYTES; readRecord(log->area, at, &head); at += recordBytes(head.count))
			if (strncmp(head.key, key, FLASH_LOG_KEY_BYTES) == 0 && isIntact(log->area, at, &head)) {
				last = at;
				*found = head;
			}
		if (last)
			return last;
	}
	return 0;
}

bool nextLive(const FlashLog* log, uint32_t* at, RecordHead* head)
{
	RecordHead live;
	for (*at += *at ? recordBytes(head->count) : 0; *at < log->area->bytes;) {
		if (*at % FLASH_SECTOR_BYTES == 0)
			*at += FLASH_LOG_SECTOR_HEAD_BYTES;
		if (!readRecord(log->area, *at, head))
			*at += FLASH_SECTOR_BYTES - *at % FLASH_SECTOR_BYTES;
		else if (head->kind == VALUE && findRecord(log, head->key, &live) == *at)
			return true;
		else
			*at += recordBytes(head->count);
	}
	return false;
}

uint32_t flashLogFind(const FlashLog* log, const char* key, uint32_t* count)
{
	RecordHead head;
	uint32_t at = findRecord(log, key, &head);
	if (!at || head.kind != VALUE)
		return 0;
	*count = head.count;
	return at + FLASH_LOG_RECORD_HEAD_BYTES;
}

void flashLogKeys(const FlashLog* log, void (*onKey)(void* owner, const char* key), void* owner)
{
	RecordHead head;
	for (uint32_t at = 0; nextLive(log, &at, &head);)
		onKey(owner, head.key);
}
