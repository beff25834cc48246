// Two DTLS sessions of one process, with a network between them that loses, doubles and reorders, in virtual time.

#ifndef NETWORK_H
#define NETWORK_H

#include "dtls-core.h"

enum { CLIENT, SERVER, DATAGRAM_SIZE = 2048, AUDIT_NUMBERS = 1 << 16 };

typedef struct {
	DtlsConfig* config;
	DtlsSession* session;
	uint64_t deadline; // 0: none
	bool isUp; // has been connected
	unsigned events; // all that came so far
	unsigned sentDatagrams, sentBytes, largestDatagram;
	unsigned received; // plaintexts
	uint8_t last[DATAGRAM_SIZE]; // the latest of them
	size_t lastBytes;
	// How often each sequence number of epoch 1 has been sent; NULL: not counted.
	uint8_t* audit;
} End;

extern End ends[2];
extern uint64_t now; // ms
// Percent.
extern unsigned lossRate, doubleRate, reorderRate;
// Where not NULL, sees every datagram on its way; an answer of false loses it.
extern bool (*onDatagram)(int from, uint8_t* datagram, size_t* count);
// Where not NULL, called before an end is.
extern void (*onTurn)(int end);

// The same numbers for the same seed.
void randomSeed(uint32_t seed);
uint32_t randomBelow(uint32_t limit);

// Forgets what is under way and destroys both ends.
void networkReset(void);
// Does what the events of a call say.
void networkHandle(int end, unsigned events);
void networkStart(void);
// False where the session refuses.
bool networkSend(int end, const void* plaintext, size_t count, DtlsError* error);
// Time passes, at most until `until`; stops early once nothing is under way and no timer runs.
void networkRun(uint64_t until);
// Until both ends are connected, one has failed, or the time is over.
bool networkConnect(uint64_t limitMs);

#endif
