// Handshakes of every kind on a bad network: 20 % lost, 10 % doubled, 20 % late. All of them complete.

#include "check.h"

enum { LOSS = 20, DOUBLE = 10, REORDER = 20, LIMIT_MS = 300000, MESSAGES = 5 };

static void slice(DtlsOptions* client, DtlsOptions* server)
{
	client->mtu = server->mtu = 300;
	dtlsSetSlice(1000);
}

static void lossy(const Kind* kind, unsigned count)
{
	unsigned complete = 0, usable = 0, bytes = 0;
	uint64_t total = 0, longest = 0;
	DtlsError error;
	for (unsigned i = 0; i < count; i++) {
		if (!setUp(kind, &error))
			break;
		lossRate = LOSS;
		doubleRate = DOUBLE;
		reorderRate = REORDER;
		uint64_t start = now;
		if (!networkConnect(LIMIT_MS)) {
			report("%s, number %u: after %u ms the client says \"%s\", the server \"%s\"", kind->name, i, (unsigned)(now - start), dtlsErrorText(dtlsError(ends[CLIENT].session)), dtlsErrorText(dtlsError(ends[SERVER].session)));
			continue;
		}
		complete++;
		bytes += ends[CLIENT].sentBytes + ends[SERVER].sentBytes;
		total += now - start;
		if (now - start > longest)
			longest = now - start;
		lossRate = 0;
		for (int j = 0; j < MESSAGES; j++) {
			networkSend(CLIENT, "there", 5, &error);
			networkRun(now + 500);
			networkSend(SERVER, "back", 4, &error);
			networkRun(now + 500);
		}
		usable += ends[CLIENT].received == MESSAGES && ends[SERVER].received == MESSAGES;
	}
	check(complete == count, "%s: %u of %u handshakes complete", kind->name, complete, count);
	check(usable == count, "%s: %u of %u sessions carry %d messages each way, once", kind->name, usable, count, MESSAGES);
	if (complete > 0)
		report("%s: %u ms and %u bytes on average, %u ms at most", kind->name, (unsigned)(total / complete), bytes / complete, (unsigned)longest);
}

void testLoss(unsigned count)
{
	static const Kind kinds[] = {
		{ "PSK", false, 0xc0a8, -1, -1, false, NULL },
		{ "PSK with connection ID", false, 0xc0a8, 0, 6, false, NULL },
		{ "PSK with connection ID, no cookie", false, 0xc0a8, 0, 6, true, NULL },
		{ "ECDHE-PSK", false, 0xc037, 0, 6, false, NULL },
		{ "ECDSA", true, 0xc0ae, -1, -1, false, NULL },
		{ "ECDSA with connection ID", true, 0xc0ae, 0, 6, false, NULL },
		{ "ECDSA in small datagrams and slices", true, 0xc0ae, 0, 6, false, slice },
	};
	randomSeed(20);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		lossy(&kinds[i], count);
		dtlsSetSlice(0);
	}
}
