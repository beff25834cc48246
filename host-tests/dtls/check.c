// Checks and fixtures (check.h).

#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned failures;
const char* certificateFolder;
const uint8_t goodKey[16] = "0123456789abcde";
const uint8_t seed[DTLS_SEED_BYTES] = "the same seed makes the same session every time";

void check(bool isGood, const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs(isGood ? "ok - " : "not ok - ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
	failures += !isGood;
}

void report(const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("# ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

enum { MOST_FILES = 32, FILE_BYTES = 4096 };

DtlsBytes file(const char* name)
{
	static struct {
		char name[32];
		uint8_t bytes[FILE_BYTES];
		size_t count;
	} files[MOST_FILES];
	int at = 0;
	while (at < MOST_FILES - 1 && files[at].name[0] && strcmp(files[at].name, name) != 0)
		at++;
	if (!files[at].name[0]) {
		char path[512];
		snprintf(path, sizeof path, "%s/%s", certificateFolder, name);
		FILE* stream = fopen(path, "rb");
		if (!stream) {
			fprintf(stderr, "%s cannot be read\n", path);
			exit(2);
		}
		files[at].count = fread(files[at].bytes, 1, FILE_BYTES, stream);
		fclose(stream);
		snprintf(files[at].name, sizeof files[at].name, "%s", name);
	}
	return (DtlsBytes){ files[at].bytes, files[at].count };
}

static int lookUp(void* owner, const uint8_t* identity, size_t count, uint8_t* key, size_t size)
{
	(void)owner;
	if (count != 4 || memcmp(identity, "dev1", 4) != 0 || size < sizeof goodKey)
		return -1;
	memcpy(key, goodKey, sizeof goodKey);
	return sizeof goodKey;
}

void optionsOf(const Kind* kind, DtlsOptions* client, DtlsOptions* server)
{
	memset(client, 0, sizeof *client);
	memset(server, 0, sizeof *server);
	client->seed = server->seed = (DtlsBytes){ seed, sizeof seed };
	client->cidBytes = kind->clientCid;
	server->cidBytes = kind->serverCid;
	server->isServer = true;
	server->hasNoCookies = kind->hasNoCookies;
	if (kind->suite) {
		client->suites[0] = kind->suite;
		client->suiteCount = 1;
	}
	server->lookUp = lookUp;
	server->certificate = file("server.pem");
	server->privateKey = file("server.key");
	server->peerCertificate = file("ca.pem");
	if (kind->hasCertificates) {
		client->certificate = file("client.der");
		client->privateKey = file("client.key.der");
		client->peerCertificate = file("ca.der");
		client->usage = DTLS_USAGE_ANY;
		client->serverName = "localhost";
	}
	else {
		client->identity = (DtlsBytes){ "dev1", 4 };
		client->key = (DtlsBytes){ goodKey, sizeof goodKey };
	}
}

void newClient(void)
{
	DtlsError error;
	End* client = &ends[CLIENT];
	dtlsDestroy(client->session);
	client->session = dtlsCreate(client->config, &error);
	if (!client->session)
		abort();
	client->isUp = false;
	client->events = 0;
	client->deadline = 0;
}

bool setUp(const Kind* kind, DtlsError* error)
{
	networkReset();
	DtlsOptions options[2];
	optionsOf(kind, &options[CLIENT], &options[SERVER]);
	if (kind->change)
		kind->change(&options[CLIENT], &options[SERVER]);
	for (int i = 0; i < 2; i++) {
		ends[i].config = dtlsConfigCreate(&options[i], error);
		if (!ends[i].config)
			return false;
		ends[i].session = dtlsCreate(ends[i].config, error);
		if (!ends[i].session)
			return false;
	}
	dtlsSetPeer(ends[SERVER].session, "peer", 4);
	return true;
}
