// What the two files of the log in flash share: how sectors and records are read (flash-log.h has the layout).

#ifndef FLASH_LOG_READ_H
#define FLASH_LOG_READ_H

#include "flash-log.h"

enum { FLASH_LOG_MAGIC = 0x31474c58, FLASH_LOG_READY_OFFSET = 16, CHUNK_BYTES = 64 };
enum { VALUE = 1, GONE = 2 };

typedef struct {
	uint32_t magic, sequence, checksum, blank;
} SectorHead;

typedef struct {
	uint32_t checksum;
	uint16_t count;
	uint8_t kind, blank;
	char key[FLASH_LOG_KEY_BYTES];
} RecordHead;

uint32_t sectorsOf(const FlashArea* area);
uint32_t recordBytes(uint32_t count);
bool isBlank(const FlashArea* area, uint32_t offset, uint32_t count);
bool readSector(const FlashArea* area, uint32_t sector, SectorHead* head);
// The record at `offset` of the area; false where none can follow in its sector.
bool readRecord(const FlashArea* area, uint32_t offset, RecordHead* head);
bool isIntact(const FlashArea* area, uint32_t offset, const RecordHead* head);
// Offset of the record that counts for the key; 0 where none does.
uint32_t findRecord(const FlashLog* log, const char* key, RecordHead* found);
// The next record behind `*at` that counts, from 0 on; false where there is none.
bool nextLive(const FlashLog* log, uint32_t* at, RecordHead* head);

#endif
