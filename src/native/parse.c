// Parses a CoAP message in place: ../coap/parse.ts says what, and has the sections of the standards. Uses xsmc.h only, for XS 13
// and the Moddable SDK. Nothing is allocated: the fields of the message are there already.

#include "xsmc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OK, NOT_COAP, FORMAT_ERROR, OPTION_ERROR, PROXY_ERROR };
enum { OTHER_PATH = -1, BOOTSTRAP_PATH = -2 };
enum { HEADER_BYTES = 4, MOST_TOKEN = 8, MOST_NUMBER = 65535, NO_ID = 65535 };
enum {
	URI_HOST = 3, ETAG = 4, OBSERVE = 6, URI_PORT = 7, LOCATION_PATH = 8, URI_PATH = 11, CONTENT_FORMAT = 12, URI_QUERY = 15,
	ACCEPT = 17, BLOCK2 = 23, BLOCK1 = 27, SIZE2 = 28, PROXY_URI = 35, PROXY_SCHEME = 39, SIZE1 = 60,
};

// The fields of Message that are written, in the order of `names`.
typedef enum {
	TYPE, CODE, MID, TOKEN_LENGTH, PAYLOAD_START, END,
	PATH_DEPTH, OBJECT, INSTANCE, RESOURCE, RESOURCE_INSTANCE, ACCEPT_VALUE, FORMAT_VALUE,
	OBSERVE_VALUE, BLOCK1_VALUE, BLOCK2_VALUE, SIZE1_VALUE, SIZE2_VALUE,
	ETAG_AT, ETAG_LENGTH, QUERY_COUNT, LOCATION_COUNT, FIELDS,
	// those of every message, of every request, and those that a plain request has not
	HEADER_END = PATH_DEPTH, PLAIN_END = OBSERVE_VALUE,
} Field;

static const char* const names[FIELDS] = {
	"type", "code", "mid", "tokenLength", "payloadStart", "end",
	"pathDepth", "object", "instance", "resource", "resourceInstance", "accept", "format",
	"observe", "block1", "block2", "size1", "size2",
	"etagAt", "etagLength", "queryCount", "locationCount",
};

// What a message begins with: -1 for what is absent, 0 for what is counted.
static const int8_t absent[FIELDS] = {
	0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0,
};

// Of the one machine; looked up once.
static xsIdentifier ids[FIELDS], rx, hasMore;

typedef struct {
	const uint8_t* at;
	const uint8_t* end;
	int64_t fields[FIELDS];
	bool hasMore;
} Parsed;

static void findIds(xsMachine* the)
{
	for (int i = 0; i < FIELDS; i++)
		ids[i] = xsID((char*)(uintptr_t)names[i]);
	hasMore = xsID("hasMore");
	rx = xsID("rx");
}

// An extended delta or length; -1 for the reserved 15, or where the message ends within it.
static int32_t extended(Parsed* parsed, unsigned nibble)
{
	const uint8_t* at = parsed->at;
	if (nibble < 13)
		return (int32_t)nibble;
	ptrdiff_t size = nibble == 13 ? 1 : 2;
	if (nibble == 15 || parsed->end - at < size)
		return -1;
	parsed->at += size;
	return size == 1 ? at[0] + 13 : (at[0] << 8 | at[1]) + 269;
}

static uint32_t numberAt(const uint8_t* at, size_t size)
{
	uint32_t value = 0;
	while (size-- > 0)
		value = value << 8 | *at++;
	return value;
}

static void takeSegment(Parsed* parsed, size_t size)
{
	const uint8_t* at = parsed->at;
	int depth = (int)parsed->fields[PATH_DEPTH];
	uint32_t id = 0;
	bool isId = depth >= 0 && depth < 4 && size > 0 && size < 6 && (size == 1 || at[0] != '0');
	for (size_t i = 0; isId && i < size; i++) {
		isId = at[i] >= '0' && at[i] <= '9';
		id = id * 10 + at[i] - '0';
	}
	if (isId && id < NO_ID) {
		parsed->fields[OBJECT + depth] = id;
		parsed->fields[PATH_DEPTH] = depth + 1;
	}
	else
		parsed->fields[PATH_DEPTH] = depth == 0 && size == 2 && at[0] == 'b' && at[1] == 's' ? BOOTSTRAP_PATH : OTHER_PATH;
}

// Takes a number where it is the first and no longer than it may be. Returns false where it is not.
static bool takeNumber(Parsed* parsed, Field field, size_t size, size_t most)
{
	if (parsed->fields[field] >= 0 || size > most)
		return false;
	parsed->fields[field] = numberAt(parsed->at, size);
	return true;
}

static int takeOption(Parsed* parsed, uint32_t number, size_t size, bool isRepeated)
{
	if (number == URI_PATH) {
		takeSegment(parsed, size);
		return size > 255 ? OPTION_ERROR : OK;
	}
	if (number == ACCEPT)
		return takeNumber(parsed, ACCEPT_VALUE, size, 2) ? OK : OPTION_ERROR;
	if (number == CONTENT_FORMAT) {
		takeNumber(parsed, FORMAT_VALUE, size, 2);
		return OK;
	}
	parsed->hasMore = true;
	switch (number) {
	case OBSERVE:
		takeNumber(parsed, OBSERVE_VALUE, size, 3);
		return OK;
	case BLOCK2:
		return takeNumber(parsed, BLOCK2_VALUE, size, 3) ? OK : OPTION_ERROR;
	case BLOCK1:
		return takeNumber(parsed, BLOCK1_VALUE, size, 3) ? OK : OPTION_ERROR;
	case SIZE1:
		takeNumber(parsed, SIZE1_VALUE, size, 4);
		return OK;
	case SIZE2:
		takeNumber(parsed, SIZE2_VALUE, size, 4);
		return OK;
	case URI_QUERY:
		parsed->fields[QUERY_COUNT]++;
		return size > 255 ? OPTION_ERROR : OK;
	case LOCATION_PATH:
		parsed->fields[LOCATION_COUNT]++;
		return OK;
	case PROXY_URI:
	case PROXY_SCHEME:
		return PROXY_ERROR;
	case URI_HOST:
		return !isRepeated && size > 0 && size < 256 ? OK : OPTION_ERROR;
	case URI_PORT:
		return !isRepeated && size < 3 ? OK : OPTION_ERROR;
	default:
		return number & 1 ? OPTION_ERROR : OK;
	}
}

static int parseOptions(Parsed* parsed, const uint8_t* start)
{
	int verdict = OK;
	uint32_t number = 0;
	parsed->fields[END] = parsed->fields[PAYLOAD_START] = (parsed->end - start);
	while (parsed->at < parsed->end) {
		uint8_t head = *parsed->at++;
		if (head == 0xff) {
			parsed->fields[PAYLOAD_START] = (parsed->at - start);
			return parsed->at < parsed->end ? verdict : FORMAT_ERROR;
		}
		int32_t delta = extended(parsed, head >> 4);
		int32_t size = delta < 0 ? -1 : extended(parsed, head & 15);
		if (size < 0 || parsed->end - parsed->at < size)
			return FORMAT_ERROR;
		number += (uint32_t)delta;
		if (number > MOST_NUMBER)
			return FORMAT_ERROR;
		if (number == ETAG && parsed->fields[ETAG_LENGTH] == 0 && size > 0 && size <= 8) {
			parsed->fields[ETAG_AT] = (parsed->at - start);
			parsed->fields[ETAG_LENGTH] = size;
		}
		int found = takeOption(parsed, number, (size_t)size, delta == 0);
		if (found != OK)
			verdict = found;
		parsed->at += size;
	}
	return verdict;
}

static void set(xsMachine* the, Field field, int64_t value)
{
	if (value <= INT32_MAX)
		xsmcSetInteger(xsVar(0), (int32_t)value);
	else
		xsmcSetNumber(xsVar(0), (double)value);
	xsmcSet(xsArg(0), ids[field], xsVar(0));
}

void xs_coap_parse(xsMachine* the)
{
	void* data;
	xsUnsignedValue room;
	xsmcVars(1);
	if (xsmcArgc < 3)
		xsTypeError("3 arguments are needed");
	if (!rx)
		findIds(the);
	xsIntegerValue length = xsmcToInteger(xsArg(2));
	xsmcGetBufferReadable(xsArg(1), &data, &room);
	if (length < 0 || (xsUnsignedValue)length > room)
		xsRangeError("length is beyond the datagram");
	const uint8_t* bytes = data;
	xsmcSet(xsArg(0), rx, xsArg(1));
	xsmcSetInteger(xsResult, NOT_COAP);
	if (length < HEADER_BYTES || bytes[0] >> 6 != 1)
		return;
	unsigned code = bytes[1], tokenLength = bytes[0] & 15;
	Parsed parsed = { .at = bytes + HEADER_BYTES + tokenLength, .end = bytes + length };
	for (int i = 0; i < FIELDS; i++)
		parsed.fields[i] = absent[i];
	parsed.fields[TYPE] = bytes[0] >> 4 & 3;
	parsed.fields[CODE] = code;
	parsed.fields[MID] = bytes[2] << 8 | bytes[3];
	parsed.fields[TOKEN_LENGTH] = tokenLength;
	parsed.fields[PAYLOAD_START] = parsed.fields[END] = HEADER_BYTES + tokenLength;
	xsmcGet(xsVar(0), xsArg(0), hasMore);
	bool hadMore = xsmcToBoolean(xsVar(0));
	int verdict = FORMAT_ERROR;
	if (code == 0) {
		if (length == HEADER_BYTES && tokenLength == 0)
			verdict = OK;
	}
	else if (tokenLength <= MOST_TOKEN && parsed.at <= parsed.end && (code < 0x20 || code > 0x3f) && code < 0xc0)
		verdict = parseOptions(&parsed, bytes);
	if (verdict == FORMAT_ERROR) {
		parsed.hasMore = false;
		for (int i = HEADER_END; i < FIELDS; i++)
			parsed.fields[i] = absent[i];
		parsed.fields[PAYLOAD_START] = parsed.fields[END] = HEADER_BYTES + tokenLength;
	}
	int count = hadMore || parsed.hasMore ? FIELDS : code == 0 || verdict == FORMAT_ERROR ? HEADER_END : PLAIN_END;
	for (int i = 0; i < count; i++)
		set(the, (Field)i, parsed.fields[i]);
	if (hadMore != parsed.hasMore) {
		xsmcSetBoolean(xsVar(0), parsed.hasMore);
		xsmcSet(xsArg(0), hasMore, xsVar(0));
	}
	xsmcSetInteger(xsResult, verdict);
}
