// Reads a program image (image.h) in place. No engine header: the host tool and the tests use it too.

#include "image.h"

#include <stdio.h>
#include <string.h>

uint32_t imageNumber(const uint8_t* image, uint32_t at)
{
	const uint8_t* p = image + at;
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t checksumAdd(uint32_t checksum, const void* bytes, size_t count)
{
	// Half a byte at a step: a table of 64 bytes for a start that is four times as fast as bit by bit.
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const uint8_t* from = bytes;
	uint32_t value = ~checksum;
	while (count--) {
		value ^= *from++;
		value = (value >> 4) ^ table[value & 15];
		value = (value >> 4) ^ table[value & 15];
	}
	return ~value;
}

uint32_t imageChecksum(const uint8_t* bytes, size_t count)
{
	return checksumAdd(0, bytes, count);
}

const char* imageCheck(const uint8_t* image, size_t size, uint32_t engine, uint32_t keyBase)
{
	if (size < IMAGE_HEADER_BYTES || imageNumber(image, IMAGE_AT_MAGIC) != IMAGE_MAGIC)
		return "not a program image";
	uint32_t bytes = imageNumber(image, IMAGE_AT_BYTES);
	if (bytes < IMAGE_HEADER_BYTES || bytes > size)
		return "the program image is truncated";
	if (imageChecksum(image + IMAGE_AT_ENGINE, bytes - IMAGE_AT_ENGINE) != imageNumber(image, IMAGE_AT_CHECKSUM))
		return "the program image is damaged";
	if (imageNumber(image, IMAGE_AT_ENGINE) != engine || imageNumber(image, IMAGE_AT_KEY_BASE) != keyBase)
		return "the program image was made for another version of the engine";
	return NULL;
}

bool imageFindModule(const uint8_t* image, const char* name, ImageModule* module)
{
	uint32_t count = imageNumber(image, IMAGE_AT_MODULE_COUNT);
	uint32_t at = imageNumber(image, IMAGE_AT_MODULES);
	for (; count > 0; count--, at += IMAGE_MODULE_BYTES) {
		const char* candidate = (const char*)image + imageNumber(image, at);
		if (strcmp(candidate, name) != 0)
			continue;
		module->name = candidate;
		module->code = image + imageNumber(image, at + 4);
		module->codeBytes = imageNumber(image, at + 8);
		module->hosts = image + imageNumber(image, at + 12);
		module->hostsCount = imageNumber(image, at + 16);
		return true;
	}
	return false;
}

void imageResolve(char* path, size_t size, const char* importer, const char* name)
{
	size_t length = 0;
	if (name[0] == '.') {
		const char* slash = strrchr(importer, '/');
		length = slash ? (size_t)(slash - importer) : 0;
		if (length >= size)
			length = 0;
		memcpy(path, importer, length);
	}
	while (name[0] == '.') {
		if (strncmp(name, "./", 2) == 0)
			name += 2;
		else if (strncmp(name, "../", 3) == 0) {
			name += 3;
			while (length > 0 && path[--length] != '/')
				;
		}
		else
			break;
	}
	if (length > 0)
		path[length++] = '/';
	snprintf(path + length, size - length, "%s", name);
	char* extension = strrchr(path, '.');
	if (extension && strcmp(extension, ".js") == 0)
		*extension = 0;
}
