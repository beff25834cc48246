// What is left of the program image for the board: its settings, and the modules that are not preloaded.

#include "rom.h"

static uint8_t* bytes;
static uint32_t count;

static uint32_t append(const void* from, uint32_t size)
{
	uint32_t at = count;
	memcpy(bytes + count, from, size);
	count += size;
	return at;
}

static uint32_t appendText(const char* text)
{
	return append(text, (uint32_t)strlen(text) + 1);
}

static void put(uint32_t at, uint32_t value)
{
	memcpy(bytes + at, &value, sizeof value);
}

static bool isAmong(const char* name, char** names, int nameCount)
{
	for (int i = 0; i < nameCount; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void moveModule(const uint8_t* image, uint32_t entry, uint32_t from)
{
	count = (count + 3) & ~3u;
	uint32_t hostCount = imageNumber(image, from + 16);
	uint32_t hosts = append(image + imageNumber(image, from + 12), hostCount * IMAGE_HOST_BYTES);
	for (uint32_t i = 0; i < hostCount; i++)
		put(hosts + i * IMAGE_HOST_BYTES, appendText((const char*)image + imageNumber(bytes, hosts + i * IMAGE_HOST_BYTES)));
	put(entry, appendText((const char*)image + imageNumber(image, from)));
	codeRest(image + imageNumber(image, from + 4));
	put(entry + 4, append(image + imageNumber(image, from + 4), imageNumber(image, from + 8)));
	put(entry + 8, imageNumber(image, from + 8));
	put(entry + 12, hosts);
	put(entry + 16, hostCount);
}

uint32_t restWrite(const uint8_t* image, uint32_t imageBytes, char** preloaded, int preloadedCount, FILE* out)
{
	bytes = allocate(imageBytes * 2);
	append(image, IMAGE_HEADER_BYTES);
	// the keys are those of the machine, and a native function that is missing is found by the linker
	put(IMAGE_AT_KEY_COUNT, 0);
	put(IMAGE_AT_NATIVE_COUNT, 0);
	put(IMAGE_AT_KEYS, count);
	put(IMAGE_AT_NATIVES, count);
	put(IMAGE_AT_MAIN, appendText((const char*)image + imageNumber(image, IMAGE_AT_MAIN)));
	count = (count + 3) & ~3u;
	uint32_t all = imageNumber(image, IMAGE_AT_MODULE_COUNT), rest = 0;
	uint32_t table = imageNumber(image, IMAGE_AT_MODULES);
	uint32_t entries = count;
	put(IMAGE_AT_MODULES, entries);
	for (uint32_t i = 0; i < all; i++)
		rest += !isAmong((const char*)image + imageNumber(image, table + i * IMAGE_MODULE_BYTES), preloaded, preloadedCount);
	count += rest * IMAGE_MODULE_BYTES;
	put(IMAGE_AT_MODULE_COUNT, rest);
	for (uint32_t i = 0, entry = entries; i < all; i++) {
		uint32_t from = table + i * IMAGE_MODULE_BYTES;
		if (isAmong((const char*)image + imageNumber(image, from), preloaded, preloadedCount))
			continue;
		moveModule(image, entry, from);
		entry += IMAGE_MODULE_BYTES;
	}
	count = (count + 3) & ~3u;
	put(IMAGE_AT_BYTES, count);
	put(IMAGE_AT_CHECKSUM, imageChecksum(bytes + IMAGE_AT_ENGINE, count - IMAGE_AT_ENGINE));
	fwrite(bytes, 1, count, out);
	return rest;
}
