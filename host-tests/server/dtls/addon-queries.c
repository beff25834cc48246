// What a session tells about itself, and the frame of every call on a session (addon.h).

#include "addon.h"

bool addonBegin(napi_env env, napi_callback_info info, AddonCall* call)
{
	size_t count = 4;
	napi_get_cb_info(env, info, &count, call->arguments, NULL, NULL);
	Session* session = addonSession(env, call->arguments[0]);
	call->session = session ? session->session : NULL;
	if (session && !session->session)
		addonFail(env, "the session is closed");
	return call->session != NULL;
}

napi_value addonNumber(napi_env env, double value)
{
	napi_value result = NULL;
	napi_create_double(env, value, &result);
	return result;
}

static napi_value timeout(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, dtlsTimer(call.session)) : NULL;
}

static napi_value state(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, dtlsState(call.session)) : NULL;
}

static napi_value errorOf(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, dtlsError(call.session)) : NULL;
}

static napi_value alert(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, dtlsAlert(call.session)) : NULL;
}

static napi_value cipherSuite(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, dtlsSuite(call.session)) : NULL;
}

static napi_value maxPlaintext(napi_env env, napi_callback_info info)
{
	AddonCall call;
	return addonBegin(env, info, &call) ? addonNumber(env, (double)dtlsMaxPlaintext(call.session)) : NULL;
}

static napi_value hasPeerCid(napi_env env, napi_callback_info info)
{
	AddonCall call;
	napi_value result = NULL;
	if (addonBegin(env, info, &call))
		napi_get_boolean(env, dtlsHasPeerCid(call.session), &result);
	return result;
}

static napi_value cid(napi_env env, napi_callback_info info)
{
	AddonCall call;
	napi_value result = NULL;
	const uint8_t* bytes;
	if (addonBegin(env, info, &call)) {
		size_t count = dtlsCid(call.session, &bytes);
		napi_create_buffer_copy(env, count, bytes, NULL, &result);
	}
	return result;
}

static napi_value peerName(napi_env env, napi_callback_info info)
{
	AddonCall call;
	napi_value result = NULL;
	size_t count;
	if (addonBegin(env, info, &call)) {
		const uint8_t* bytes = dtlsPeerName(call.session, &count);
		if (bytes)
			napi_create_buffer_copy(env, count, bytes, NULL, &result);
	}
	return result;
}

const AddonFunction addonQueries[] = {
	{ "timeout", timeout },
	{ "state", state },
	{ "error", errorOf },
	{ "alert", alert },
	{ "cipherSuite", cipherSuite },
	{ "maxPlaintext", maxPlaintext },
	{ "hasPeerCid", hasPeerCid },
	{ "cid", cid },
	{ "peerName", peerName },
	{ NULL, NULL },
};

void addonDefine(napi_env env, napi_value exports, const AddonFunction* functions)
{
	for (; functions->name; functions++) {
		napi_value function;
		napi_create_function(env, functions->name, NAPI_AUTO_LENGTH, functions->function, NULL, &function);
		napi_set_named_property(env, exports, functions->name, function);
	}
}
