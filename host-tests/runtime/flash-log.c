// The log in flash (platforms/xs/flash-log.c) through many power cuts. Prints what it counted; exit status 1 and a line where
// an entry has neither the old nor the new value.

#include "flash-log.h"
#include "flash-simulation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SECTORS = 16, KEYS = 12 };

// ---- the same entries in memory

typedef struct {
	bool isThere;
	uint32_t count;
	uint8_t bytes[FLASH_LOG_VALUE_BYTES];
} Value;

static Value values[KEYS], next;
static int changing = -1;
static FlashLog entries;

static const char* keyOf(int i)
{
	static char key[FLASH_LOG_KEY_BYTES];
	snprintf(key, sizeof key, i % 2 ? "k%d" : "a.longer.key-%d", i);
	return key;
}

static bool isStored(const Value* value, const char* key)
{
	uint32_t count, at = flashLogFind(&entries, key, &count);
	if (!value->isThere || !at)
		return value->isThere == (at != 0);
	return count == value->count && memcmp(flash + at, value->bytes, count) == 0;
}

static void countKey(void* owner, const char* key)
{
	(void)key;
	++*(int*)owner;
}

// After a cut the entry in hand may have either value; which one it has is what counts from then on.
static void check(void)
{
	int there = 0, listed = 0;
	if (changing >= 0 && isStored(&next, keyOf(changing)))
		values[changing] = next;
	for (int i = 0; i < KEYS; i++) {
		if (!isStored(&values[i], keyOf(i)))
			fail("neither the old value nor the new one", keyOf(i));
		there += values[i].isThere;
	}
	flashLogKeys(&entries, countKey, &listed);
	if (there != listed)
		fail("not every entry once", "keys");
	changing = -1;
}

// One change of one entry. `room`: bytes that all entries together may have.
static void change(uint32_t room)
{
	const char* message = NULL;
	uint32_t sum = 0;
	int i = (int)dice(KEYS);
	for (int j = 0; j < KEYS; j++)
		sum += j != i && values[j].isThere ? values[j].count + 64 : 0;
	next = (Value) { .isThere = dice(5) > 0, .count = dice(4) ? dice(80) : dice(FLASH_LOG_VALUE_BYTES + 1) };
	if (sum + next.count > room)
		next.count = dice(8);
	for (uint32_t j = 0; j < next.count; j++)
		next.bytes[j] = (uint8_t)dice(256);
	changing = i;
	bool isDone = next.isThere ? flashLogWrite(&entries, keyOf(i), next.bytes, next.count, &message) : flashLogDelete(&entries, keyOf(i), &message);
	if (!isDone)
		fail(message, keyOf(i));
	values[i] = next;
	changing = -1;
}

// Many short lives, each with its power cut, on flash that held anything before.
static void live(uint32_t sectors, int lives)
{
	static FlashArea area;
	area = (FlashArea) { 0, sectors * FLASH_SECTOR_BYTES };
	memset(values, 0, sizeof values);
	memset(erasures, 0, sizeof erasures);
	for (size_t i = 0; i < sizeof flash; i++)
		flash[i] = (uint8_t)dice(256);
	static volatile int cuts;
	static volatile long changes;
	cuts = 0;
	changes = 0;
	for (volatile int life = 0; life < lives; life++) {
		stepsLeft = dice(3) ? (long)dice(40) : (long)dice(3000);
		if (setjmp(cut) == 0) {
			if (!flashLogOpen(&entries, &area))
				fail("cannot be opened", "log");
			check();
			for (;; changes++)
				change((sectors - 1) * 2000);
		}
		cuts++;
	}
	uint32_t least = UINT32_MAX, most = 0;
	for (uint32_t i = 0; i < sectors; i++) {
		least = erasures[i] < least ? erasures[i] : least;
		most = erasures[i] > most ? erasures[i] : most;
	}
	printf("%u sectors: %d cuts, %ld changes, erased %u to %u times\n", (unsigned)sectors, cuts, changes, (unsigned)least, (unsigned)most);
}

// Fills the log to its end: what has no room is refused, what is there stays, and deleting makes room.
static void fill(uint32_t sectors)
{
	static uint8_t big[1000];
	FlashArea area = { 0, sectors * FLASH_SECTOR_BYTES };
	const char* message = NULL;
	char key[FLASH_LOG_KEY_BYTES];
	int count = 0, listed = 0;
	memset(flash, 0, sizeof flash);
	stepsLeft = -1;
	flashLogOpen(&entries, &area);
	for (;; count++) {
		snprintf(key, sizeof key, "e%d", count);
		memset(big, count, sizeof big);
		if (!flashLogWrite(&entries, key, big, sizeof big, &message))
			break;
	}
	if (strcmp(message, "the storage is full") != 0)
		fail(message, key);
	flashLogKeys(&entries, countKey, &listed);
	if (listed != count || flashLogWrite(&entries, "long", big, FLASH_LOG_VALUE_BYTES + 1, &message))
		fail("full", "keys");
	uint32_t before = entries.sequence;
	if (!flashLogWrite(&entries, "e0", memset(big, 0, sizeof big), sizeof big, &message) || entries.sequence != before)
		fail("the same value again wears the flash", "e0");
	for (int i = 0; i < count; i++) {
		snprintf(key, sizeof key, "e%d", i);
		if (!flashLogDelete(&entries, key, &message))
			fail(message, key);
	}
	if (!flashLogWrite(&entries, "e0", big, sizeof big, &message))
		fail(message, "after deleting");
	printf("%u sectors: %d entries of 1000 bytes, then full\n", (unsigned)sectors, count);
}

int main(int argc, char** argv)
{
	int lives = argc > 1 ? atoi(argv[1]) : 1000;
	for (uint32_t sectors = 2; sectors <= MOST_SECTORS; sectors *= 2) {
		live(sectors, lives);
		fill(sectors);
	}
}
