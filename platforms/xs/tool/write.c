// Writes a program image: header, keys, natives, modules, hosts, names, code (../image.h).

#include "../image.h"
#include "xsbc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	uint8_t* bytes;
	uint32_t count;
	uint32_t room;
} Output;

static void reserve(Output* out, uint32_t count)
{
	while (out->count + count > out->room) {
		out->room = out->room * 2 + 4096;
		out->bytes = realloc(out->bytes, out->room);
		if (!out->bytes)
			fail("out of memory");
	}
}

static uint32_t append(Output* out, const void* bytes, size_t count)
{
	uint32_t at = out->count;
	reserve(out, (uint32_t)count);
	if (bytes)
		memcpy(out->bytes + at, bytes, count);
	else
		memset(out->bytes + at, 0, count);
	out->count += (uint32_t)count;
	return at;
}

static uint32_t appendText(Output* out, const char* text)
{
	return append(out, text, strlen(text) + 1);
}

static void align(Output* out)
{
	append(out, NULL, (0u - out->count) & 3);
}

static void put(Output* out, uint32_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out->bytes[at + (uint32_t)i] = (uint8_t)(value >> (8 * i));
}

static int compareTexts(const void* a, const void* b)
{
	return strcmp(*(const char* const*)a, *(const char* const*)b);
}

// Writes the native names in order; positions[i] is where name i went.
static void writeNatives(Output* out, const Program* program, uint32_t* positions)
{
	uint32_t count = program->natives.count;
	const char** sorted = allocate(count * sizeof(*sorted));
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = program->natives.texts[i];
	qsort(sorted, count, sizeof(*sorted), compareTexts);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = appendText(out, sorted[i]);
		for (uint32_t j = 0; j < count; j++)
			if (program->natives.texts[j] == sorted[i])
				positions[j] = at;
	}
	free(sorted);
}

static void writeModule(Output* out, const Module* module, uint32_t at, const uint32_t* nativePositions)
{
	align(out);
	uint32_t hosts = append(out, NULL, module->hostsCount * IMAGE_HOST_BYTES);
	for (uint32_t i = 0; i < module->hostsCount; i++) {
		const Host* host = &module->hosts[i];
		uint32_t entry = hosts + i * IMAGE_HOST_BYTES;
		put(out, entry, nativePositions[host->native]);
		put(out, entry + 4, (uint32_t)host->parameters << 16 | host->key);
	}
	put(out, at, appendText(out, module->name));
	put(out, at + 4, append(out, module->code, module->codeBytes));
	put(out, at + 8, module->codeBytes);
	put(out, at + 12, hosts);
	put(out, at + 16, module->hostsCount);
}

static void writeHeader(Output* out, const Program* program)
{
	put(out, IMAGE_AT_MAGIC, IMAGE_MAGIC);
	put(out, IMAGE_AT_ENGINE, program->engine);
	put(out, IMAGE_AT_KEY_BASE, program->keyBase);
	put(out, IMAGE_AT_KEY_COUNT, program->keys.count - program->keyBase);
	put(out, IMAGE_AT_NATIVE_COUNT, program->natives.count);
	put(out, IMAGE_AT_MODULE_COUNT, program->moduleCount);
	for (uint32_t i = 0; i < sizeof(program->settings) / sizeof(program->settings[0]); i++)
		if (IMAGE_AT_STATIC_BYTES + 4 * i < IMAGE_HEADER_BYTES)
			put(out, IMAGE_AT_STATIC_BYTES + 4 * i, program->settings[i]);
}

void programWrite(const Program* program, const char* path)
{
	Output out = { 0 };
	uint32_t* nativePositions = allocate(program->natives.count * sizeof(uint32_t));
	append(&out, NULL, IMAGE_HEADER_BYTES);
	writeHeader(&out, program);
	put(&out, IMAGE_AT_KEYS, out.count);
	for (uint32_t i = program->keyBase; i < program->keys.count; i++)
		appendText(&out, program->keys.texts[i]);
	put(&out, IMAGE_AT_NATIVES, out.count);
	writeNatives(&out, program, nativePositions);
	put(&out, IMAGE_AT_MAIN, appendText(&out, program->main));
	align(&out);
	uint32_t modules = append(&out, NULL, program->moduleCount * IMAGE_MODULE_BYTES);
	put(&out, IMAGE_AT_MODULES, modules);
	for (uint32_t i = 0; i < program->moduleCount; i++)
		writeModule(&out, &program->modules[i], modules + i * IMAGE_MODULE_BYTES, nativePositions);
	align(&out);
	put(&out, IMAGE_AT_BYTES, out.count);
	put(&out, IMAGE_AT_CHECKSUM, imageChecksum(out.bytes + IMAGE_AT_ENGINE, out.count - IMAGE_AT_ENGINE));
	FILE* file = fopen(path, "wb");
	if (!file || fwrite(out.bytes, 1, out.count, file) != out.count || fclose(file) != 0)
		fail("cannot write %s", path);
	free(out.bytes);
	free(nativePositions);
}
