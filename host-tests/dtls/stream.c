// TLS over a stream: handshakes and data in pieces of any size, records that fit, faults and their names, memory, and bytes
// that are changed on their way.

#include "check.h"
#include "library.h"
#include "pipe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mbedtls/platform.h"

enum { PSK_CCM8 = 0xc0a8, ECDHE_PSK_CBC = 0xc037, ECDSA_CCM8 = 0xc0ae, ECDSA_GCM = 0xc02b, ECDSA_CBC = 0xc023 };
// What a record may have beside the 1024 bytes of plaintext that max_fragment_length allows.
enum { DATA_BYTES = 20000, RECORD_BYTES = 1024 + 80, FAR_SECONDS = 20 * 365 * 24 * 3600 };

static uint8_t data[DATA_BYTES];

static void useStream(DtlsOptions* client, DtlsOptions* server)
{
	client->isStream = server->isStream = true;
}

// The client checks the server, and has no certificate of its own.
static void trustOnly(DtlsOptions* client, DtlsOptions* server)
{
	useStream(client, server);
	client->certificate = client->privateKey = server->peerCertificate = (DtlsBytes){ NULL, 0 };
}

static void useSlices(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	dtlsSetSlice(200);
}

static void sendChain(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	server->certificate = file("server-chain.pem");
}

static void useAuthority(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	client->peerCertificate = file("other-ca.pem");
}

static void useName(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	client->sni = "other.example";
}

static void useLateTime(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	client->timeSeconds = (int64_t)time(NULL) + FAR_SECONDS;
}

static void useIdentity(DtlsOptions* client, DtlsOptions* server)
{
	useStream(client, server);
	client->identity = (DtlsBytes){ "nobody", 6 };
}

static void useKey(DtlsOptions* client, DtlsOptions* server)
{
	useStream(client, server);
	client->key.data = "another key 1234";
}

static void useOtherSuite(DtlsOptions* client, DtlsOptions* server)
{
	trustOnly(client, server);
	client->suites[0] = ECDSA_CCM8;
	server->suites[0] = ECDSA_GCM;
	client->suiteCount = server->suiteCount = 1;
}

// ---- what goes well

static bool isReceived(int end)
{
	return gotBytes[end] == DATA_BYTES && memcmp(got[end], data, DATA_BYTES) == 0;
}

static bool begin(const Kind* kind)
{
	DtlsError error;
	bool isMade = setUp(kind, &error);
	check(isMade, "%s: %s", kind->name, dtlsErrorText(error));
	pipeReset();
	return isMade;
}

static void carry(const Kind* kind, size_t piece)
{
	if (!begin(kind))
		return;
	pieceBytes = piece;
	bool isUp = pipeConnect();
	size_t handshake = pipes[CLIENT].end + pipes[SERVER].end;
	bool isSent = isUp && pipeSend(CLIENT, data, DATA_BYTES) && pipeSend(SERVER, data, DATA_BYTES);
	check(isSent && isReceived(CLIENT) && isReceived(SERVER), "%s over a stream, %u bytes at a time", kind->name, (unsigned)piece);
	check(longestRecord[CLIENT] <= RECORD_BYTES, "%s: the server's records have at most %u bytes", kind->name, (unsigned)longestRecord[CLIENT]);
	if (piece == PIPE_BYTES)
		report("%s over a stream: suite %04x, %u bytes of handshake", kind->name, dtlsSuite(ends[CLIENT].session), (unsigned)handshake);
	ends[SERVER].events |= dtlsClose(ends[SERVER].session);
	pipeRun();
	check(dtlsState(ends[CLIENT].session) == DTLS_IS_CLOSED && ends[CLIENT].events & DTLS_CLOSED, "%s: the good-bye arrives", kind->name);
	dtlsSetSlice(0);
}

static void checkHandshakes(void)
{
	static const Kind kinds[] = {
		{ "PSK", false, 0, 0, 0, false, useStream },
		{ "PSK with CCM", false, PSK_CCM8, 0, 0, false, useStream },
		{ "ECDHE-PSK", false, ECDHE_PSK_CBC, 0, 0, false, useStream },
		{ "ECDSA on both sides", true, 0, 0, 0, false, useStream },
		{ "a trusted server with CCM", true, ECDSA_CCM8, 0, 0, false, trustOnly },
		{ "a trusted server with GCM", true, ECDSA_GCM, 0, 0, false, trustOnly },
		{ "a trusted server with CBC", true, ECDSA_CBC, 0, 0, false, trustOnly },
		{ "a server with its authority's certificate", true, 0, 0, 0, false, sendChain },
		{ "a trusted server, in slices", true, 0, 0, 0, false, useSlices },
	};
	static const size_t pieces[] = { PIPE_BYTES, 1, 7, 333, 1460 };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (size_t j = 0; j < sizeof pieces / sizeof *pieces; j++)
			carry(&kinds[i], pieces[j]);
}

// ---- what goes wrong

static void fail(const Kind* kind, DtlsError expected)
{
	if (!begin(kind))
		return;
	bool isUp = pipeConnect();
	DtlsError error = dtlsError(ends[CLIENT].session);
	check(!isUp && error == expected && ends[CLIENT].events & DTLS_FAILED, "%s over a stream: \"%s\"", kind->name, dtlsErrorText(error));
	check(dtlsFeed(ends[CLIENT].session, data, 10) == 0 && dtlsEvents(ends[CLIENT].session) == 0, "%s: nothing more is taken", kind->name);
}

// What a server that is none of ours answers to the hello.
static void answer(const char* what, const uint8_t* bytes, size_t count, DtlsError expected)
{
	static const Kind kind = { "another server", true, 0, 0, 0, false, trustOnly };
	if (!begin(&kind))
		return;
	dtlsStart(ends[CLIENT].session);
	dtlsFeed(ends[CLIENT].session, bytes, count);
	DtlsError error = dtlsError(ends[CLIENT].session);
	check(error == expected, "%s: \"%s\"", what, dtlsErrorText(error));
}

static size_t changeAt;

static uint8_t changeByte(int to, size_t at, uint8_t byte)
{
	return to == CLIENT && at == changeAt ? byte ^ 1 : byte;
}

static void checkFaults(void)
{
	static const struct {
		Kind kind;
		DtlsError error;
	} cases[] = {
		{ { "an unknown authority", true, 0, 0, 0, false, useAuthority }, DTLS_ERROR_UNKNOWN_CA },
		{ { "another host name", true, 0, 0, 0, false, useName }, DTLS_ERROR_HOST_NAME },
		{ { "an expired certificate", true, 0, 0, 0, false, useLateTime }, DTLS_ERROR_EXPIRED },
		{ { "an unknown identity", false, 0, 0, 0, false, useIdentity }, DTLS_ERROR_IDENTITY },
		{ { "another key", false, 0, 0, 0, false, useKey }, DTLS_ERROR_KEY },
		{ { "no common suite", true, 0, 0, 0, false, useOtherSuite }, DTLS_ERROR_NO_COMMON_SUITE },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		fail(&cases[i].kind, cases[i].error);
	static const uint8_t version[] = { 21, 3, 3, 0, 2, 2, 70 };
	static const uint8_t longRecord[] = { 22, 3, 3, 0x40, 0 };
	enum { PART_BYTES = 1000, PARTS = 3 };
	static uint8_t longMessage[PARTS * (5 + PART_BYTES)];
	for (int i = 0; i < PARTS; i++)
		memcpy(longMessage + i * (5 + PART_BYTES), (const uint8_t[]){ 22, 3, 3, PART_BYTES >> 8, PART_BYTES & 255, 2, 0, 0x40, 0 }, 9);
	static const uint8_t http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	static const uint8_t busy[] = { 21, 3, 3, 0, 2, 2, 80 };
	answer("a server of version 1.3", version, sizeof version, DTLS_ERROR_VERSION);
	answer("a server with records of 16 KB", longRecord, sizeof longRecord, DTLS_ERROR_LONG_RECORD);
	answer("a server with messages of 16 KB", longMessage, sizeof longMessage, DTLS_ERROR_LONG_MESSAGE);
	answer("a server without TLS", http, sizeof http - 1, DTLS_ERROR_PROTOCOL);
	answer("a server in trouble", busy, sizeof busy, DTLS_ERROR_REFUSED);

	static const Kind psk = { "PSK", false, PSK_CCM8, 0, 0, false, useStream };
	if (!begin(&psk) || !pipeConnect())
		return;
	changeAt = pipes[CLIENT].end + 20;
	onByte = changeByte;
	pipeSend(SERVER, data, 100);
	check(dtlsError(ends[CLIENT].session) == DTLS_ERROR_PROTOCOL && gotBytes[CLIENT] == 0, "a changed record ends the session and is not read");
}

// ---- memory

static size_t blocks, failAt, left;

static void* countBlocks(size_t count, size_t size)
{
	blocks++;
	return calloc(count, size);
}

static void* failing(size_t count, size_t size)
{
	void* block = !mustNotFail(size) && ++blocks == failAt ? NULL : calloc(count, size);
	left += block != NULL;
	return block;
}

static void release(void* block)
{
	left -= block != NULL;
	free(block);
}

static void checkMemory(void)
{
	static const Kind psk = { "PSK", false, PSK_CCM8, 0, 0, false, useStream };
	networkReset();
	mbedtls_platform_set_calloc_free(countBlocks, free);
	if (begin(&psk) && pipeConnect()) {
		// the server's record waits in its queue, and is all that is allocated
		blocks = 0;
		pipeSend(SERVER, data, 1000);
		check(blocks == 1 + 2 * BLOCKS_A_RECORD && gotBytes[CLIENT] == 1000, "a record in allocates %d blocks", BLOCKS_A_RECORD);
	}
	networkReset();
	libraryReset();
	mbedtls_platform_set_calloc_free(failing, release);
	failAt = 0;
	do {
		DtlsError error;
		blocks = 0;
		failAt++;
		pipeReset();
		if (setUp(&psk, &error) && pipeConnect())
			pipeSend(CLIENT, data, 1000);
		networkReset();
		libraryReset();
	} while (blocks >= failAt);
	mbedtls_platform_set_calloc_free(calloc, free);
	check(left == 0, "over a stream each of %u allocations may fail, nothing is lost", (unsigned)failAt);
}

// ---- bytes that change

static unsigned changes;

static uint8_t changeSome(int to, size_t at, uint8_t byte)
{
	(void)to, (void)at;
	if (randomBelow(1500) != 0)
		return byte;
	changes++;
	return (uint8_t)randomBelow(256);
}

static void checkChanges(const Kind* kind, unsigned count)
{
	unsigned sessions = 0, ended = 0, wrong = 0;
	changes = 0;
	while (changes < count) {
		DtlsError error;
		if (!setUp(kind, &error))
			break;
		pipeReset();
		pieceBytes = 1 + randomBelow(2000);
		// half of the sessions are connected before it begins
		if (randomBelow(2))
			pipeConnect();
		onByte = changeSome;
		if (!ends[CLIENT].isUp)
			pipeConnect();
		for (int i = 0; i < 8 && dtlsState(ends[CLIENT].session) == DTLS_IS_CONNECTED; i++)
			pipeSend(i % 2, data + i / 2 * 1000, 1000);
		sessions++;
		for (int end = 0; end < 2; end++) {
			ended += dtlsState(ends[end].session) == DTLS_IS_FAILED;
			wrong += memcmp(got[end], data, gotBytes[end]) != 0;
		}
	}
	check(wrong == 0 && ended > 0, "%s: %u changed bytes in %u streams: nothing false is read", kind->name, changes, sessions);
}

void testStream(unsigned count)
{
	static const Kind psk = { "PSK", false, 0, 0, 0, false, useStream };
	static const Kind trusted = { "a trusted server", true, 0, 0, 0, false, trustOnly };
	randomSeed(11);
	for (size_t i = 0; i < DATA_BYTES; i++)
		data[i] = (uint8_t)randomBelow(256);
	checkHandshakes();
	checkFaults();
	checkMemory();
	checkChanges(&psk, count);
	checkChanges(&trusted, count / 10);
}
