// The bytecode of functions that are in the machine. A function's code lies within that of the function or the module that
// makes it; what makes functions only while a module loads is not written.

#include "rom.h"

extern const txS1 gxCodeSizes[];

// A function's code, or a module's.
typedef struct {
	const uint8_t* start;
	uint32_t bytes;
	uint32_t parent; // of a module: itself
	bool isNeeded;
	const char* name;
	bool isRest; // of a module that is not preloaded
} Extent;

static Extent* extents;
static uint32_t extentCount, extentRoom;

static uint32_t add(const uint8_t* start, uint32_t bytes, uint32_t parent)
{
	if (extentCount == extentRoom) {
		extentRoom = extentRoom * 2 + 1024;
		extents = realloc(extents, extentRoom * sizeof *extents);
		if (!extents)
			fail("out of memory");
	}
	extents[extentCount] = (Extent) { .start = start, .bytes = bytes, .parent = parent == UINT32_MAX ? extentCount : parent, .name = "" };
	return extentCount++;
}

uint32_t codeStep(const uint8_t* code)
{
	txS1 length = gxCodeSizes[*code];
	if (length > 0)
		return (uint32_t)length;
	if (length == 0)
		return 1 + sizeof(txID);
	if (length == -1)
		return 2 + code[1];
	if (length == -2)
		return 3 + (code[1] | (uint32_t)code[2] << 8);
	return 5 + imageNumber(code, 1);
}

static void scan(uint32_t index)
{
	const uint8_t* end = extents[index].start + extents[index].bytes;
	for (const uint8_t* at = extents[index].start; at < end;) {
		const uint8_t* next = at + codeStep(at);
		uint32_t bytes = 0;
		if (*at == XS_CODE_CODE_ARCHIVE_1)
			bytes = at[1];
		else if (*at == XS_CODE_CODE_ARCHIVE_2)
			bytes = at[1] | (uint32_t)at[2] << 8;
		else if (*at == XS_CODE_CODE_ARCHIVE_4)
			bytes = imageNumber(at, 1);
		usesAdd(at);
		if (bytes)
			scan(add(next, bytes, index));
		at = next + bytes;
	}
}

void codeScan(const uint8_t* image)
{
	uint32_t at = imageNumber(image, IMAGE_AT_MODULES);
	for (uint32_t count = imageNumber(image, IMAGE_AT_MODULE_COUNT); count > 0; count--, at += IMAGE_MODULE_BYTES)
		scan(add(image + imageNumber(image, at + 4), imageNumber(image, at + 8), UINT32_MAX));
}

// What the code that is kept, and that of the modules that are not preloaded, says by name.
void codeNames(txMachine* the)
{
	for (uint32_t i = 0; i < extentCount; i++) {
		if (!extents[i].isNeeded && !extents[i].isRest)
			continue;
		// functions within have extents of their own
		const uint8_t* end = extents[i].start + extents[i].bytes;
		for (const uint8_t* at = extents[i].start; at < end; at += codeStep(at))
			namesInstruction(the, (uint8_t*)(uintptr_t)at, !extents[i].isRest);
	}
}

// The outermost function around it that is needed, itself included; UINT32_MAX: none.
static uint32_t outermost(uint32_t index)
{
	uint32_t result = UINT32_MAX;
	for (;; index = extents[index].parent) {
		if (extents[index].isNeeded)
			result = index;
		if (extents[index].parent == index)
			return result;
	}
}

void codeScanAgain(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	usesForget();
	staticsForget();
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++)
		for (uint32_t i = 0; slot->kind == XS_CODE_X_KIND && i < extentCount; i++)
			if (extents[i].start == (const uint8_t*)slot->value.code.address)
				extents[i].isNeeded = true;
	for (uint32_t i = 0; i < extentCount; i++) {
		// those within follow their outermost one
		bool isKept = extents[i].isRest || (extents[i].isNeeded && outermost(i) == i);
		const uint8_t* end = extents[i].start + extents[i].bytes;
		for (const uint8_t* at = extents[i].start; at < end && isKept; at += codeStep(at)) {
			usesAdd(at);
			staticsAdd(at);
		}
	}
}

static uint32_t find(const uint8_t* start)
{
	for (uint32_t i = 0; i < extentCount; i++)
		if (extents[i].start == start)
			return i;
	fail("a function's code lies nowhere in the image");
}

void codeNeed(const uint8_t* start, const char* name)
{
	Extent* extent = &extents[find(start)];
	extent->isNeeded = true;
	if (name)
		extent->name = name;
}

void codeRest(const uint8_t* start)
{
	extents[find(start)].isRest = true;
}

// What is no letter of a symbol would be understood otherwise by the assembler.
static const char* nameOf(uint32_t index)
{
	const char* name = extents[index].name;
	for (const char* at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && *at != '_')
			return "";
	return name;
}

bool codeWrite(FILE* out, const uint8_t* address)
{
	for (uint32_t i = 0; i < extentCount; i++) {
		if (!extents[i].isNeeded || address < extents[i].start || address >= extents[i].start + extents[i].bytes)
			continue;
		uint32_t root = outermost(i);
		fprintf(out, "js%u.%s+%u", (unsigned)root, nameOf(root), (unsigned)(address - extents[root].start));
		return true;
	}
	return false;
}

// Each function has a symbol, for whoever looks at where the time goes: it takes no room on the board.
uint32_t codesWrite(FILE* out)
{
	uint32_t bytes = 0;
	for (uint32_t i = 0; i < extentCount; i++) {
		if (!extents[i].isNeeded || outermost(i) != i)
			continue;
		const uint8_t* end = extents[i].start + extents[i].bytes;
		// those within follow their outermost one
		uint32_t label = i;
		for (const uint8_t* at = extents[i].start; at < end; at++) {
			for (; label < extentCount && extents[label].start == at; label++)
				if (extents[label].isNeeded)
					fprintf(out, "js%u.%s:\n", (unsigned)label, nameOf(label));
			fprintf(out, "\t.byte %u\n", *at);
			bytes++;
		}
	}
	return bytes;
}
