// Arguments and options of the native DTLS session. A part of dtls.c.

#ifndef DTLS_OPTIONS_H
#define DTLS_OPTIONS_H

#include "xsmc.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../security/dtls-core.h"

// The engine's messages take char*, and do not write to it.
#define TEXT(text) ((char*)(uintptr_t)(text))

// ---- arguments

static double numberOf(xsMachine* the, xsSlot* slot, const char* name)
{
	xsType type = fxTypeOf(the, slot);
	if (type != xsIntegerType && type != xsNumberType)
		xsTypeError("%s is not a number", TEXT(name));
	return fxToNumber(the, slot);
}

static int32_t integerOf(xsMachine* the, xsSlot* slot, const char* name, int32_t least, int32_t most)
{
	double number = numberOf(the, slot, name);
	if (!(number >= least && number <= most) || number != floor(number))
		xsRangeError("%s is not a whole number from %d to %d", TEXT(name), (int)least, (int)most);
	return (int32_t)number;
}

static xsSlot* argument(xsMachine* the, int index, const char* name)
{
	if (index >= xsmcArgc)
		xsTypeError("%s is missing", TEXT(name));
	return &xsArg(index);
}

// Good until the engine is called again.
static uint8_t* bytesOf(xsMachine* the, int index, const char* name, size_t* size, bool isWritten)
{
	void* data;
	xsUnsignedValue count;
	_xsmcGetBuffer(the, argument(the, index, name), &data, &count, isWritten);
	*size = count;
	return data;
}

// The first `count` (the next argument) bytes of a buffer.
static uint8_t* firstBytesOf(xsMachine* the, int index, const char* name, size_t* count, bool isWritten)
{
	size_t size;
	bytesOf(the, index, name, &size, isWritten);
	*count = (size_t)integerOf(the, argument(the, index + 1, "count"), "count", 0, size > INT32_MAX ? INT32_MAX : (int32_t)size);
	return bytesOf(the, index, name, &size, isWritten);
}

// ---- options

// The names of the options in the order in which they are read: bytes, then texts, then numbers.
typedef enum {
	SEED,
	IDENTITY,
	KEY,
	CERTIFICATE,
	PRIVATE_KEY,
	PEER_CERTIFICATE,
	TRUSTED,
	CIPHER_SUITES,
	SERVER_NAME,
	SNI,
	CERTIFICATE_USAGE,
	MATCHING_TYPE,
	CID_BYTES,
	FIRST_TIMEOUT,
	LAST_TIMEOUT,
	RETRANSMISSIONS,
	MTU,
	TIME,
	IS_STREAM,
	OPTIONS,
} Option;

static const char* const names[OPTIONS] = {
	[SEED] = "seed",
	[IDENTITY] = "identity",
	[KEY] = "key",
	[CERTIFICATE] = "certificate",
	[PRIVATE_KEY] = "privateKey",
	[PEER_CERTIFICATE] = "peerCertificate",
	[TRUSTED] = "trusted",
	[CIPHER_SUITES] = "cipherSuites",
	[SERVER_NAME] = "serverName",
	[SNI] = "sni",
	[CERTIFICATE_USAGE] = "certificateUsage",
	[MATCHING_TYPE] = "matchingType",
	[CID_BYTES] = "cidBytes",
	[FIRST_TIMEOUT] = "firstTimeoutMs",
	[LAST_TIMEOUT] = "lastTimeoutMs",
	[RETRANSMISSIONS] = "retransmissions",
	[MTU] = "mtu",
	[TIME] = "time",
	[IS_STREAM] = "isStream",
};

static bool isGiven(xsMachine* the, Option option)
{
	return xsmcTypeOf(xsVar(option)) != xsUndefinedType;
}

static DtlsBytes bytesOption(xsMachine* the, Option option)
{
	void* data;
	xsUnsignedValue count;
	if (!isGiven(the, option))
		return (DtlsBytes){ NULL, 0 };
	xsmcGetBufferReadable(xsVar(option), &data, &count);
	return (DtlsBytes){ data, count };
}

static const char* textOption(xsMachine* the, Option option)
{
	if (!isGiven(the, option))
		return NULL;
	if (xsmcTypeOf(xsVar(option)) != xsStringType && xsmcTypeOf(xsVar(option)) != xsStringXType)
		xsTypeError("%s is not a string", TEXT(names[option]));
	return xsmcToString(xsVar(option));
}

static int32_t integerOption(xsMachine* the, Option option, int32_t least, int32_t most, int32_t otherwise)
{
	return isGiven(the, option) ? integerOf(the, &xsVar(option), names[option], least, most) : otherwise;
}

// Nothing is allocated by the engine from here to the making of the configuration, so that the pointers stay good.
static void readOptions(xsMachine* the, DtlsOptions* options)
{
	memset(options, 0, sizeof *options);
	options->usage = (DtlsUsage)integerOption(the, CERTIFICATE_USAGE, 0, 3, DTLS_USAGE_ANY);
	options->matching = (DtlsMatching)integerOption(the, MATCHING_TYPE, 0, 3, DTLS_MATCH_EXACT);
	options->isStream = isGiven(the, IS_STREAM) && xsmcToBoolean(xsVar(IS_STREAM));
	options->cidBytes = integerOption(the, CID_BYTES, -1, DTLS_CID_BYTES, 0);
	options->firstTimeoutMs = (uint32_t)integerOption(the, FIRST_TIMEOUT, 1, 60000, 0);
	options->lastTimeoutMs = (uint32_t)integerOption(the, LAST_TIMEOUT, 1, INT32_MAX, 0);
	options->retransmissions = (uint32_t)integerOption(the, RETRANSMISSIONS, 1, 16, 0);
	options->mtu = (uint16_t)integerOption(the, MTU, 256, UINT16_MAX, 0);
	double time = isGiven(the, TIME) ? numberOf(the, &xsVar(TIME), names[TIME]) : 0;
	options->timeSeconds = time > 0 && time < 1e12 ? (int64_t)time : 0;
	DtlsBytes suites = bytesOption(the, CIPHER_SUITES);
	if (suites.count % 2 != 0 || suites.count > 2 * DTLS_SUITES)
		xsRangeError("cipherSuites has %d bytes: two a suite, at most %d", (int)suites.count, 2 * DTLS_SUITES);
	for (const uint8_t* suite = suites.data; options->suiteCount < suites.count / 2; suite += 2)
		options->suites[options->suiteCount++] = (uint16_t)(suite[0] << 8 | suite[1]);
	options->serverName = textOption(the, SERVER_NAME);
	options->sni = textOption(the, SNI);
	options->seed = bytesOption(the, SEED);
	options->identity = bytesOption(the, IDENTITY);
	options->key = bytesOption(the, KEY);
	options->certificate = bytesOption(the, CERTIFICATE);
	options->privateKey = bytesOption(the, PRIVATE_KEY);
	options->peerCertificate = bytesOption(the, PEER_CERTIFICATE);
	options->trusted = bytesOption(the, TRUSTED);
}

#endif
