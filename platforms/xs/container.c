// Reads the header of a firmware container (container.h). No engine: boot loaders use it too.

#include "container.h"

#include <string.h>

#include "image.h"

const char* containerCheck(const uint8_t* header, size_t slotBytes, const char* target)
{
	if (slotBytes < CONTAINER_HEADER_BYTES || imageNumber(header, 0) != CONTAINER_MAGIC)
		return "no firmware image";
	if (header[CONTAINER_AT_VERSION] != CONTAINER_VERSION || (header[CONTAINER_AT_HEADER_BYTES] | header[CONTAINER_AT_HEADER_BYTES + 1] << 8) != CONTAINER_HEADER_BYTES)
		return "a firmware container of another version";
	if (strncmp((const char*)header + CONTAINER_AT_TARGET, target, CONTAINER_TARGET_BYTES) != 0)
		return "a firmware image for another target";
	if (containerPayloadBytes(header) > slotBytes - CONTAINER_HEADER_BYTES)
		return "the firmware image is truncated";
	return NULL;
}

uint32_t containerPayloadBytes(const uint8_t* header)
{
	return imageNumber(header, CONTAINER_AT_PAYLOAD_BYTES);
}

const char* containerText(const uint8_t* header, char* into)
{
	memcpy(into, header + CONTAINER_AT_TEXT, CONTAINER_TEXT_BYTES);
	into[CONTAINER_TEXT_BYTES - 1] = 0;
	return into;
}
