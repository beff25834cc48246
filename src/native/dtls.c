// The native DTLS session (dtls.js) over the DTLS core. Uses xsmc.h only, for XS 13 and the Moddable SDK.
//
// The core keeps no pointer of ours and never calls the engine, so that bytes go straight from and to the caller's
// buffers. A build without Mbed TLS has the class; making a session throws there.

#include "xsmc.h"

#include <stdlib.h>

#include "../security/dtls-core.h"

#if defined(MBEDTLS_CONFIG_FILE)

	#include "dtls-options.h"

typedef struct {
	DtlsConfig* config;
	DtlsSession* session;
} Dtls;

void xs_dtls_destroy(void* data)
{
	Dtls* dtls = data;
	if (!dtls)
		return;
	dtlsDestroy(dtls->session);
	dtlsConfigDestroy(dtls->config);
	free(dtls);
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

void xs_dtls_feed(xsMachine* the)
{
	DtlsSession* session = sessionOf(the);
	size_t size;
	bytesOf(the, 0, "bytes", &size, false);
	size_t end = (size_t)integerOf(the, argument(the, 2, "end"), "end", 0, size > INT32_MAX ? INT32_MAX : (int32_t)size);
	size_t start = (size_t)integerOf(the, argument(the, 1, "start"), "start", 0, (int32_t)end);
	const uint8_t* bytes = bytesOf(the, 0, "bytes", &size, false);
	xsmcSetInteger(xsResult, (int32_t)dtlsFeed(session, bytes + start, end - start));
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
MISSING(xs_dtls_feed)
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
