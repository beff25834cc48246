// LwM2M paths, `/3/0/11/0` (OMA-TS-LightweightM2M_Core 7.3.1). A part of bytes.c.

#ifndef PATH_H
#define PATH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "decimal.h"

enum {
	PATH_IDS = 4,
	PATH_BYTES = PATH_IDS * 6,
	// 65535 is reserved
	MOST_ID = 65534,
};

static char* pathAppend(char* into, uint16_t id)
{
	char digits[5];
	char* end = digits + sizeof digits;
	char* start = digitsBefore(end, id, 1);
	*into++ = '/';
	memcpy(into, start, (size_t)(end - start));
	return into + (end - start);
}

// The count of ids; -1 where the path is malformed.
static int pathParse(const uint8_t* at, size_t size, uint16_t* ids)
{
	const uint8_t* end = at + size;
	int count = 0;
	if (at < end && *at == '/')
		at++;
	while (at < end) {
		uint32_t id = 0;
		const uint8_t* start = at;
		for (; at < end && isDigit(*at) && id <= MOST_ID; at++)
			id = id * 10 + (uint32_t)(*at - '0');
		if (count == PATH_IDS || at == start || id > MOST_ID || (*start == '0' && at - start > 1))
			return -1;
		ids[count++] = (uint16_t)id;
		if (at < end && *at++ != '/')
			return -1;
	}
	return count;
}

#endif
