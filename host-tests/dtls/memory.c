// What a session takes: heap while it idles, in its handshake, and afterwards. That nothing is allocated for a record, and
// that no memory is given back with a secret in it.

#include "check.h"
#include "library.h"

#include <stdlib.h>
#include <string.h>

#include "mbedtls/platform.h"

typedef struct {
	size_t size;
	int end;
} Header;

enum { HANDSHAKE_MS = 100000, HEADER_BYTES = 16, OTHERS = 2, ROUNDS = 10 };

// Whose memory is counted: the client's, the server's, or that of the test.
static int counted = OTHERS;
static size_t inUse[3], peak[3], blocks;

// The secrets that are looked for: the pre-shared key, and the client's private key in both orders of bytes.
enum { SCALAR_BYTES = 32, SECRETS = 3 };
static uint8_t scalar[SCALAR_BYTES], reversed[SCALAR_BYTES];
static const DtlsBytes secrets[SECRETS] = { { goodKey, sizeof goodKey }, { scalar, SCALAR_BYTES }, { reversed, SCALAR_BYTES } };
static unsigned found;

// The private key is the first octet string of 32 bytes in its file. RFC 5915 3.
static void readScalar(void)
{
	DtlsBytes key = file("client.key.der");
	const uint8_t* bytes = key.data;
	size_t at = 0;
	while (at + 2 + SCALAR_BYTES <= key.count && !(bytes[at] == 0x04 && bytes[at + 1] == SCALAR_BYTES))
		at++;
	for (size_t i = 0; i < SCALAR_BYTES; i++)
		scalar[i] = reversed[SCALAR_BYTES - 1 - i] = bytes[at + 2 + i];
}

static void lookForSecrets(const uint8_t* block, size_t size)
{
	for (int i = 0; i < SECRETS; i++)
		found += memmem(block, size, secrets[i].data, secrets[i].count) != NULL;
}

static void* allocate(size_t count, size_t size)
{
	size_t bytes = count * size;
	uint8_t* block = calloc(1, bytes + HEADER_BYTES);
	if (!block)
		return NULL;
	*(Header*)block = (Header){ bytes, counted };
	inUse[counted] += bytes;
	blocks++;
	if (inUse[counted] > peak[counted])
		peak[counted] = inUse[counted];
	return block + HEADER_BYTES;
}

static void release(void* memory)
{
	if (!memory)
		return;
	uint8_t* block = (uint8_t*)memory - HEADER_BYTES;
	const Header* header = (const Header*)block;
	inUse[header->end] -= header->size;
	lookForSecrets(memory, header->size);
	free(block);
}

static void count(int end)
{
	counted = end;
}

static void measure(const Kind* kind)
{
	DtlsOptions client, server;
	DtlsError error;
	networkReset();
	memset(peak, 0, sizeof peak);
	optionsOf(kind, &client, &server);
	counted = SERVER;
	ends[SERVER].config = dtlsConfigCreate(&server, &error);
	ends[SERVER].session = dtlsCreate(ends[SERVER].config, &error);
	dtlsSetPeer(ends[SERVER].session, "peer", 4);
	counted = CLIENT;
	ends[CLIENT].config = dtlsConfigCreate(&client, &error);
	size_t configuration = inUse[CLIENT], most = peak[CLIENT];
	ends[CLIENT].session = dtlsCreate(ends[CLIENT].config, &error);
	size_t idle = inUse[CLIENT];
	peak[CLIENT] = idle;
	onTurn = count;
	bool isUp = networkConnect(HANDSHAKE_MS);
	networkRun(now + 100);
	size_t handshake = peak[CLIENT], connected = inUse[CLIENT];
	check(isUp, "%s: a session to measure", kind->name);
	report("%s: heap %u bytes for credentials (%u while they are read), %u before the handshake, %u at its peak, %u when connected", kind->name, (unsigned)configuration, (unsigned)most, (unsigned)idle, (unsigned)handshake, (unsigned)connected);
	size_t before = inUse[CLIENT] + inUse[SERVER] + inUse[OTHERS];
	blocks = 0;
	for (int i = 0; i < ROUNDS; i++) {
		networkSend(CLIENT, "there", 5, &error);
		networkRun(now + 100);
		networkSend(SERVER, "back", 4, &error);
		networkRun(now + 100);
	}
	bool isKept = inUse[CLIENT] + inUse[SERVER] + inUse[OTHERS] > before;
	check(ends[CLIENT].received == ROUNDS && !isKept, "%s: records in and out keep no memory", kind->name);
	// two records a round, each protected and taken
	check(blocks == BLOCKS_A_RECORD * ROUNDS * 4, "%s: a record allocates %d blocks", kind->name, BLOCKS_A_RECORD);
	uint8_t blob[DTLS_BLOB_BYTES];
	counted = CLIENT;
	peak[CLIENT] = 0;
	size_t size = dtlsSave(ends[CLIENT].session, 100, blob, sizeof blob, &error);
	report("%s: saved in %u bytes, with %u bytes of heap at its peak", kind->name, (unsigned)size, (unsigned)peak[CLIENT]);
	networkReset();
	libraryReset();
	check(inUse[CLIENT] == 0 && inUse[SERVER] == 0, "%s: all memory is given back", kind->name);
	counted = OTHERS;
}

// Fails each allocation in turn: the ends give up or go on, and give everything back.
static size_t failAt, attempts;

static void* failing(size_t count, size_t size)
{
	if (mustNotFail(size))
		return allocate(count, size);
	return ++attempts == failAt ? NULL : allocate(count, size);
}

static void exhaust(const Kind* kind, size_t stride)
{
	size_t runs = 0, leaks = 0;
	mbedtls_platform_set_calloc_free(failing, release);
	for (failAt = 1;; failAt += stride) {
		DtlsError error = DTLS_OK;
		attempts = 0;
		uint8_t blob[DTLS_BLOB_BYTES];
		if (setUp(kind, &error)) {
			size_t size = networkConnect(HANDSHAKE_MS) ? dtlsSave(ends[CLIENT].session, 100, blob, sizeof blob, &error) : 0;
			DtlsSession* restored = size > 0 ? dtlsCreate(ends[CLIENT].config, &error) : NULL;
			if (restored)
				dtlsLoad(restored, blob, size);
			dtlsDestroy(restored);
			networkRun(now + 100);
		}
		bool isDone = attempts < failAt;
		networkReset();
		libraryReset();
		runs++;
		leaks += inUse[CLIENT] + inUse[SERVER] + inUse[OTHERS];
		if (isDone)
			break;
	}
	mbedtls_platform_set_calloc_free(allocate, release);
	check(leaks == 0, "%s: each of %u allocations may fail, nothing is lost", kind->name, (unsigned)runs);
}

void testMemory(void)
{
	static const Kind psk = { "PSK", false, 0xc0a8, 0, 6, false, NULL };
	static const Kind ecdsa = { "ECDSA", true, 0xc0ae, 0, 6, false, NULL };
	DtlsError error;
	// the generator of Mbed TLS 4 outlives every session
	setUp(&psk, &error);
	networkReset();
	libraryReset();
	readScalar();
	mbedtls_platform_set_calloc_free(allocate, release);
	measure(&psk);
	measure(&ecdsa);
	uint8_t* block = mbedtls_calloc(1, 100);
	memcpy(block + 50, reversed, SCALAR_BYTES);
	unsigned before = found;
	mbedtls_free(block);
	check(before == 0 && found == 1, "no key is in memory that is given back (%u)", before);
	counted = OTHERS;
	exhaust(&psk, 1);
	// most of its allocations are numbers of the curve's arithmetic
	exhaust(&ecdsa, 61);
	mbedtls_platform_set_calloc_free(calloc, free);
}
