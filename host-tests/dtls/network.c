// The simulated network (network.h): a list of datagrams, ordered by the moment of their arrival.

#include "network.h"

#include <stdlib.h>
#include <string.h>

enum { DELAY_MS = 10, REORDER_MS = 200, RECORD_HEADER = 13, TYPE_CID = 25 };

typedef struct Datagram Datagram;
struct Datagram {
	Datagram* next;
	uint64_t at;
	int to;
	size_t count;
	uint8_t bytes[DATAGRAM_SIZE];
};

End ends[2];
uint64_t now;
unsigned lossRate, doubleRate, reorderRate;
bool (*onDatagram)(int from, uint8_t* datagram, size_t* count);
void (*onTurn)(int end);

static Datagram* underWay;
static uint32_t state = 1;

void randomSeed(uint32_t seed)
{
	state = seed ? seed : 1;
}

uint32_t randomBelow(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (uint32_t)((uint64_t)state * limit >> 32);
}

void networkReset(void)
{
	while (underWay) {
		Datagram* first = underWay;
		underWay = first->next;
		free(first);
	}
	for (int i = 0; i < 2; i++) {
		dtlsDestroy(ends[i].session);
		dtlsConfigDestroy(ends[i].config);
		memset(&ends[i], 0, sizeof ends[i]);
	}
	lossRate = doubleRate = reorderRate = 0;
	onDatagram = NULL;
	onTurn = NULL;
}

static void deliver(int to, const uint8_t* bytes, size_t count)
{
	Datagram* added = malloc(sizeof *added);
	if (!added)
		abort();
	added->to = to;
	added->count = count;
	added->at = now + DELAY_MS + (randomBelow(100) < reorderRate ? randomBelow(REORDER_MS) : 0);
	memcpy(added->bytes, bytes, count);
	Datagram** at = &underWay;
	while (*at && (*at)->at <= added->at)
		at = &(*at)->next;
	added->next = *at;
	*at = added;
}

// Counts the sequence numbers of the protected records, which the receiver's connection ID may precede.
static void countNumbers(End* end, size_t cidBytes, const uint8_t* bytes, size_t count)
{
	for (size_t at = 0; at + RECORD_HEADER <= count;) {
		const uint8_t* record = bytes + at;
		size_t header = RECORD_HEADER + (record[0] == TYPE_CID ? cidBytes : 0);
		if (at + header > count)
			abort();
		unsigned number = (unsigned)record[8] << 16 | (unsigned)record[9] << 8 | record[10];
		bool isProtected = record[4] == 1;
		if (isProtected && number < AUDIT_NUMBERS && end->audit[number] < UINT8_MAX)
			end->audit[number]++;
		at += header + ((size_t)record[header - 2] << 8 | record[header - 1]);
	}
}

static void transmit(int from, uint8_t* bytes, size_t count)
{
	End* end = &ends[from];
	end->sentDatagrams++;
	end->sentBytes += (unsigned)count;
	if (count > end->largestDatagram)
		end->largestDatagram = (unsigned)count;
	if (end->audit) {
		const uint8_t* cid;
		countNumbers(end, dtlsCid(ends[1 - from].session, &cid), bytes, count);
	}
	if (onDatagram && !onDatagram(from, bytes, &count))
		return;
	if (randomBelow(100) < lossRate)
		return;
	deliver(1 - from, bytes, count);
	if (randomBelow(100) < doubleRate)
		deliver(1 - from, bytes, count);
}

void networkHandle(int index, unsigned events)
{
	End* end = &ends[index];
	uint8_t buffer[DATAGRAM_SIZE];
	size_t count;
	if (events & DTLS_READABLE) {
		while ((count = dtlsRead(end->session, buffer, sizeof buffer)) > 0) {
			end->received++;
			end->lastBytes = count;
			memcpy(end->last, buffer, count);
		}
		events |= dtlsEvents(end->session);
	}
	end->events |= events;
	end->isUp |= (events & DTLS_CONNECTED) != 0;
	if (events & DTLS_OUTPUT)
		while ((count = dtlsTake(end->session, buffer, sizeof buffer)) > 0)
			transmit(index, buffer, count);
	if (events & DTLS_TIMER) {
		int32_t delay = dtlsTimer(end->session);
		end->deadline = delay < 0 ? 0 : now + (uint64_t)delay;
	}
}

static void turn(int end)
{
	if (onTurn)
		onTurn(end);
}

void networkStart(void)
{
	turn(CLIENT);
	networkHandle(CLIENT, dtlsStart(ends[CLIENT].session));
}

bool networkSend(int index, const void* plaintext, size_t count, DtlsError* error)
{
	uint8_t buffer[DATAGRAM_SIZE];
	turn(index);
	size_t size = dtlsSend(ends[index].session, plaintext, count, buffer, sizeof buffer, error);
	if (size > 0)
		transmit(index, buffer, size);
	networkHandle(index, dtlsEvents(ends[index].session));
	return size > 0;
}

// The next thing that happens, at most until `until`; false: nothing does.
static bool step(uint64_t until)
{
	uint64_t at = underWay ? underWay->at : UINT64_MAX;
	int expired = -1;
	for (int i = 0; i < 2; i++)
		if (ends[i].deadline && ends[i].deadline < at) {
			at = ends[i].deadline;
			expired = i;
		}
	if (at > until)
		return false;
	if (at > now)
		now = at;
	if (expired >= 0) {
		ends[expired].deadline = 0;
		turn(expired);
		networkHandle(expired, dtlsExpire(ends[expired].session));
		return true;
	}
	Datagram* first = underWay;
	underWay = first->next;
	turn(first->to);
	networkHandle(first->to, dtlsReceive(ends[first->to].session, first->bytes, first->count));
	free(first);
	return true;
}

void networkRun(uint64_t until)
{
	while (step(until))
		;
	if (now < until)
		now = until;
}

bool networkConnect(uint64_t limitMs)
{
	uint64_t limit = now + limitMs;
	networkStart();
	while (!(ends[CLIENT].isUp && ends[SERVER].isUp) && !((ends[CLIENT].events | ends[SERVER].events) & DTLS_FAILED))
		if (!step(limit))
			return false;
	return ends[CLIENT].isUp && ends[SERVER].isUp;
}
