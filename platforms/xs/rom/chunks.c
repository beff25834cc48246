// What slots refer to besides slots: texts, and blocks of the engine's chunks.

#include "rom.h"

typedef struct {
	const void* address;
	ChunkKind kind;
} Chunk;

static Chunk* chunks;
static uint32_t chunkCount, chunkRoom;
static const char** texts;
static uint32_t textCount, textRoom;

static void* grow(void* items, uint32_t count, uint32_t* room, size_t itemBytes)
{
	if (count < *room)
		return items;
	*room = *room * 2 + 256;
	items = realloc(items, *room * itemBytes);
	if (!items)
		fail("out of memory");
	return items;
}

uint32_t chunkIndex(const void* address, ChunkKind kind)
{
	for (uint32_t i = 0; i < chunkCount; i++)
		if (chunks[i].address == address)
			return i;
	chunks = grow(chunks, chunkCount, &chunkRoom, sizeof *chunks);
	chunks[chunkCount] = (Chunk) { address, kind };
	return chunkCount++;
}

uint32_t textIndex(const char* text)
{
	for (uint32_t i = 0; i < textCount; i++)
		if (strcmp(texts[i], text) == 0)
			return i;
	texts = grow(texts, textCount, &textRoom, sizeof *texts);
	texts[textCount] = text;
	return textCount++;
}

static uint32_t bytesOf(const void* address)
{
	return (uint32_t)((const txChunk*)address)[-1].size - (uint32_t)sizeof(txChunk);
}

// Items can bring further chunks, so the list may grow on the way.
void chunksWrite(FILE* out)
{
	for (uint32_t i = 0; i < chunkCount; i++) {
		const void* address = chunks[i].address;
		uint32_t bytes = bytesOf(address);
		fprintf(out, "\t.balign 8\n\t.word %u,0\n.Lc%u:\n", (unsigned)(bytes + sizeof(txChunk)), (unsigned)i);
		switch (chunks[i].kind) {
		case CHUNK_OF_SLOTS:
			for (txSlot *slot = (txSlot*)(uintptr_t)address, *limit = slot + bytes / sizeof *slot; slot < limit; slot++)
				slotWrite(out, slot, (uint32_t)(uintptr_t)slot->next, true);
			break;
		case CHUNK_OF_POINTERS:
			for (txSlot* const* at = address; bytes >= sizeof *at; bytes -= sizeof *at, at++) {
				fputs("\t.word ", out);
				pointerWrite(out, *at);
				fputc('\n', out);
			}
			break;
		case CHUNK_OF_BYTES:
			for (const uint32_t* at = address; bytes >= sizeof *at; bytes -= sizeof *at, at++)
				fprintf(out, "\t.word 0x%x\n", (unsigned)*at);
			break;
		}
	}
}

void textsWrite(FILE* out)
{
	for (uint32_t i = 0; i < textCount; i++) {
		fprintf(out, ".Lt%u: .asciz \"", (unsigned)i);
		for (const unsigned char* p = (const unsigned char*)texts[i]; *p; p++)
			fprintf(out, *p < 32 || *p > 126 || *p == '"' || *p == '\\' ? "\\%03o" : "%c", *p);
		fputs("\"\n", out);
	}
}
