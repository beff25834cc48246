// What the files of the addon share (addon.c says what it is).

#ifndef ADDON_H
#define ADDON_H

#include <node_api.h>

#include "dtls-core.h"

typedef struct {
	DtlsConfig* config;
	unsigned users; // its JavaScript object and its sessions
	napi_env env;
	napi_ref lookUp; // NULL: none
} Config;

typedef struct {
	DtlsSession* session; // NULL once it is closed
	Config* config;
} Session;

// addon-objects.c: from and to JavaScript. Where they answer NULL or false an exception is pending.
napi_value addonFail(napi_env env, const char* message);
// A view or an ArrayBuffer; nothing else, and no exception.
bool addonBytes(napi_env env, napi_value value, DtlsBytes* bytes);
Config* addonConfig(napi_env env, napi_value value);
Session* addonSession(napi_env env, napi_value value);

// createConfig(options[, lookUp]), createSession(config)
napi_value addonCreateConfig(napi_env env, napi_callback_info info);
napi_value addonCreateSession(napi_env env, napi_callback_info info);

// addon-queries.c: a call on a session, (session, …). False with an exception where there is no open one.
typedef struct {
	DtlsSession* session;
	napi_value arguments[4];
} AddonCall;
bool addonBegin(napi_env env, napi_callback_info info, AddonCall* call);
napi_value addonNumber(napi_env env, double value);

// Functions by name; the last has none.
typedef struct {
	const char* name;
	napi_callback function;
} AddonFunction;
extern const AddonFunction addonQueries[];
void addonDefine(napi_env env, napi_value exports, const AddonFunction* functions);

#endif
