// The header of a firmware container (docs/firmware-image.md), little-endian. The payload follows it, and nothing else.
//
//     0  magic "LWFW"                      16  target, 16 bytes     text, filled up with 0
//     4  container version                 32  version, 32 bytes    text, filled up with 0
//     5  zero                              64  name, 32 bytes       text, filled up with 0
//     6  bytes of this header (2)          96  SHA-256 of the payload
//     8  bytes of the payload (4)         128  zero
//    12  zero (4)                         448  ECDSA P-256 signature, r and s, of bytes 0 to 447

#ifndef CONTAINER_H
#define CONTAINER_H

#include <stddef.h>
#include <stdint.h>

enum {
	CONTAINER_MAGIC = 0x5746574c, // "LWFW"
	CONTAINER_VERSION = 1,
	CONTAINER_HEADER_BYTES = 512,
	CONTAINER_AT_VERSION = 4,
	CONTAINER_AT_HEADER_BYTES = 6,
	CONTAINER_AT_PAYLOAD_BYTES = 8,
	CONTAINER_AT_TARGET = 16,
	CONTAINER_TARGET_BYTES = 16,
	CONTAINER_AT_TEXT = 32,
	CONTAINER_TEXT_BYTES = 32,
	CONTAINER_AT_DIGEST = 96,
};

// NULL where the first bytes of a slot are the header of a container for `target` whose payload is in the slot as well,
// else a text that says why not. Whether the payload is whole and whose it is has been checked before it was installed.
const char* containerCheck(const uint8_t* header, size_t slotBytes, const char* target);
uint32_t containerPayloadBytes(const uint8_t* header);
// The version's text, ended by 0, of at most CONTAINER_TEXT_BYTES.
const char* containerText(const uint8_t* header, char* into);

#endif
