// Mutated datagrams into every state of both roles, from a fixed seed. The sanitizers watch memory and arithmetic; what
// is checked here is that nobody but the peer can end or move a session, or put a word into its mouth.

#include "check.h"

#include <string.h>

enum { CORPUS = 64, HANDSHAKE_MS = 100000, MOST_CHANGES = 6, MESSAGE = 30 };

typedef struct {
	uint8_t bytes[DATAGRAM_SIZE];
	size_t count;
} Sample;

// Datagrams of good handshakes and of data, by the end that receives them.
static Sample corpus[2][CORPUS];
static size_t corpusCount[2];

static bool collect(int from, uint8_t* datagram, size_t* count)
{
	int to = 1 - from;
	if (corpusCount[to] < CORPUS) {
		Sample* sample = &corpus[to][corpusCount[to]++];
		memcpy(sample->bytes, datagram, *count);
		sample->count = *count;
	}
	return true;
}

static size_t mutate(int to, uint8_t* into)
{
	const Sample* sample = &corpus[to][randomBelow((uint32_t)corpusCount[to])];
	size_t count = sample->count;
	memcpy(into, sample->bytes, count);
	for (uint32_t changes = 1 + randomBelow(MOST_CHANGES); changes > 0 && count > 0; changes--) {
		// the headers, twice as often as the rest
		size_t at = randomBelow(2) ? randomBelow(count < 48 ? (uint32_t)count : 48) : randomBelow((uint32_t)count);
		size_t run = 1 + randomBelow(8);
		switch (randomBelow(7)) {
		case 0:
			into[at] ^= (uint8_t)(1 << randomBelow(8));
			break;
		case 1:
			into[at] = (uint8_t)randomBelow(256);
			break;
		case 2:
			into[at] = randomBelow(2) ? 0xff : 0;
			break;
		case 3:
			count = at;
			break;
		case 4:
			for (size_t i = at; i < count && i < at + run; i++)
				into[i] = (uint8_t)randomBelow(256);
			break;
		case 5:
			if (at + run < count) {
				memmove(into + at, into + at + run, count - at - run);
				count -= run;
			}
			break;
		default: {
			const Sample* other = &corpus[to][randomBelow((uint32_t)corpusCount[to])];
			size_t length = other->count < DATAGRAM_SIZE - at ? other->count : DATAGRAM_SIZE - at;
			memcpy(into + at, other->bytes, length);
			count = at + length > count ? at + length : count;
		}
		}
	}
	return count;
}

static bool isSample(int to, const uint8_t* bytes, size_t count)
{
	for (size_t i = 0; i < corpusCount[to]; i++)
		if (corpus[to][i].count == count && memcmp(corpus[to][i].bytes, bytes, count) == 0)
			return true;
	return false;
}

// Into sessions at any step of the handshake: they may fail, as their peer's alert makes them; nothing may break.
static void fuzzHandshake(const Kind* kind, unsigned count)
{
	unsigned fed = 0, sessions = 0;
	DtlsError error;
	uint8_t datagram[DATAGRAM_SIZE];
	while (fed < count) {
		if (!setUp(kind, &error))
			break;
		sessions++;
		networkStart();
		// some steps of a good handshake, then nonsense, then the rest
		networkRun(now + randomBelow(6) * 10);
		for (unsigned burst = 1 + randomBelow(200); burst > 0 && fed < count; burst--, fed++) {
			int to = (int)randomBelow(2);
			size_t size = mutate(to, datagram);
			networkHandle(to, dtlsReceive(ends[to].session, datagram, size));
			if (randomBelow(16) == 0)
				networkHandle(to, dtlsExpire(ends[to].session));
		}
		networkRun(now + 5000);
	}
	check(fed == count && error == DTLS_OK, "%s: %u mutated datagrams into %u handshakes break nothing", kind->name, fed, sessions);
}

// Into connected sessions: whatever comes, they stay, tell nobody anything, and carry the next message.
static void fuzzConnected(const Kind* kind, unsigned count)
{
	unsigned fed = 0, forged = 0, ended = 0, moved = 0, broken = 0;
	DtlsError error;
	uint8_t datagram[DATAGRAM_SIZE], plaintext[DATAGRAM_SIZE];
	setUp(kind, &error);
	onDatagram = collect;
	corpusCount[CLIENT] = corpusCount[SERVER] = 0;
	networkConnect(HANDSHAKE_MS);
	networkRun(now + 100);
	for (int i = 0; i < 8; i++) {
		networkSend(i % 2, "a message of thirty characters", MESSAGE, &error);
		networkRun(now + 100);
	}
	onDatagram = NULL;
	while (fed < count) {
		int to = (int)randomBelow(2);
		size_t size = mutate(to, datagram);
		if (isSample(to, datagram, size))
			continue;
		fed++;
		unsigned events = dtlsReceive(ends[to].session, datagram, size);
		forged += (events & DTLS_READABLE) != 0;
		moved += (events & DTLS_NEWER) != 0;
		ended += (events & (DTLS_CLOSED | DTLS_FAILED)) != 0;
		while (dtlsRead(ends[to].session, plaintext, sizeof plaintext) > 0)
			;
		while (dtlsTake(ends[to].session, plaintext, sizeof plaintext) > 0)
			;
		if (fed % 4096 == 0) {
			unsigned before = ends[to].received;
			broken += !networkSend(1 - to, "still here", 10, &error);
			networkRun(now + 100);
			broken += ends[to].received != before + 1;
		}
	}
	check(forged == 0, "%s, connected: %u mutated datagrams, none of them passes for data", kind->name, fed);
	check(moved == 0, "%s, connected: none of them passes for a newer record", kind->name);
	check(ended == 0 && broken == 0, "%s, connected: the sessions stay usable (%u ended, %u lost a message)", kind->name, ended, broken);
}

void testFuzz(unsigned count)
{
	static const Kind psk = { "PSK", false, 0, 0, 6, false, NULL };
	static const Kind cids = { "PSK with two connection IDs", false, 0xc0a8, 4, 8, false, NULL };
	static const Kind ecdsa = { "ECDSA", true, 0, 0, 6, false, NULL };
	const unsigned certificates = count / 10;
	randomSeed(7);
	fuzzConnected(&psk, count / 4);
	fuzzHandshake(&psk, count / 4);
	fuzzConnected(&cids, count / 4);
	fuzzHandshake(&cids, count / 4 - 2 * certificates);
	fuzzConnected(&ecdsa, certificates);
	fuzzHandshake(&ecdsa, certificates);
}
