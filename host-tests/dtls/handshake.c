// Handshakes of every kind on a good network: they complete, carry data both ways, and keep to the budget of bytes.

#include "check.h"

#include <string.h>

enum {
	PSK_CCM8 = 0xc0a8,
	PSK_GCM = 0x00a8,
	PSK_CBC = 0x00ae,
	ECDHE_PSK_CBC = 0xc037,
	ECDSA_CCM8 = 0xc0ae,
	ECDSA_GCM = 0xc02b,
	ECDSA_CBC = 0xc023,
	OFF = -1,
	HANDSHAKE_MS = 100000,
	// what a handshake with a key and a 6-byte connection ID may take, with and without the cookie exchange
	COOKIE_BUDGET = 610,
	BUDGET = 420,
};

static unsigned overhead(int from)
{
	static const uint8_t plaintext[50] = { 1, 2, 3 };
	DtlsError error;
	unsigned before = ends[from].sentBytes;
	networkSend(from, plaintext, sizeof plaintext, &error);
	networkRun(now + 100);
	const End* to = &ends[1 - from];
	bool isSame = to->received == 1 && to->lastBytes == sizeof plaintext && memcmp(to->last, plaintext, sizeof plaintext) == 0;
	return isSame ? ends[from].sentBytes - before - (unsigned)sizeof plaintext : 0;
}

static unsigned bytesOf(const Kind* kind)
{
	DtlsError error;
	if (!setUp(kind, &error) || !networkConnect(HANDSHAKE_MS)) {
		report("%s: client: %s, server: %s", kind->name, dtlsErrorText(dtlsError(ends[CLIENT].session)), dtlsErrorText(dtlsError(ends[SERVER].session)));
		return 0;
	}
	networkRun(now + 100);
	return ends[CLIENT].sentBytes + ends[SERVER].sentBytes;
}

static void complete(const Kind* kind)
{
	unsigned bytes = bytesOf(kind);
	check(bytes > 0, "%s completes", kind->name);
	if (bytes == 0)
		return;
	unsigned datagrams = ends[CLIENT].sentDatagrams + ends[SERVER].sentDatagrams;
	unsigned suite = dtlsSuite(ends[CLIENT].session);
	bool isWanted = kind->suite == 0 || suite == kind->suite;
	check(isWanted && suite == dtlsSuite(ends[SERVER].session), "%s agrees on the suite", kind->name);
	bool hasServerCid = kind->clientCid != OFF && kind->serverCid > 0;
	bool hasClientCid = kind->serverCid != OFF && kind->clientCid > 0;
	check(dtlsHasPeerCid(ends[CLIENT].session) == hasServerCid && dtlsHasPeerCid(ends[SERVER].session) == hasClientCid, "%s agrees on connection IDs", kind->name);
	unsigned out = overhead(CLIENT), in = overhead(SERVER);
	check(out > 0 && in > 0, "%s carries data both ways", kind->name);
	report("%s: suite %04x, %u bytes in %u datagrams, overhead of a record %u out, %u in", kind->name, suite, bytes, datagrams, out, in);
	networkHandle(CLIENT, dtlsClose(ends[CLIENT].session));
	networkRun(now + 100);
	check(dtlsState(ends[SERVER].session) == DTLS_IS_CLOSED && ends[SERVER].events & DTLS_CLOSED, "%s ends with the good-bye", kind->name);
}

static void useSmallDatagrams(DtlsOptions* client, DtlsOptions* server)
{
	client->mtu = server->mtu = 300;
}

static void useSlices(DtlsOptions* client, DtlsOptions* server)
{
	(void)client, (void)server;
	dtlsSetSlice(250);
}

static void usePem(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->certificate = file("client.pem");
	client->privateKey = file("client.key");
	client->peerCertificate = file("ca.pem");
}

static void checkBudget(void)
{
	static const Kind with = { "", false, PSK_CCM8, 0, 6, false, NULL };
	static const Kind without = { "", false, PSK_CCM8, 0, 6, true, NULL };
	static const Kind offered = { "", false, 0, 0, 6, false, NULL };
	unsigned withCookie = bytesOf(&with), withoutCookie = bytesOf(&without), allSuites = bytesOf(&offered);
	check(withCookie > 0 && withCookie <= COOKIE_BUDGET, "a handshake with a key and the cookie exchange takes %u bytes, at most %d", withCookie, COOKIE_BUDGET);
	check(allSuites > 0 && allSuites <= COOKIE_BUDGET, "the same with all suites offered takes %u bytes, at most %d", allSuites, COOKIE_BUDGET);
	check(withoutCookie > 0 && withoutCookie <= BUDGET, "without the cookie exchange it takes %u bytes, at most %d", withoutCookie, BUDGET);
	bytesOf(&with);
	unsigned out = overhead(CLIENT), in = overhead(SERVER);
	check(out == 36, "a record with a connection ID of 6 bytes is 36 bytes longer than its content: %u", out);
	check(in == 29, "a record without is 29 bytes longer: %u", in);
}

static void useNames(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->sni = "localhost";
	client->serverName = "10.11.12.13";
}

static void useAddress(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->serverName = "127.0.0.1";
}

static bool isNameSent;

static bool lookForName(int from, uint8_t* datagram, size_t* count)
{
	for (size_t i = 0; from == CLIENT && i + 9 <= *count; i++)
		isNameSent |= memcmp(datagram + i, "localhost", 9) == 0 || memcmp(datagram + i, "127.0.0.1", 9) == 0;
	return true;
}

static void checkNames(void)
{
	static const Kind named = { "", true, 0, 0, 6, false, useNames };
	static const Kind plain = { "", true, 0, 0, 6, false, NULL };
	static const Kind address = { "", true, 0, 0, 6, false, useAddress };
	static const struct {
		const Kind* kind;
		bool isSent;
		const char* title;
	} cases[] = {
		{ &named, true, "a server name indication is sent, and the certificate is verified for it" },
		{ &plain, false, "a server name alone is verified and not sent" },
		{ &address, false, "a numeric address is verified and not sent" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DtlsError error;
		isNameSent = false;
		bool isUp = setUp(cases[i].kind, &error);
		onDatagram = lookForName;
		isUp = isUp && networkConnect(HANDSHAKE_MS);
		check(isUp && isNameSent == cases[i].isSent, "%s", cases[i].title);
	}
	size_t count;
	const uint8_t* name = dtlsPeerName(ends[SERVER].session, &count);
	check(name && count == 4 && memcmp(name, "dev1", 4) == 0, "the server learns the common name of the client");
}

static unsigned turns;

static void countTurn(int end)
{
	turns += end == CLIENT;
}

// How often the client is called in a handshake, 0 where it fails.
static unsigned turnsOf(const Kind* kind)
{
	DtlsError error;
	bool isUp = setUp(kind, &error);
	turns = 0;
	onTurn = countTurn;
	return isUp && networkConnect(HANDSHAKE_MS) ? turns : 0;
}

static void checkSlices(void)
{
	static const Kind sliced = { "", true, ECDSA_CCM8, 0, 6, false, useSlices };
	static const Kind whole = { "", true, ECDSA_CCM8, 0, 6, false, NULL };
	unsigned inSlices = turnsOf(&sliced);
	dtlsSetSlice(0);
	unsigned atOnce = turnsOf(&whole);
	check(atOnce > 0 && inSlices >= atOnce + 10, "in slices the client stops at least ten times on its way: %u calls, not %u", inSlices, atOnce);
}

void testHandshake(void)
{
	static const Kind kinds[] = {
		{ "PSK, no connection ID", false, PSK_CCM8, OFF, OFF, false, NULL },
		{ "PSK, connection ID of the server", false, PSK_CCM8, 0, 6, false, NULL },
		{ "PSK, connection ID of both", false, PSK_CCM8, 4, 8, false, NULL },
		{ "PSK, connection ID of the client only", false, PSK_CCM8, 4, 0, false, NULL },
		{ "PSK, a server without connection ID", false, PSK_CCM8, 0, OFF, false, NULL },
		{ "PSK, a client without connection ID", false, PSK_CCM8, OFF, 6, false, NULL },
		{ "PSK, the longest connection IDs", false, PSK_CCM8, 32, 32, false, NULL },
		{ "PSK, no cookie", false, PSK_CCM8, 0, 6, true, NULL },
		{ "PSK, all suites", false, 0, 0, 6, false, NULL },
		{ "PSK with GCM", false, PSK_GCM, 0, 6, false, NULL },
		{ "PSK with CBC", false, PSK_CBC, 0, 6, false, NULL },
		{ "ECDHE-PSK with CBC", false, ECDHE_PSK_CBC, 0, 6, false, NULL },
		{ "ECDSA", true, ECDSA_CCM8, 0, 6, false, NULL },
		{ "ECDSA, all suites", true, 0, 0, 6, false, NULL },
		{ "ECDSA with GCM", true, ECDSA_GCM, 0, 6, false, NULL },
		{ "ECDSA with CBC", true, ECDSA_CBC, 0, 6, false, NULL },
		{ "ECDSA, no connection ID", true, ECDSA_CCM8, OFF, OFF, false, NULL },
		{ "ECDSA from PEM", true, ECDSA_CCM8, 0, 6, false, usePem },
		{ "ECDSA in datagrams of 300 bytes", true, ECDSA_CCM8, 0, 6, false, useSmallDatagrams },
		{ "ECDSA in slices", true, ECDSA_CCM8, 0, 6, false, useSlices },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		complete(&kinds[i]);
		dtlsSetSlice(0);
	}
	checkSlices();
	checkBudget();
	checkNames();
}
