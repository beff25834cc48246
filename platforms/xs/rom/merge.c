// One slot in place of many that say the same. In flash a slot is never written, so that only objects, and variables with
// a place for their copy, are told apart by where they are. Lists that end alike share their end.

#include "rom.h"

typedef struct {
	uintptr_t next;
	uint32_t head, first, second;
} Content;

static const txSlot** canonical; // by the slot's position, NULL until it is known
static const txSlot** table;
static Content* contents;
static uint32_t tableSize;
static txMachine* machine;

static uint32_t hash(const Content* content)
{
	uint32_t value = (uint32_t)content->next;
	value = value * 31 + content->head;
	value = value * 31 + content->first;
	value = value * 31 + content->second;
	return (value ^ value >> 15) * 2654435761u;
}

void mergeStart(txMachine* the)
{
	machine = the;
	size_t count = (size_t)((txSlot*)the->firstHeap->value.reference - the->firstHeap);
	canonical = allocate(count * sizeof *canonical);
	for (tableSize = 1024; tableSize < 2 * count; tableSize *= 2)
		;
	table = allocate(tableSize * sizeof *table);
	contents = allocate(tableSize * sizeof *contents);
}

static uint32_t reference(const txSlot* slot)
{
	return (uint32_t)(uintptr_t)(slot ? merged(slot) : NULL);
}

const txSlot* merged(const txSlot* slot)
{
	const txSlot** known = &canonical[slot - machine->firstHeap];
	if (*known)
		return *known;
	if (slot->kind == XS_INSTANCE_KIND && !isEnvironment(machine, slot))
		return *known = slot;
	// what refers to itself on the way is not alike to anything
	*known = slot;
	const uint32_t* words = (const uint32_t*)&slot->value;
	Content content = { reference(slot->next), (uint32_t)slot->KIND_FLAG_ID, words[0], words[1] };
	if (isUnusedPart(slot, 0))
		content.first = 0;
	if (isUnusedPart(slot, 1))
		content.second = 0;
	if (isSlotPart(slot, 0))
		content.first = reference((const txSlot*)(uintptr_t)words[0]);
	if (isSlotPart(slot, 1))
		content.second = reference((const txSlot*)(uintptr_t)words[1]);
	uint32_t at = hash(&content) & (tableSize - 1);
	for (; table[at]; at = (at + 1) & (tableSize - 1))
		if (memcmp(&contents[at], &content, sizeof content) == 0)
			return *known = table[at];
	table[at] = slot;
	contents[at] = content;
	return *known = slot;
}
