// The native byte helpers (bytes.js, specified in ../bytes.ts): the client's hottest code. Uses xsmc.h only, for XS 13
// and the Moddable SDK.
//
// Nothing is allocated but the text of readText, a bigint, and a temporary text for a number that takes more than the
// arithmetic of decimal.h. Pointers into buffers and texts are good until the engine next allocates: each function
// takes its plain arguments first, then a text, then the buffers.
//
// One native module is one C file to every build: the headers beside it are its parts.

#include "arguments.h"
#include "base64.h"
#include "path.h"
#include "utf8.h"

#include "numbers.h"

// ---- text

void xs_bytes_textBytes(xsMachine* the)
{
	size_t size;
	bool isSame;
	const uint8_t* text = textOf(the, argumentsOf(the, 1), &size);
	xsmcSetInteger(xsResult, (int32_t)engineMeasure(text, size, &isSame));
}

void xs_bytes_writeText(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	size_t size;
	bool isSame;
	const uint8_t* text = textOf(the, first - 2, &size);
	uint8_t* into = roomFor(the, first, engineMeasure(text, size, &isSame));
	if (!into)
		return;
	if (isSame)
		memcpy(into, text, size);
	else
		for (const uint8_t* end = text + size; text < end;) {
			uint32_t code;
			text = engineDecode(text, end, &code);
			into = utf8Encode(into, code);
		}
}

void xs_bytes_readText(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	size_t count;
	const uint8_t* from = rangeOf(the, first, &count);
	ptrdiff_t size = utf8Measure(from, count);
	if (size < 0)
		return;
	xsmcSetStringBuffer(xsResult, NULL, (xsIntegerValue)size);
	// the text's memory may have moved the buffer's
	from = rangeOf(the, first, &count);
	char* text = xsmcToString(xsResult);
	if ((size_t)size == count)
		memcpy(text, from, count);
	else
		for (size_t i = 0; i < count; i++) {
			*text++ = from[i] ? (char)from[i] : (char)0xc0;
			if (!from[i])
				*text++ = (char)0x80;
		}
}

// ---- bytes

void xs_bytes_copy(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 5);
	size_t count;
	const uint8_t* from = rangeOf(the, first - 2, &count);
	uint8_t* into = roomFor(the, first, count);
	if (into)
		memmove(into, from, count);
}

void xs_bytes_equal(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 5);
	int32_t count = integerOf(the, first - 4, 0, MOST_POSITION);
	const uint8_t* a = bytesAt(the, first, count, false);
	const uint8_t* b = bytesAt(the, first - 2, count, false);
	xsmcSetBoolean(xsResult, a && b && memcmp(a, b, (size_t)count) == 0);
}

void xs_bytes_hash(xsMachine* the)
{
	size_t count;
	const uint8_t* from = rangeOf(the, argumentsOf(the, 3), &count);
	uint32_t value = 0x811c9dc5;
	for (size_t i = 0; i < count; i++)
		value = (value ^ from[i]) * 0x01000193;
	xsmcSetInteger(xsResult, (int32_t)value);
}

// ---- base64

void xs_bytes_writeBase64(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 6);
	size_t count;
	bool isUrl = fxToBoolean(the, first - 5);
	const uint8_t* from = rangeOf(the, first - 2, &count);
	uint8_t* into = roomFor(the, first, base64Size(count, isUrl));
	if (into)
		base64Encode(into, from, count, isUrl);
}

void xs_bytes_readBase64(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 5);
	size_t count;
	const uint8_t* from = rangeOf(the, first - 2, &count);
	if (!base64Trim(from, &count)) {
		xsmcSetInteger(xsResult, -1);
		return;
	}
	if (!base64Decode(roomFor(the, first, count * 3 / 4), from, count))
		xsmcSetInteger(xsResult, -1);
}

// ---- paths

void xs_bytes_writePath(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 6);
	char text[PATH_BYTES];
	char* end = text;
	for (int i = 0; i < PATH_IDS; i++) {
		int32_t id = integerOf(the, first - 2 - i, INT32_MIN + 1, UINT16_MAX);
		if (id < 0)
			break;
		end = pathAppend(end, (uint16_t)id);
	}
	if (end == text)
		*end++ = '/';
	writeBytes(the, first, text, (size_t)(end - text));
}

static void setPath(xsMachine* the, const uint8_t* text, size_t size, xsSlot* ids)
{
	uint16_t path[PATH_IDS];
	int count = pathParse(text, size, path);
	for (int i = 0; i < count; i++) {
		xsmcSetInteger(xsResult, path[i]);
		_xsSetIndex(the, ids, (xsIndex)i, &xsResult);
	}
	xsmcSetInteger(xsResult, count);
}

void xs_bytes_readPath(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 4);
	size_t count;
	const uint8_t* from = rangeOf(the, first, &count);
	setPath(the, from, count, first - 3);
}

void xs_bytes_parsePath(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 2);
	size_t size;
	const uint8_t* text = textOf(the, first, &size);
	setPath(the, text, size, first - 1);
}
