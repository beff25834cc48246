// Writes a shared machine as words for the assembler: slots as the engine lays them out on a 32-bit board, with every
// pointer as a symbol and an offset.

#include "rom.h"

// What the two words of a slot's value are.
typedef enum { NOTHING, NUMBER, SLOT, SYMBOL, TEXT, CODE, SLOTS, POINTERS, BYTES } Part;

typedef struct {
	bool isKnown;
	Part first, second;
	// The kind in flash: one whose text or code the collector never looks at.
	txKind inFlash;
} Shape;

#define SHAPE(kind, first, second) [kind] = { true, first, second, kind }
#define SHAPE_X(kind, first, second, inFlash) [kind] = { true, first, second, inFlash }
static const Shape shapes[] = {
	SHAPE(XS_UNDEFINED_KIND, NOTHING, NOTHING),
	SHAPE(XS_NULL_KIND, NOTHING, NOTHING),
	SHAPE(XS_BOOLEAN_KIND, NUMBER, NOTHING),
	SHAPE(XS_INTEGER_KIND, NUMBER, NOTHING),
	SHAPE(XS_NUMBER_KIND, NUMBER, NUMBER),
	SHAPE_X(XS_STRING_KIND, TEXT, NOTHING, XS_STRING_X_KIND),
	SHAPE(XS_STRING_X_KIND, TEXT, NOTHING),
	SHAPE(XS_SYMBOL_KIND, NUMBER, NOTHING),
	SHAPE_X(XS_BIGINT_KIND, BYTES, NUMBER, XS_BIGINT_X_KIND),
	SHAPE(XS_REFERENCE_KIND, SLOT, NOTHING),
	SHAPE(XS_CLOSURE_KIND, SLOT, NOTHING),
	SHAPE(XS_INSTANCE_KIND, NOTHING, SLOT),
	SHAPE(XS_ARRAY_KIND, SLOTS, NUMBER),
	SHAPE(XS_ARRAY_BUFFER_KIND, BYTES, NOTHING),
	SHAPE(XS_BUFFER_INFO_KIND, NUMBER, NUMBER),
	SHAPE(XS_CALLBACK_KIND, SYMBOL, SLOT),
	SHAPE(XS_CALLBACK_X_KIND, SYMBOL, SLOT),
	SHAPE(XS_CODE_X_KIND, CODE, SLOT),
	SHAPE(XS_DATE_KIND, NUMBER, NUMBER),
	SHAPE(XS_DATA_VIEW_KIND, NUMBER, NUMBER),
	SHAPE(XS_FINALIZATION_REGISTRY_KIND, SLOT, NUMBER),
	SHAPE(XS_HOST_KIND, NOTHING, SYMBOL),
	SHAPE(XS_MODULE_KIND, SLOT, NUMBER),
	SHAPE(XS_PROGRAM_KIND, SLOT, NUMBER),
	SHAPE(XS_PROMISE_KIND, NUMBER, NOTHING),
	SHAPE(XS_PROXY_KIND, SLOT, SLOT),
	SHAPE(XS_REGEXP_KIND, BYTES, BYTES),
	SHAPE(XS_TYPED_ARRAY_KIND, SYMBOL, SYMBOL),
	SHAPE(XS_WEAK_MAP_KIND, SLOT, SLOT),
	SHAPE(XS_WEAK_SET_KIND, SLOT, SLOT),
	SHAPE(XS_WEAK_REF_KIND, SLOT, SLOT),
	SHAPE(XS_MAP_KIND, POINTERS, NUMBER),
	SHAPE(XS_SET_KIND, POINTERS, NUMBER),
	SHAPE(XS_ACCESSOR_KIND, SLOT, SLOT),
	SHAPE(XS_AT_KIND, NUMBER, NUMBER),
	SHAPE(XS_ENTRY_KIND, SLOT, NUMBER),
	SHAPE(XS_ERROR_KIND, SLOT, NUMBER),
	SHAPE(XS_HOME_KIND, SLOT, SLOT),
	SHAPE_X(XS_KEY_KIND, TEXT, NUMBER, XS_KEY_X_KIND),
	SHAPE(XS_KEY_X_KIND, TEXT, NUMBER),
	SHAPE(XS_LIST_KIND, SLOT, SLOT),
	SHAPE(XS_PRIVATE_KIND, SLOT, SLOT),
	SHAPE(XS_EXPORT_KIND, SLOT, SLOT),
};

// Index of a heap slot among those that are in use, from 1; 0: free.
static uint32_t* indexes;
static txSlot* heapStart;
static txSlot* heapLimit_;

static bool isPart(const txSlot* slot, int part, Part what)
{
	const Shape* shape = &shapes[(uint8_t)slot->kind];
	bool isKnown = slot->kind >= 0 && (size_t)slot->kind < sizeof shapes / sizeof shapes[0] && shape->isKnown;
	return isKnown && (part ? shape->second : shape->first) == what;
}

bool isSlotPart(const txSlot* slot, int part)
{
	return isPart(slot, part, SLOT);
}

bool isUnusedPart(const txSlot* slot, int part)
{
	return isPart(slot, part, NOTHING);
}

static bool isInImage(const void* address)
{
	return (const uint8_t*)address >= layout.image && (const uint8_t*)address < layout.image + layout.imageBytes;
}

void pointerWrite(FILE* out, const txSlot* slot)
{
	if (!slot) {
		fputc('0', out);
		return;
	}
	if (slot > heapStart && slot < heapLimit_)
		slot = merged(slot);
	if (slot <= heapStart || slot >= heapLimit_ || !indexes[slot - heapStart])
		fail("a slot refers to %p, which is none of the machine's slots", (const void*)slot);
	fprintf(out, "romSlots+%u", (unsigned)((indexes[slot - heapStart] - 1) * sizeof(txSlot)));
}

static void symbolWrite(FILE* out, uint32_t address)
{
	uint32_t offset;
	if (!address) {
		fputc('0', out);
		return;
	}
	const char* name = symbolAt(address, &offset);
	fprintf(out, offset ? "%s+%u" : "%s", name, (unsigned)offset);
}

static void chunkWrite(FILE* out, const void* address, ChunkKind kind)
{
	if (!address)
		fputc('0', out);
	else if (!isInImage(address))
		fprintf(out, ".Lc%u", (unsigned)chunkIndex(address, kind));
	else if (!codeWrite(out, address))
		fail("a slot refers to a constant in code that is not kept");
}

static void partWrite(FILE* out, Part part, uint32_t word)
{
	const void* address = (const void*)(uintptr_t)word;
	switch (part) {
	case NOTHING: fputc('0', out); break;
	case NUMBER: fprintf(out, "0x%x", (unsigned)word); break;
	case SLOT: pointerWrite(out, address); break;
	case SYMBOL: symbolWrite(out, word); break;
	case TEXT:
		if (!isInImage(address) || !codeWrite(out, address))
			fprintf(out, ".Lt%u", (unsigned)textIndex(address));
		break;
	case CODE:
		if (!isInImage(address) || !codeWrite(out, address))
			symbolWrite(out, word);
		break;
	case SLOTS: chunkWrite(out, address, CHUNK_OF_SLOTS); break;
	case POINTERS: chunkWrite(out, address, CHUNK_OF_POINTERS); break;
	case BYTES: chunkWrite(out, address, CHUNK_OF_BYTES); break;
	}
}

static void wordsWrite(FILE* out, const txSlot* slot, bool isMarked)
{
	size_t kind = (size_t)(uint8_t)slot->kind;
	const uint32_t* words = (const uint32_t*)&slot->value;
	// a place that nothing was ever put in
	if (slot->kind == XS_UNINITIALIZED_KIND) {
		fprintf(out, "0x%x,0,0\n", (unsigned)slot->KIND_FLAG_ID);
		return;
	}
	if (kind >= sizeof shapes / sizeof shapes[0] || !shapes[kind].isKnown)
		fail("no way to write a slot of kind %u", (unsigned)kind);
	const Shape* shape = &shapes[kind];
	uint32_t head = ((uint32_t)slot->KIND_FLAG_ID & ~0xffu) | (uint8_t)shape->inFlash;
	if (isMarked)
		head |= (uint32_t)XS_MARK_FLAG << 8;
	fprintf(out, "0x%x,", (unsigned)head);
	partWrite(out, shape->first, words[0]);
	fputc(',', out);
	partWrite(out, shape->second, words[1]);
	fputc('\n', out);
}

void slotWrite(FILE* out, const txSlot* slot, uint32_t next, bool isMarked)
{
	fprintf(out, "\t.word 0x%x,", (unsigned)next);
	wordsWrite(out, slot, isMarked);
}

static void dropNames(txMachine* the)
{
	for (txID id = XS_SYMBOL_ID_COUNT; id < the->keyIndex; id++) {
		txSlot* key = the->keyArray[id];
		if (namesKeep(id))
			continue;
		for (txSlot** at = &the->nameTable[key->value.key.sum % the->nameModulo]; *at; at = &(*at)->next)
			if (*at == key) {
				*at = key->next;
				break;
			}
		the->keyArray[id] = NULL;
		indexes[key - heapStart] = UINT32_MAX;
	}
}

static void numberSlots(txMachine* the)
{
	heapStart = the->firstHeap;
	heapLimit_ = heapStart->value.reference;
	if (heapStart->next)
		fail("the machine has grown; give it more slots at the start");
	indexes = allocate((size_t)(heapLimit_ - heapStart) * sizeof *indexes);
	for (txSlot* slot = the->freeHeap; slot; slot = slot->next)
		indexes[slot - heapStart] = UINT32_MAX;
	for (txSlot* slot = heapStart + 1; slot < heapLimit_; slot++) {
		if (indexes[slot - heapStart])
			continue;
		namesSlot(the, slot);
		if (slot->kind == XS_CODE_X_KIND && isInImage(slot->value.code.address))
			codeNeed((const uint8_t*)slot->value.code.address, fxGetKeyName(the, slot->ID));
	}
	codeNames(the);
	dropNames(the);
	for (txSlot* slot = heapStart + 1; slot < heapLimit_; slot++)
		indexes[slot - heapStart] = indexes[slot - heapStart] || merged(slot) != slot ? 0 : ++layout.slotCount;
}

static void tableWrite(FILE* out, const char* name, txSlot* const* table, txSize count)
{
	fprintf(out, "\t.globl %s\n%s:\n", name, name);
	for (txSize i = 0; i < count; i++) {
		fputs("\t.word ", out);
		pointerWrite(out, table[i]);
		fputc('\n', out);
	}
}

void emit(txMachine* the, FILE* out, FILE* header)
{
	numberSlots(the);
	fputs("\t.section .rodata.rom,\"a\"\n\t.balign 16\n\t.globl romSlots\nromSlots:\n", out);
	for (txSlot* slot = heapStart + 1; slot < heapLimit_; slot++) {
		if (!indexes[slot - heapStart])
			continue;
		fputs("\t.word ", out);
		pointerWrite(out, slot->next);
		fputc(',', out);
		wordsWrite(out, slot, true);
	}
	// the engine takes the last one as the end
	fputs("\t.word 0,0,0,0\n\t.globl romStack\nromStack:\n", out);
	for (txSlot* slot = the->stack; slot < the->stackTop; slot++)
		slotWrite(out, slot, 0, false);
	tableWrite(out, "romKeys", the->keyArray, the->keyIndex);
	tableWrite(out, "romNames", the->nameTable, the->nameModulo);
	tableWrite(out, "romRegisteredSymbols", the->symbolTable, the->symbolModulo);
	chunksWrite(out);
	textsWrite(out);
	uint32_t codeBytes = codesWrite(out);
	fprintf(header, "// Made by xsrom: how much of everything there is in rom.S.\nenum {\n");
	fprintf(header, "\tROM_SLOTS = %u,\n\tROM_STACK = %d,\n\tROM_KEYS = %d,\n", (unsigned)layout.slotCount + 1, (int)(the->stackTop - the->stack), the->keyIndex);
	fprintf(header, "\tROM_NAME_MODULO = %d,\n\tROM_SYMBOL_MODULO = %d,\n\tROM_ALIASES = %d,\n\tROM_PROFILE = %d,\n\tROM_CODE_BYTES = %u,\n};\n", the->nameModulo, the->symbolModulo, the->aliasCount, the->profileID, (unsigned)codeBytes);
}
