// Small entries with names in an area of flash: a log that goes round over its sectors, so that all of them wear alike.
// A power cut at any moment leaves every entry with its old value or, for the one being written, its new one.
//
//   sector   magic, sequence, checksum of both, 0xff (4 each); ready mark (8); records; blank
//   record   checksum of what follows (4), bytes of the value (2), kind (1), 0xff (1), key (16, padded with 0),
//            value, padded with 0xff to a multiple of FLASH_UNIT_BYTES
//
// Of the records of a key the last one counts, in the order of the sectors' sequences. The sector behind the newest is
// always blank: when the newest is full, the one behind that, which is the oldest, is compacted into the blank one.
//
//   a power cut                          is seen at the next start by         and mended by
//   while a record is written            its checksum                         leaving the sector's rest unused
//   while a sector is opened, compacted  the ready mark that is not there     erasing that sector: all in it are copies
//   while the oldest is erased           a sector behind the newest that is   erasing it
//                                        not blank

#ifndef FLASH_LOG_H
#define FLASH_LOG_H

#include "flash.h"

enum { FLASH_LOG_KEY_BYTES = 16, FLASH_LOG_SECTOR_HEAD_BYTES = 24, FLASH_LOG_RECORD_HEAD_BYTES = 24 };
// An entry may be so long: beside it a record that deletes an entry always finds room.
enum { FLASH_LOG_VALUE_BYTES = FLASH_SECTOR_BYTES - FLASH_LOG_SECTOR_HEAD_BYTES - 2 * FLASH_LOG_RECORD_HEAD_BYTES };

typedef struct {
	const FlashArea* area;
	uint32_t newest;   // number of the sector that is written to
	uint32_t sequence; // of that sector
	uint32_t used;     // bytes of it
} FlashLog;

// Finds the newest sector and mends what a power cut has left; an area that holds no log becomes an empty one. The area
// has at least two sectors. False where the flash fails.
bool flashLogOpen(FlashLog* log, const FlashArea* area);
// Where the value of the entry begins, for flashRead(); 0 where there is none.
uint32_t flashLogFind(const FlashLog* log, const char* key, uint32_t* count);
// Writes nothing where the entry has this value already. False with a message where the area is full or the flash fails;
// the old value stays then.
bool flashLogWrite(FlashLog* log, const char* key, const void* value, uint32_t count, const char** message);
bool flashLogDelete(FlashLog* log, const char* key, const char** message);
void flashLogKeys(const FlashLog* log, void (*onKey)(void* owner, const char* key), void* owner);

#endif
