// Writes the log of entries in flash (flash-log.h), and mends it at the start.

#include "flash-log-read.h"

#include <string.h>

#include "image.h"

static const uint8_t readyMark[FLASH_UNIT_BYTES] = "READY\0\0";

static bool makeBlank(const FlashArea* area, uint32_t sector)
{
	return isBlank(area, sector * FLASH_SECTOR_BYTES, FLASH_SECTOR_BYTES) || flashErase(area, sector * FLASH_SECTOR_BYTES);
}

static bool isReady(const FlashArea* area, uint32_t sector)
{
	uint8_t mark[sizeof readyMark];
	flashRead(area, sector * FLASH_SECTOR_BYTES + FLASH_LOG_READY_OFFSET, mark, sizeof mark);
	return memcmp(mark, readyMark, sizeof mark) == 0;
}

static bool copyRecord(const FlashArea* area, uint32_t from, uint32_t to, uint32_t count)
{
	uint64_t chunk[CHUNK_BYTES / sizeof(uint64_t)];
	for (uint32_t at = 0; at < count; at += CHUNK_BYTES) {
		uint32_t part = count - at < CHUNK_BYTES ? count - at : CHUNK_BYTES;
		flashRead(area, from + at, chunk, part);
		if (!flashProgram(area, to + at, chunk, part))
			return false;
	}
	return true;
}

// Copies what still counts of the sector `from`, where that is one, into another behind its first `used` bytes, as far as
// it fits into `room`. False where the flash fails.
static bool compact(const FlashLog* log, uint32_t from, uint32_t to, uint32_t* used, uint32_t room)
{
	SectorHead sector;
	RecordHead head, live;
	if (!readSector(log->area, from, &sector))
		return true;
	for (uint32_t at = from * FLASH_SECTOR_BYTES + FLASH_LOG_SECTOR_HEAD_BYTES; readRecord(log->area, at, &head); at += recordBytes(head.count)) {
		uint32_t bytes = recordBytes(head.count);
		// what was deleted has no older record that could come back
		if (head.kind != VALUE || *used + bytes > room || findRecord(log, head.key, &live) != at)
			continue;
		*used += bytes;
		if (!copyRecord(log->area, at, to * FLASH_SECTOR_BYTES + *used - bytes, bytes))
			return false;
	}
	return true;
}

// The blank sector `number` becomes the newest, with what counts of the sector `from`, which becomes blank.
static bool openSector(FlashLog* log, uint32_t number, uint32_t sequence, uint32_t from)
{
	const FlashArea* area = log->area;
	SectorHead sector = { .magic = FLASH_LOG_MAGIC, .sequence = sequence, .blank = UINT32_MAX };
	uint32_t start = number * FLASH_SECTOR_BYTES, used = FLASH_LOG_SECTOR_HEAD_BYTES;
	sector.checksum = checksumAdd(0, &sector, offsetof(SectorHead, checksum));
	if (!flashProgram(area, start, &sector, sizeof sector) || !compact(log, from, number, &used, FLASH_SECTOR_BYTES)
		|| !flashProgram(area, start + FLASH_LOG_READY_OFFSET, readyMark, sizeof readyMark))
		return false;
	*log = (FlashLog) { .area = area, .newest = number, .sequence = sequence, .used = used };
	return makeBlank(area, from);
}

static bool advance(FlashLog* log)
{
	uint32_t count = sectorsOf(log->area), next = (log->newest + 1) % count, oldest = (next + 1) % count;
	// first what finds room where the new record did not: so that sectors which are half empty become fewer
	if (oldest != log->newest && !compact(log, oldest, log->newest, &log->used, FLASH_SECTOR_BYTES - FLASH_LOG_RECORD_HEAD_BYTES))
		return false;
	return makeBlank(log->area, next) && openSector(log, next, log->sequence + 1, oldest);
}

// Bytes of the newest sector in use: all of it where a record was cut off, so that nothing is programmed twice.
static uint32_t usedOf(const FlashArea* area, uint32_t number)
{
	RecordHead head;
	uint32_t start = number * FLASH_SECTOR_BYTES, at = start + FLASH_LOG_SECTOR_HEAD_BYTES;
	for (; readRecord(area, at, &head); at += recordBytes(head.count))
		if (!isIntact(area, at, &head))
			return FLASH_SECTOR_BYTES;
	return isBlank(area, at, start + FLASH_SECTOR_BYTES - at) ? at - start : FLASH_SECTOR_BYTES;
}

bool flashLogOpen(FlashLog* log, const FlashArea* area)
{
	uint32_t count = sectorsOf(area);
	SectorHead head;
	*log = (FlashLog) { .area = area };
	for (uint32_t i = 0; i < count; i++)
		if (readSector(area, i, &head) && head.sequence > log->sequence) {
			log->newest = i;
			log->sequence = head.sequence;
		}
	if (log->sequence > 0 && !isReady(area, log->newest)) {
		// opened and not made ready: the one before it is the newest still
		if (!flashErase(area, log->newest * FLASH_SECTOR_BYTES))
			return false;
		log->newest = (log->newest + count - 1) % count;
		log->sequence = readSector(area, log->newest, &head) && head.sequence == log->sequence - 1 ? head.sequence : 0;
	}
	if (log->sequence == 0) {
		for (uint32_t i = 0; i < count; i++)
			if (!makeBlank(area, i))
				return false;
		return openSector(log, 0, 1, 1);
	}
	log->used = usedOf(area, log->newest);
	return makeBlank(area, (log->newest + 1) % count);
}

static bool append(FlashLog* log, RecordHead* head, const uint8_t* value)
{
	const FlashArea* area = log->area;
	uint32_t at = log->newest * FLASH_SECTOR_BYTES + log->used, whole = head->count / FLASH_UNIT_BYTES * FLASH_UNIT_BYTES;
	uint8_t last[FLASH_UNIT_BYTES];
	head->checksum = checksumAdd(0, (const uint8_t*)head + sizeof head->checksum, sizeof *head - sizeof head->checksum);
	head->checksum = checksumAdd(head->checksum, value, head->count);
	// whatever comes of it, this part of the sector has been written to
	log->used += recordBytes(head->count);
	if (!flashProgram(area, at, head, sizeof *head) || (whole > 0 && !flashProgram(area, at + sizeof *head, value, whole)))
		return false;
	if (whole == head->count)
		return true;
	memset(last, 0xff, sizeof last);
	memcpy(last, value + whole, head->count - whole);
	return flashProgram(area, at + sizeof *head + whole, last, sizeof last);
}

// What the entries but this one take.
static uint32_t liveBytes(const FlashLog* log, const char* key)
{
	RecordHead head;
	uint32_t sum = 0;
	for (uint32_t at = 0; nextLive(log, &at, &head);)
		sum += strncmp(head.key, key, FLASH_LOG_KEY_BYTES) == 0 ? 0 : recordBytes(head.count);
	return sum;
}

static bool add(FlashLog* log, const char* key, uint8_t kind, const void* value, uint32_t count, const char** message)
{
	RecordHead head = { .count = (uint16_t)count, .kind = kind, .blank = 0xff };
	strncpy(head.key, key, sizeof head.key - 1);
	// an entry leaves room for a record that deletes one
	uint32_t bytes = recordBytes(count) + (kind == VALUE ? FLASH_LOG_RECORD_HEAD_BYTES : 0);
	uint32_t tries = sectorsOf(log->area), most = (tries - 1) * (FLASH_SECTOR_BYTES - FLASH_LOG_SECTOR_HEAD_BYTES);
	*message = "the storage is full";
	// no sector is worn for what can have no room
	if (FLASH_SECTOR_BYTES - log->used < bytes && kind == VALUE && liveBytes(log, key) + bytes > most)
		return false;
	for (; FLASH_SECTOR_BYTES - log->used < bytes; tries--) {
		if (tries == 0)
			return false;
		if (!advance(log)) {
			*message = "the flash fails";
			return false;
		}
	}
	*message = "the flash fails";
	return append(log, &head, value);
}

static bool isStored(const FlashLog* log, const char* key, const uint8_t* value, uint32_t count)
{
	uint8_t chunk[CHUNK_BYTES];
	uint32_t stored, at = flashLogFind(log, key, &stored);
	if (!at || stored != count)
		return false;
	for (uint32_t i = 0; i < count; i += CHUNK_BYTES) {
		uint32_t part = count - i < CHUNK_BYTES ? count - i : CHUNK_BYTES;
		flashRead(log->area, at + i, chunk, part);
		if (memcmp(chunk, value + i, part) != 0)
			return false;
	}
	return true;
}

bool flashLogWrite(FlashLog* log, const char* key, const void* value, uint32_t count, const char** message)
{
	if (count > FLASH_LOG_VALUE_BYTES) {
		*message = "the value is too long";
		return false;
	}
	return isStored(log, key, value, count) || add(log, key, VALUE, value, count, message);
}

bool flashLogDelete(FlashLog* log, const char* key, const char** message)
{
	uint32_t count;
	return !flashLogFind(log, key, &count) || add(log, key, GONE, "", 0, message);
}
