// The native DTLS session (dtls.js) over the DTLS core. Uses xsmc.h only, for XS 13 and the Moddable SDK.
//
// The core keeps no pointer of ours and never calls the engine, so that bytes go straight from and to the caller's
// buffers. A build without Mbed TLS has the class; making a session throws there.

#include "xsmc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../security/dtls-core.h"

// The engine's messages take char*, and do not write to it.
#define TEXT(text) ((char*)(uintptr_t)(text))

typedef struct {
	DtlsConfig* config;
	DtlsSession* session;
} Dtls;

#if defined(MBEDTLS_CONFIG_FILE)

void xs_dtls_destroy(void* data)
{
	Dtls* dtls = data;
	if (!dtls)
		return;
	dtlsDestroy(dtls->session);
	dtlsConfigDestroy(dtls->config);
	free(dtls);
}

// ---- arguments and options

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

// ---- the session

void xs_dtls(xsMachine* the)
{
	if (xsmcTypeOf(*argument(the, 0, "options")) != xsReferenceType)
		xsTypeError("no options");
	xsmcVars(OPTIONS);
	for (int i = 0; i < OPTIONS; i++)
		_xsGet(the, &xsVar(i), &xsArg(0), xsID(TEXT(names[i])));
	DtlsOptions options;
	readOptions(the, &options);
	DtlsError error = DTLS_ERROR_MEMORY;
	Dtls* dtls = calloc(1, sizeof *dtls);
	if (dtls && (dtls->config = dtlsConfigCreate(&options, &error)))
		dtls->session = dtlsCreate(dtls->config, &error);
	if (!dtls || !dtls->session) {
		xs_dtls_destroy(dtls);
		xsUnknownError("%s", TEXT(dtlsErrorText(error)));
	}
	xsmcSetHostData(xsThis, dtls);
}

void xs_dtls_close(xsMachine* the)
{
	Dtls* dtls = xsmcGetHostDataValidate(xsThis, xs_dtls_destroy);
	xsmcSetHostData(xsThis, NULL);
	xs_dtls_destroy(dtls);
}

static DtlsSession* sessionOf(xsMachine* the)
{
	const Dtls* dtls = xsmcGetHostDataValidate(xsThis, xs_dtls_destroy);
	if (!dtls)
		xsUnknownError("the session is closed");
	return dtls->session;
}

void xs_dtls_start(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsStart(sessionOf(the)));
}

void xs_dtls_receive(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t count;
	const uint8_t* datagram = firstBytesOf(the, 0, "datagram", &count, false);
	xsmcSetInteger(xsResult, (int32_t)dtlsReceive(session, datagram, count));
}

void xs_dtls_expire(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsExpire(sessionOf(the)));
}

void xs_dtls_end(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsClose(sessionOf(the)));
}

void xs_dtls_events(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsEvents(sessionOf(the)));
}

void xs_dtls_read(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t size;
	uint8_t* into = bytesOf(the, 0, "into", &size, true);
	xsmcSetInteger(xsResult, (int32_t)dtlsRead(session, into, size));
}

void xs_dtls_take(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t size;
	uint8_t* into = bytesOf(the, 0, "into", &size, true);
	xsmcSetInteger(xsResult, (int32_t)dtlsTake(session, into, size));
}

static void setCount(xsMachine* the, size_t count, DtlsError error)
{
	xsmcSetInteger(xsResult, error == DTLS_OK ? (int32_t)count : -(int32_t)error);
}

void xs_dtls_send(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t count, size;
	DtlsError error;
	uint8_t* into = bytesOf(the, 2, "into", &size, true);
	const uint8_t* plaintext = firstBytesOf(the, 0, "plaintext", &count, false);
	size_t length = dtlsSend(session, plaintext, count, into, size, &error);
	setCount(the, length, error);
}

void xs_dtls_save(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t size;
	DtlsError error;
	int32_t reserve = integerOf(the, argument(the, 0, "reserve"), "reserve", 1, DTLS_RESERVE);
	uint8_t* into = bytesOf(the, 1, "into", &size, true);
	size_t length = dtlsSave(session, (unsigned)reserve, into, size, &error);
	setCount(the, length, error);
}

void xs_dtls_saved(xsMachine* the)
{
	dtlsSaved(sessionOf(the));
}

void xs_dtls_load(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t count;
	uint8_t* blob = firstBytesOf(the, 0, "blob", &count, true);
	xsmcSetInteger(xsResult, (int32_t)dtlsLoad(session, blob, count));
}

void xs_dtls_get_timeout(xsMachine* the)
{
	xsmcSetInteger(xsResult, dtlsTimer(sessionOf(the)));
}

void xs_dtls_get_state(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsState(sessionOf(the)));
}

void xs_dtls_get_error(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsError(sessionOf(the)));
}

void xs_dtls_get_alert(xsMachine* the)
{
	xsmcSetInteger(xsResult, dtlsAlert(sessionOf(the)));
}

void xs_dtls_get_cipherSuite(xsMachine* the)
{
	xsmcSetInteger(xsResult, dtlsSuite(sessionOf(the)));
}

void xs_dtls_get_hasPeerCid(xsMachine* the)
{
	xsmcSetBoolean(xsResult, dtlsHasPeerCid(sessionOf(the)));
}

void xs_dtls_get_maxPlaintext(xsMachine* the)
{
	xsmcSetInteger(xsResult, (int32_t)dtlsMaxPlaintext(sessionOf(the)));
}

void xs_dtls_describe(xsMachine* the)
{
	int32_t error = integerOf(the, argument(the, 0, "error"), "error", 0, INT32_MAX);
	xsmcSetString(xsResult, TEXT(dtlsErrorText((DtlsError)error)));
}

void xs_dtls_setSlice(xsMachine* the)
{
	dtlsSetSlice((unsigned)integerOf(the, argument(the, 0, "operations"), "operations", 0, INT32_MAX));
}

#else

void xs_dtls_destroy(void* data)
{
	(void)data;
}

	#define MISSING(name) \
		void name(xsMachine* the) \
		{ \
			xsUnknownError("this build has no DTLS"); \
		}

MISSING(xs_dtls)
MISSING(xs_dtls_start)
MISSING(xs_dtls_receive)
MISSING(xs_dtls_expire)
MISSING(xs_dtls_end)
MISSING(xs_dtls_events)
MISSING(xs_dtls_read)
MISSING(xs_dtls_take)
MISSING(xs_dtls_send)
MISSING(xs_dtls_save)
MISSING(xs_dtls_saved)
MISSING(xs_dtls_load)
MISSING(xs_dtls_close)
MISSING(xs_dtls_get_timeout)
MISSING(xs_dtls_get_state)
MISSING(xs_dtls_get_error)
MISSING(xs_dtls_get_alert)
MISSING(xs_dtls_get_cipherSuite)
MISSING(xs_dtls_get_hasPeerCid)
MISSING(xs_dtls_get_maxPlaintext)
MISSING(xs_dtls_describe)
MISSING(xs_dtls_setSlice)

#endif
