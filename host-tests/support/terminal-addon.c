// The terminal of the shell (src/native/terminal-*.h) for Node: the functions of src/shell/terminal.d.ts. Node-API 8.

#include <node_api.h>
#include <stdlib.h>

#include "../../src/native/terminal-keys.h"
#include "../../src/native/terminal-words.h"

enum { MOST_ARGUMENTS = 4 };

typedef struct {
	napi_value arguments[MOST_ARGUMENTS];
	Terminal* terminal;
	uint32_t size;
} Call;

// False with an exception where the first argument is no buffer for a terminal.
static bool begin(napi_env env, napi_callback_info info, Call* call)
{
	size_t count = MOST_ARGUMENTS, size = 0;
	void* data = NULL;
	napi_get_cb_info(env, info, &count, call->arguments, NULL, NULL);
	if (napi_get_typedarray_info(env, call->arguments[0], NULL, &size, &data, NULL, NULL) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a buffer");
		return false;
	}
	call->terminal = data;
	call->size = (uint32_t)size;
	return true;
}

static bool beginOpened(napi_env env, napi_callback_info info, Call* call)
{
	if (!begin(env, info, call))
		return false;
	if (isOpen(call->terminal, call->size))
		return true;
	napi_throw_range_error(env, NULL, "not a terminal");
	return false;
}

static int32_t number(napi_env env, napi_value value)
{
	int32_t result = 0;
	napi_get_value_int32(env, value, &result);
	return result;
}

static bool truth(napi_env env, napi_value value)
{
	bool result = false;
	napi_get_value_bool(env, value, &result);
	return result;
}

static napi_value fromBool(napi_env env, bool value)
{
	napi_value result;
	napi_get_boolean(env, value, &result);
	return result;
}

static napi_value fromNumber(napi_env env, int32_t value)
{
	napi_value result;
	napi_create_int32(env, value, &result);
	return result;
}

// The caller frees it; NULL with an exception where it is none.
static uint8_t* text(napi_env env, napi_value value, size_t* size)
{
	if (napi_get_value_string_utf8(env, value, NULL, 0, size) != napi_ok) {
		napi_throw_type_error(env, NULL, "not a string");
		return NULL;
	}
	char* result = malloc(*size + 1);
	napi_get_value_string_utf8(env, value, result, *size + 1, size);
	return (uint8_t*)result;
}

static napi_value callOpen(napi_env env, napi_callback_info info)
{
	Call call;
	if (!begin(env, info, &call))
		return NULL;
	int32_t line = number(env, call.arguments[1]), history = number(env, call.arguments[2]);
	if (!openTerminal(call.terminal, call.size, line, history, truth(env, call.arguments[3])))
		napi_throw_range_error(env, NULL, "a terminal does not fit into the buffer");
	return NULL;
}

static napi_value callSent(napi_env env, napi_callback_info info)
{
	Call call;
	if (!beginOpened(env, info, &call))
		return NULL;
	return fromNumber(env, (int32_t)sent(call.terminal, (uint32_t)number(env, call.arguments[1])));
}

static napi_value callFeed(napi_env env, napi_callback_info info)
{
	Call call;
	if (!beginOpened(env, info, &call))
		return NULL;
	return fromNumber(env, feed(call.terminal, number(env, call.arguments[1]), truth(env, call.arguments[2])));
}

static napi_value withText(napi_env env, napi_callback_info info, bool (*function)(Terminal*, const uint8_t*, size_t))
{
	Call call;
	size_t size;
	if (!beginOpened(env, info, &call))
		return NULL;
	uint8_t* bytes = text(env, call.arguments[1], &size);
	if (!bytes)
		return NULL;
	bool result = function(call.terminal, bytes, size);
	free(bytes);
	return fromBool(env, result);
}

static napi_value callAnswer(napi_env env, napi_callback_info info)
{
	return withText(env, info, answer);
}

static napi_value callReport(napi_env env, napi_callback_info info)
{
	return withText(env, info, report);
}

static napi_value callInsert(napi_env env, napi_callback_info info)
{
	return withText(env, info, insert);
}

static napi_value callWords(napi_env env, napi_callback_info info)
{
	Call call;
	napi_value result = NULL, item;
	char message[MESSAGE_BYTES], quote, bytes[UINT16_MAX];
	int32_t size;
	if (!beginOpened(env, info, &call) || call.terminal->isTooLong)
		return NULL;
	if (isWrong(call.terminal, message)) {
		napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &result);
		return result;
	}
	bool isOpen = truth(env, call.arguments[1]) && isBehindSpace(call.terminal);
	napi_create_array(env, &result);
	for (uint32_t at = 0, index = 0;; index++) {
		at = word(call.terminal, at, bytes, &size, &quote);
		if (size < 0 && !isOpen)
			return result;
		napi_create_string_utf8(env, bytes, size < 0 ? 0 : (size_t)size, &item);
		napi_set_element(env, result, index, item);
		if (size < 0)
			return result;
	}
}

static napi_value callAccept(napi_env env, napi_callback_info info)
{
	Call call;
	if (beginOpened(env, info, &call))
		acceptLine(call.terminal, truth(env, call.arguments[1]));
	return NULL;
}

NAPI_MODULE_INIT()
{
	static const struct {
		const char* name;
		napi_callback function;
	} functions[] = {
		{ "open", callOpen },
		{ "sent", callSent },
		{ "feed", callFeed },
		{ "answer", callAnswer },
		{ "report", callReport },
		{ "words", callWords },
		{ "insert", callInsert },
		{ "accept", callAccept },
	};
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
		napi_value value;
		napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &value);
		napi_set_named_property(env, exports, functions[i].name, value);
	}
	return exports;
}
