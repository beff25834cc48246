// The program as one position-independent block of bytes, made by xsbc, read in place (from flash, from a mapped
// file): nothing in it is ever written. All numbers are little-endian; offsets count from the block's first byte.
//
//   header      IMAGE_HEADER_BYTES, the fields below in order
//   keys        keyCount texts, each ended by 0: the names that the engine does not know; the first gets keyBase
//   natives     nativeCount texts, each ended by 0, sorted: the C functions it needs, looked up by name, so that an
//               image can be replaced while the executable stays
//   modules     moduleCount entries of IMAGE_MODULE_BYTES: nameOffset, codeOffset, codeBytes, hostsOffset, hostsCount
//   hosts       entries of IMAGE_HOST_BYTES: nativeOffset (4), key (2), parameters (1, 0xff for a class), 0 (1)
//   names       texts, each ended by 0
//   code        bytecode, its keys already numbered and its strings and functions marked as never to be copied
//
// The checksum is CRC-32 (IEEE 802.3) of everything behind the header's first 12 bytes.

#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IMAGE_MAGIC = 0x31495358, // "XSI1"
	IMAGE_LAYOUT = 1,
	IMAGE_MODULE_BYTES = 20,
	IMAGE_HOST_BYTES = 8,
	IMAGE_HOST_CLASS = 0xff,
};

// Positions of the header's fields, each 32 bits.
enum {
	IMAGE_AT_MAGIC = 0,
	IMAGE_AT_BYTES = 4,
	IMAGE_AT_CHECKSUM = 8,
	IMAGE_AT_ENGINE = 12, // layout << 24 | major << 16 | minor << 8 | patch
	IMAGE_AT_KEY_BASE = 16,
	IMAGE_AT_KEY_COUNT = 20,
	IMAGE_AT_KEYS = 24,
	IMAGE_AT_NATIVE_COUNT = 28,
	IMAGE_AT_NATIVES = 32,
	IMAGE_AT_MODULE_COUNT = 36,
	IMAGE_AT_MODULES = 40,
	IMAGE_AT_MAIN = 44, // offset of the main module's name
	// What the program wants of the machine, from the manifest's `creation`.
	IMAGE_AT_STATIC_BYTES = 48, // heap and stack together, in bytes of a 32-bit board; 0: no limit
	IMAGE_AT_STACK_SLOTS = 52,
	IMAGE_AT_HEAP_INITIAL = 56,
	IMAGE_AT_HEAP_INCREMENTAL = 60,
	IMAGE_AT_CHUNK_INITIAL = 64,
	IMAGE_AT_CHUNK_INCREMENTAL = 68,
	IMAGE_AT_KEYS_INITIAL = 72,
	IMAGE_AT_KEYS_INCREMENTAL = 76,
	IMAGE_AT_NAME_MODULO = 80,
	IMAGE_AT_SYMBOL_MODULO = 84,
	IMAGE_HEADER_BYTES = 96,
};

typedef struct {
	const char* name;
	const uint8_t* code;
	uint32_t codeBytes;
	const uint8_t* hosts;
	uint32_t hostsCount;
} ImageModule;

uint32_t imageNumber(const uint8_t* image, uint32_t at);
// CRC-32 (IEEE 802.3) of what went before, 0 for nothing, and these bytes.
uint32_t checksumAdd(uint32_t checksum, const void* bytes, size_t count);
uint32_t imageChecksum(const uint8_t* bytes, size_t count);
// NULL where the image fits this executable, else a text that says why not.
const char* imageCheck(const uint8_t* image, size_t size, uint32_t engine, uint32_t keyBase);
// Replaces `name` by what it means to the module `importer`: a relative name without its extension.
void imageResolve(char* path, size_t size, const char* importer, const char* name);
// False where there is no module of that name.
bool imageFindModule(const uint8_t* image, const char* name, ImageModule* module);

#endif
