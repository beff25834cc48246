// Results in the TAP format, and the fixtures that the DTLS tests share.

#ifndef CHECK_H
#define CHECK_H

#include "network.h"

// One line a check; `format` says what holds, as printf does.
void check(bool isGood, const char* format, ...) __attribute__((format(printf, 2, 3)));
// A figure for the report, which no test depends on.
void report(const char* format, ...) __attribute__((format(printf, 1, 2)));
extern unsigned failures;

// Certificates and keys that scripts/test-dtls.mjs has made: a whole file.
extern const char* certificateFolder;
DtlsBytes file(const char* name);

extern const uint8_t seed[DTLS_SEED_BYTES];
extern const uint8_t goodKey[16];

// What is different from a client and a server that agree: each function changes the options of both ends.
typedef struct {
	const char* name;
	bool hasCertificates;
	uint16_t suite; // 0: all
	int clientCid, serverCid;
	bool hasNoCookies;
	void (*change)(DtlsOptions* client, DtlsOptions* server);
} Kind;

// Options of both ends, before `change`.
void optionsOf(const Kind* kind, DtlsOptions* client, DtlsOptions* server);
// Makes both ends anew; false where one of them cannot be made, and *error says why.
bool setUp(const Kind* kind, DtlsError* error);
// A client on the configuration that the network has.
void newClient(void);

// The suites of tests, one a file.
void testHandshake(void);
void testLoss(unsigned count);
void testState(void);
void testErrors(void);
void testFuzz(unsigned count);
void testMemory(void);
void testStream(unsigned count);

#endif
