// The DTLS core (src/security/dtls-core.h) for Node: functions on configurations and sessions, which native.ts and
// host-tests/support/dtls.js make classes of. Node-API 8. Both roles.
//
// Nothing calls JavaScript but the key lookup, from within `receive`.

#include "addon.h"

// ---- calls on a session: (session, …)

static uint8_t* buffer(napi_env env, const AddonCall* call, int index, size_t* size)
{
	DtlsBytes bytes;
	*size = 0;
	if (!addonBytes(env, call->arguments[index], &bytes)) {
		addonFail(env, "not a buffer");
		return NULL;
	}
	*size = bytes.count;
	// Node's buffers are writable
	return (uint8_t*)(uintptr_t)bytes.data;
}

// The first bytes of a buffer; the next argument is their number.
static uint8_t* firstBytes(napi_env env, const AddonCall* call, int index, size_t* count)
{
	double wanted = -1;
	size_t size;
	uint8_t* data = buffer(env, call, index, &size);
	napi_get_value_double(env, call->arguments[index + 1], &wanted);
	if (data && !(wanted >= 0 && wanted <= (double)size)) {
		napi_throw_range_error(env, NULL, "count is not within the buffer");
		return NULL;
	}
	*count = (size_t)wanted;
	return data;
}

static napi_value countOr(napi_env env, size_t count, DtlsError error)
{
	return addonNumber(env, error == DTLS_OK ? (double)count : -(double)error);
}

// A call without further arguments that returns events.
static napi_value events(napi_env env, napi_callback_info info, unsigned (*function)(DtlsSession* session))
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, function(call.session)) : NULL;
}

static napi_value start(napi_env env, napi_callback_info info)
{
	return events(env, info, dtlsStart);
}

static napi_value expire(napi_env env, napi_callback_info info)
{
	return events(env, info, dtlsExpire);
}

static napi_value end(napi_env env, napi_callback_info info)
{
	return events(env, info, dtlsClose);
}

static napi_value takeEvents(napi_env env, napi_callback_info info)
{
	return events(env, info, dtlsEvents);
}

static napi_value receive(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t count;
	const uint8_t* datagram = addonBegin(env, info, &call) ? firstBytes(env, &call, 1, &count) : NULL;
	return datagram ? addonNumber(env, dtlsReceive(call.session, datagram, count)) : NULL;
}

// feed(session, bytes, start, end)
static napi_value feed(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t size;
	double start = -1, end = -1;
	const uint8_t* bytes = addonBegin(env, info, &call) ? buffer(env, &call, 1, &size) : NULL;
	if (!bytes)
		return NULL;
	napi_get_value_double(env, call.arguments[2], &start);
	napi_get_value_double(env, call.arguments[3], &end);
	if (!(start >= 0 && start <= end && end <= (double)size)) {
		napi_throw_range_error(env, NULL, "start and end are not within the buffer");
		return NULL;
	}
	return addonNumber(env, (double)dtlsFeed(call.session, bytes + (size_t)start, (size_t)(end - start)));
}

static napi_value fill(napi_env env, napi_callback_info info, size_t (*function)(DtlsSession* session, uint8_t* into, size_t size))
{
	AddonCall call;
	size_t size;
	uint8_t* into = addonBegin(env, info, &call) ? buffer(env, &call, 1, &size) : NULL;
	return into ? addonNumber(env, (double)function(call.session, into, size)) : NULL;
}

static napi_value readPlaintext(napi_env env, napi_callback_info info)
{
	return fill(env, info, dtlsRead);
}

static napi_value take(napi_env env, napi_callback_info info)
{
	return fill(env, info, dtlsTake);
}

static napi_value sendPlaintext(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t count, size;
	DtlsError error;
	const uint8_t* plaintext = addonBegin(env, info, &call) ? firstBytes(env, &call, 1, &count) : NULL;
	uint8_t* into = plaintext ? buffer(env, &call, 3, &size) : NULL;
	if (!into)
		return NULL;
	size_t length = dtlsSend(call.session, plaintext, count, into, size, &error);
	return countOr(env, length, error);
}

static napi_value save(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t size;
	uint32_t reserve = 0;
	DtlsError error;
	uint8_t* into = addonBegin(env, info, &call) ? buffer(env, &call, 2, &size) : NULL;
	if (!into)
		return NULL;
	napi_get_value_uint32(env, call.arguments[1], &reserve);
	size_t length = dtlsSave(call.session, reserve, into, size, &error);
	return countOr(env, length, error);
}

static napi_value saved(napi_env env, napi_callback_info info)
{
	AddonCall call;
	if (addonBegin(env, info, &call))
		dtlsSaved(call.session);
	return NULL;
}

static napi_value load(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t count;
	uint8_t* blob = addonBegin(env, info, &call) ? firstBytes(env, &call, 1, &count) : NULL;
	return blob ? addonNumber(env, dtlsLoad(call.session, blob, count)) : NULL;
}

// Overwrites the session's secrets now, not when the garbage is collected.
static napi_value closeSession(napi_env env, napi_callback_info info)
{
	napi_value argument;
	size_t count = 1;
	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	Session* session = addonSession(env, argument);
	if (session) {
		dtlsDestroy(session->session);
		session->session = NULL;
	}
	return NULL;
}

static napi_value setPeer(napi_env env, napi_callback_info info)
{
	AddonCall call;
	size_t count;
	const uint8_t* peer = addonBegin(env, info, &call) ? buffer(env, &call, 1, &count) : NULL;
	if (peer && dtlsSetPeer(call.session, peer, count) != DTLS_OK)
		addonFail(env, dtlsErrorText(DTLS_ERROR_MEMORY));
	return NULL;
}

// ---- calls without a session

static napi_value setTime(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	size_t count = 2;
	double seconds = 0;
	napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
	Config* config = addonConfig(env, arguments[0]);
	napi_get_value_double(env, arguments[1], &seconds);
	if (config && seconds > 0)
		dtlsSetTime(config->config, (int64_t)seconds);
	return NULL;
}

static uint32_t firstNumber(napi_env env, napi_callback_info info)
{
	napi_value argument;
	size_t count = 1;
	uint32_t value = 0;
	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	napi_get_value_uint32(env, argument, &value);
	return value;
}

static napi_value describe(napi_env env, napi_callback_info info)
{
	napi_value result = NULL;
	napi_create_string_utf8(env, dtlsErrorText((DtlsError)firstNumber(env, info)), NAPI_AUTO_LENGTH, &result);
	return result;
}

static napi_value setSlice(napi_env env, napi_callback_info info)
{
	dtlsSetSlice(firstNumber(env, info));
	return NULL;
}

NAPI_MODULE_INIT()
{
	static const AddonFunction functions[] = {
		{ "createConfig", addonCreateConfig },
		{ "createSession", addonCreateSession },
		{ "start", start },
		{ "receive", receive },
		{ "feed", feed },
		{ "expire", expire },
		{ "end", end },
		{ "events", takeEvents },
		{ "read", readPlaintext },
		{ "take", take },
		{ "send", sendPlaintext },
		{ "save", save },
		{ "saved", saved },
		{ "load", load },
		{ "close", closeSession },
		{ "setPeer", setPeer },
		{ "setTime", setTime },
		{ "describe", describe },
		{ "setSlice", setSlice },
		{ NULL, NULL },
	};
	addonDefine(env, exports, functions);
	addonDefine(env, exports, addonQueries);
	return exports;
}
