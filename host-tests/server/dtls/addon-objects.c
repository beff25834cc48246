// Configurations and sessions as JavaScript objects (addon.h). A session keeps its configuration alive.

#include "addon.h"

#include <stdlib.h>
#include <string.h>

static const napi_type_tag configTag = { 0x64746c732d636f6e, 0x6669677572617469 };
static const napi_type_tag sessionTag = { 0x64746c732d736573, 0x73696f6e2d6f626a };

napi_value addonFail(napi_env env, const char* message)
{
	napi_throw_error(env, NULL, message);
	return NULL;
}

// ---- options

static bool isGiven(napi_env env, napi_value options, const char* name, napi_value* value)
{
	napi_valuetype type = napi_undefined;
	if (napi_get_named_property(env, options, name, value) != napi_ok)
		return false;
	napi_typeof(env, *value, &type);
	return type != napi_undefined && type != napi_null;
}

bool addonBytes(napi_env env, napi_value value, DtlsBytes* bytes)
{
	void* data = NULL;
	bool isBuffer = false, isArrayBuffer = false, isView = false;
	napi_is_buffer(env, value, &isBuffer);
	napi_is_typedarray(env, value, &isView);
	napi_is_arraybuffer(env, value, &isArrayBuffer);
	napi_status status = napi_invalid_arg;
	if (isView || isBuffer)
		status = napi_get_typedarray_info(env, value, NULL, &bytes->count, &data, NULL, NULL);
	else if (isArrayBuffer)
		status = napi_get_arraybuffer_info(env, value, &data, &bytes->count);
	// what is empty may have no address
	bytes->data = data ? data : "";
	return status == napi_ok;
}

static DtlsBytes bytesOption(napi_env env, napi_value options, const char* name)
{
	napi_value value;
	DtlsBytes bytes = { NULL, 0 };
	if (isGiven(env, options, name, &value) && !addonBytes(env, value, &bytes))
		bytes = (DtlsBytes){ NULL, 0 };
	return bytes;
}

static double numberOption(napi_env env, napi_value options, const char* name, double otherwise)
{
	napi_value value;
	double number = otherwise;
	if (isGiven(env, options, name, &value))
		napi_get_value_double(env, value, &number);
	return number;
}

static bool boolOption(napi_env env, napi_value options, const char* name)
{
	napi_value value;
	bool isTrue = false;
	if (isGiven(env, options, name, &value))
		napi_get_value_bool(env, value, &isTrue);
	return isTrue;
}

static const char* textOption(napi_env env, napi_value options, const char* name, char text[DTLS_NAME_BYTES + 2])
{
	napi_value value;
	size_t count;
	bool isText = isGiven(env, options, name, &value) && napi_get_value_string_utf8(env, value, text, DTLS_NAME_BYTES + 2, &count) == napi_ok;
	return isText ? text : NULL;
}

// ---- configurations

static int lookUp(void* owner, const uint8_t* identity, size_t count, uint8_t* key, size_t size)
{
	const Config* config = owner;
	napi_env env = config->env;
	napi_handle_scope scope;
	napi_value function, self, argument, result;
	int length = -1;
	if (napi_open_handle_scope(env, &scope) != napi_ok)
		return -1;
	DtlsBytes bytes;
	bool isDone = napi_get_reference_value(env, config->lookUp, &function) == napi_ok && napi_get_undefined(env, &self) == napi_ok &&
		napi_create_buffer_copy(env, count, identity, NULL, &argument) == napi_ok &&
		napi_call_function(env, self, function, 1, &argument, &result) == napi_ok;
	if (isDone && addonBytes(env, result, &bytes) && bytes.count <= size) {
		memcpy(key, bytes.data, bytes.count);
		length = (int)bytes.count;
	}
	napi_close_handle_scope(env, scope);
	return length;
}

static void release(Config* config)
{
	if (--config->users > 0)
		return;
	dtlsConfigDestroy(config->config);
	if (config->lookUp)
		napi_delete_reference(config->env, config->lookUp);
	free(config);
}

static void finalizeConfig(napi_env env, void* data, void* hint)
{
	(void)env, (void)hint;
	release(data);
}

static void finalizeSession(napi_env env, void* data, void* hint)
{
	(void)env, (void)hint;
	Session* session = data;
	dtlsDestroy(session->session);
	release(session->config);
	free(session);
}

static void readOptions(napi_env env, napi_value from, DtlsOptions* options)
{
	memset(options, 0, sizeof *options);
	options->isServer = boolOption(env, from, "isServer");
	options->isStream = boolOption(env, from, "isStream");
	options->hasNoCookies = boolOption(env, from, "hasNoCookies");
	options->seed = bytesOption(env, from, "seed");
	options->identity = bytesOption(env, from, "identity");
	options->key = bytesOption(env, from, "key");
	options->certificate = bytesOption(env, from, "certificate");
	options->privateKey = bytesOption(env, from, "privateKey");
	options->peerCertificate = bytesOption(env, from, "peerCertificate");
	options->trusted = bytesOption(env, from, "trusted");
	options->usage = (DtlsUsage)numberOption(env, from, "certificateUsage", DTLS_USAGE_ANY);
	options->matching = (DtlsMatching)numberOption(env, from, "matchingType", DTLS_MATCH_EXACT);
	options->cidBytes = (int)numberOption(env, from, "cidBytes", 0);
	options->firstTimeoutMs = (uint32_t)numberOption(env, from, "firstTimeoutMs", 0);
	options->lastTimeoutMs = (uint32_t)numberOption(env, from, "lastTimeoutMs", 0);
	options->retransmissions = (uint32_t)numberOption(env, from, "retransmissions", 0);
	options->mtu = (uint16_t)numberOption(env, from, "mtu", 0);
	double time = numberOption(env, from, "time", 0);
	options->timeSeconds = time > 0 ? (int64_t)time : 0;
	DtlsBytes suites = bytesOption(env, from, "cipherSuites");
	for (const uint8_t* suite = suites.data; options->suiteCount < DTLS_SUITES && options->suiteCount < suites.count / 2; suite += 2)
		options->suites[options->suiteCount++] = (uint16_t)(suite[0] << 8 | suite[1]);
}

// createConfig(options[, lookUp])
napi_value addonCreateConfig(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result = NULL;
	size_t count = 2;
	DtlsOptions options;
	DtlsError error = DTLS_ERROR_MEMORY;
	char serverName[DTLS_NAME_BYTES + 2], sni[DTLS_NAME_BYTES + 2];
	napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
	readOptions(env, arguments[0], &options);
	options.serverName = textOption(env, arguments[0], "serverName", serverName);
	options.sni = textOption(env, arguments[0], "sni", sni);
	Config* config = calloc(1, sizeof *config);
	if (!config)
		return addonFail(env, dtlsErrorText(error));
	config->env = env;
	config->users = 1;
	napi_valuetype type = napi_undefined;
	if (count > 1)
		napi_typeof(env, arguments[1], &type);
	if (type == napi_function) {
		napi_create_reference(env, arguments[1], 1, &config->lookUp);
		options.lookUp = lookUp;
		options.owner = config;
	}
	config->config = dtlsConfigCreate(&options, &error);
	bool isMade = config->config && napi_create_object(env, &result) == napi_ok && napi_type_tag_object(env, result, &configTag) == napi_ok &&
		napi_wrap(env, result, config, finalizeConfig, NULL, NULL) == napi_ok;
	if (isMade)
		return result;
	release(config);
	return addonFail(env, dtlsErrorText(error));
}

static void* unwrap(napi_env env, napi_value value, const napi_type_tag* tag)
{
	bool isTagged = false;
	void* data = NULL;
	if (napi_check_object_type_tag(env, value, tag, &isTagged) != napi_ok || !isTagged || napi_unwrap(env, value, &data) != napi_ok)
		addonFail(env, "not a DTLS object");
	return data;
}

Config* addonConfig(napi_env env, napi_value value)
{
	return unwrap(env, value, &configTag);
}

Session* addonSession(napi_env env, napi_value value)
{
	return unwrap(env, value, &sessionTag);
}

// createSession(config)
napi_value addonCreateSession(napi_env env, napi_callback_info info)
{
	napi_value argument, result = NULL;
	size_t count = 1;
	DtlsError error = DTLS_ERROR_MEMORY;
	napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
	Config* config = addonConfig(env, argument);
	if (!config)
		return NULL;
	Session* session = calloc(1, sizeof *session);
	if (!session)
		return addonFail(env, dtlsErrorText(error));
	session->config = config;
	config->users++;
	session->session = dtlsCreate(config->config, &error);
	bool isMade = session->session && napi_create_object(env, &result) == napi_ok && napi_type_tag_object(env, result, &sessionTag) == napi_ok &&
		napi_wrap(env, result, session, finalizeSession, NULL, NULL) == napi_ok;
	if (isMade)
		return result;
	finalizeSession(env, session, NULL);
	return addonFail(env, dtlsErrorText(error));
}
