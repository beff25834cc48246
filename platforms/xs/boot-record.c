// The boot record and the rules of a trial (boot-record.h).

#include "boot-record.h"

#include <string.h>

#include "image.h"

enum { AT_SEQUENCE = 4, AT_STATE = 8, AT_ACTIVE = 9, AT_STARTS = 10, AT_PRIMARY = 11, AT_BYTES = 12, AT_CHECKSUM = 28, SLOTS = 2 };

static void put(uint8_t* at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static bool decode(const uint8_t* bytes, BootRecord* record)
{
	if (imageNumber(bytes, 0) != BOOT_MAGIC || imageNumber(bytes, AT_CHECKSUM) != imageChecksum(bytes, AT_CHECKSUM))
		return false;
	if (bytes[AT_STATE] < BOOT_STABLE || bytes[AT_STATE] > BOOT_REVERTED || bytes[AT_ACTIVE] >= SLOTS || bytes[AT_PRIMARY] >= SLOTS)
		return false;
	record->sequence = imageNumber(bytes, AT_SEQUENCE);
	record->state = (BootState)bytes[AT_STATE];
	record->active = bytes[AT_ACTIVE];
	record->starts = bytes[AT_STARTS];
	record->primary = bytes[AT_PRIMARY];
	record->installedBytes = imageNumber(bytes, AT_BYTES);
	return record->sequence > 0;
}

void bootLoad(const BootStorage* storage, BootRecord* record)
{
	*record = (BootRecord){ .state = BOOT_STABLE, .sector = 1 };
	for (uint8_t sector = 0; sector < SLOTS; sector++) {
		uint8_t bytes[BOOT_RECORD_BYTES];
		BootRecord found;
		if (!storage->read(storage->owner, sector, bytes, sizeof bytes) || !decode(bytes, &found))
			continue;
		found.sector = sector;
		// numbers of so few changes never wrap
		if (found.sequence > record->sequence)
			*record = found;
	}
}

// Stores what is to be; the record in memory follows only where that worked.
static bool change(const BootStorage* storage, BootRecord* record, BootRecord next)
{
	uint8_t bytes[BOOT_RECORD_BYTES] = { 0 };
	next.sequence = record->sequence + 1;
	next.sector = record->sector ^ 1;
	put(bytes, BOOT_MAGIC);
	put(bytes + AT_SEQUENCE, next.sequence);
	bytes[AT_STATE] = (uint8_t)next.state;
	bytes[AT_ACTIVE] = next.active;
	bytes[AT_STARTS] = next.starts;
	bytes[AT_PRIMARY] = next.primary;
	put(bytes + AT_BYTES, next.installedBytes);
	put(bytes + AT_CHECKSUM, imageChecksum(bytes, AT_CHECKSUM));
	if (!storage->erase(storage->owner, next.sector) || !storage->write(storage->owner, next.sector, bytes, sizeof bytes))
		return false;
	*record = next;
	return true;
}

static BootRecord with(const BootRecord* record, BootState state, uint8_t active, uint8_t starts)
{
	BootRecord next = *record;
	next.state = state;
	next.active = active;
	next.starts = starts;
	return next;
}

void bootStart(const BootStorage* storage, BootRecord* record, bool isRestart)
{
	uint8_t other = record->active ^ 1;
	if (record->state == BOOT_PENDING)
		// where that cannot be stored nothing has changed: the old image runs, and the next start tries again
		change(storage, record, with(record, BOOT_TRIAL, other, 1));
	else if (record->state == BOOT_TRIAL) {
		bool isOver = isRestart || record->starts >= BOOT_TRIAL_STARTS;
		BootRecord next = isOver ? with(record, BOOT_REVERTED, other, 0) : with(record, BOOT_TRIAL, record->active, record->starts + 1);
		if (!change(storage, record, next) && isOver) {
			// not stored, and yet true: the next start comes to the same end
			record->state = BOOT_REVERTED;
			record->active = other;
		}
	}
}

bool bootRefuse(const BootStorage* storage, BootRecord* record)
{
	if (record->state == BOOT_REVERTED)
		return false;
	BootRecord next = with(record, BOOT_REVERTED, record->active ^ 1, 0);
	if (!change(storage, record, next)) {
		record->state = next.state;
		record->active = next.active;
	}
	return true;
}

bool bootInstall(const BootStorage* storage, BootRecord* record, uint32_t bytes)
{
	if (record->state == BOOT_TRIAL)
		return false;
	BootRecord next = with(record, BOOT_PENDING, record->active, 0);
	next.installedBytes = bytes;
	return change(storage, record, next);
}

bool bootConfirm(const BootStorage* storage, BootRecord* record)
{
	if (record->state != BOOT_TRIAL && record->state != BOOT_REVERTED)
		return true;
	return change(storage, record, with(record, BOOT_STABLE, record->active, 0));
}

bool bootForget(const BootStorage* storage, BootRecord* record)
{
	// on trial the other slot holds the image to come back to
	if (record->state == BOOT_TRIAL)
		return false;
	return record->state == BOOT_STABLE || change(storage, record, with(record, BOOT_STABLE, record->active, 0));
}

bool bootSetPrimary(const BootStorage* storage, BootRecord* record, uint8_t slot)
{
	BootRecord next = *record;
	next.primary = slot;
	return record->primary == slot || change(storage, record, next);
}
