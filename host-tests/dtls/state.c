// Saved sessions: they go on after a restart, and whenever the power fails no nonce is used twice.

#include "check.h"

#include <string.h>

enum { HANDSHAKE_MS = 100000, ROUNDS = 3000, RESERVE = 16 };

static const Kind psk = { "PSK", false, 0xc0a8, 0, 6, false, NULL };
static const Kind bothCids = { "PSK with two connection IDs", false, 0xc0a8, 4, 8, false, NULL };
static const Kind gcm = { "PSK with GCM", false, 0x00a8, 0, 6, false, NULL };
static const Kind ecdsa = { "ECDSA", true, 0xc0ae, 0, 6, false, NULL };
static const Kind cbc = { "PSK with CBC", false, 0x00ae, 0, 6, false, NULL };

// What is in the device's storage.
static uint8_t stored[DTLS_BLOB_BYTES];
static size_t storedBytes;

static bool connect(const Kind* kind)
{
	DtlsError error;
	storedBytes = 0;
	bool isUp = setUp(kind, &error) && networkConnect(HANDSHAKE_MS);
	networkRun(now + 100);
	return isUp;
}

// Saves; the power may fail before or after storage has it: then false.
static bool save(unsigned reserve, bool isCutBefore, bool isCutAfter)
{
	uint8_t blob[DTLS_BLOB_BYTES];
	DtlsError error;
	size_t count = dtlsSave(ends[CLIENT].session, reserve, blob, sizeof blob, &error);
	if (count == 0 || isCutBefore)
		return false;
	memcpy(stored, blob, count);
	storedBytes = count;
	if (isCutAfter)
		return false;
	dtlsSaved(ends[CLIENT].session);
	return true;
}

static DtlsError restart(void)
{
	uint8_t blob[DTLS_BLOB_BYTES];
	newClient();
	memcpy(blob, stored, storedBytes);
	return dtlsLoad(ends[CLIENT].session, blob, storedBytes);
}

static bool isDelivered(int from)
{
	DtlsError error;
	unsigned before = ends[1 - from].received;
	if (!networkSend(from, "after", 5, &error))
		return false;
	networkRun(now + 100);
	return ends[1 - from].received == before + 1;
}

static void resume(const Kind* kind)
{
	if (!connect(kind) || !isDelivered(CLIENT) || !isDelivered(SERVER)) {
		check(false, "%s: a session to save", kind->name);
		return;
	}
	bool isSaved = save(RESERVE, false, false);
	check(isSaved, "%s: a session is saved, in %u bytes", kind->name, (unsigned)storedBytes);
	check(isDelivered(CLIENT) && isDelivered(SERVER), "%s: a saved session goes on", kind->name);
	unsigned before = ends[CLIENT].sentDatagrams;
	check(restart() == DTLS_OK && dtlsState(ends[CLIENT].session) == DTLS_IS_CONNECTED, "%s: it is restored", kind->name);
	DtlsError error;
	check(!networkSend(CLIENT, "early", 5, &error) && error == DTLS_ERROR_RESERVE, "%s: nothing is sent before it is saved again", kind->name);
	networkHandle(CLIENT, dtlsClose(ends[CLIENT].session));
	check(ends[CLIENT].sentDatagrams == before, "%s: not even the good-bye", kind->name);
	check(restart() == DTLS_OK && save(RESERVE, false, false) && isDelivered(CLIENT) && isDelivered(SERVER), "%s: the next message goes out without a handshake", kind->name);
	check(ends[CLIENT].sentDatagrams == before + 1, "%s: in one datagram", kind->name);
}

static void audit(const Kind* kind, uint32_t randomStart)
{
	static uint8_t numbers[AUDIT_NUMBERS];
	unsigned sent = 0, restarts = 0, twice = 0, lost = 0;
	randomSeed(randomStart);
	memset(numbers, 0, sizeof numbers);
	if (!connect(kind) || !save(RESERVE, false, false)) {
		check(false, "%s: a session to audit", kind->name);
		return;
	}
	ends[CLIENT].audit = numbers;
	for (unsigned i = 0; i < ROUNDS; i++) {
		DtlsError error;
		bool isCut = randomBelow(40) == 0;
		if (!isCut && !networkSend(CLIENT, "hello", 5, &error))
			isCut = !save(1 + randomBelow(RESERVE), randomBelow(4) == 0, randomBelow(4) == 0);
		else if (!isCut) {
			sent++;
			unsigned before = ends[SERVER].received;
			networkRun(now + 100);
			lost += ends[SERVER].received != before + 1;
		}
		if (isCut) {
			restarts++;
			lost += restart() != DTLS_OK;
		}
	}
	for (size_t i = 0; i < AUDIT_NUMBERS; i++)
		twice += numbers[i] > 1;
	check(twice == 0, "%s: %u records and %u power failures use no sequence number twice", kind->name, sent, restarts);
	check(lost == 0, "%s: the server takes every record", kind->name);
}

static void checkAudit(void)
{
	static uint8_t numbers[AUDIT_NUMBERS];
	unsigned twice = 0;
	memset(numbers, 0, sizeof numbers);
	connect(&psk);
	save(RESERVE, false, false);
	ends[CLIENT].audit = numbers;
	uint8_t copy[DTLS_BLOB_BYTES];
	size_t count = storedBytes;
	memcpy(copy, stored, count);
	for (int i = 0; i < 2; i++) {
		memcpy(stored, copy, count);
		storedBytes = count;
		restart();
		save(RESERVE, false, false);
		isDelivered(CLIENT);
	}
	for (size_t i = 0; i < AUDIT_NUMBERS; i++)
		twice += numbers[i] > 1;
	check(twice == 1, "the audit sees the number that two sessions from one storage use");
}

static void wearOut(void)
{
	connect(&psk);
	save(RESERVE, false, false);
	unsigned sent = 0, due = 0;
	DtlsError error = DTLS_OK;
	ends[CLIENT].events = 0;
	while (networkSend(CLIENT, "x", 1, &error)) {
		sent++;
		due = due == 0 && ends[CLIENT].events & DTLS_SAVE ? sent : due;
	}
	check(sent == RESERVE && error == DTLS_ERROR_RESERVE, "after the reserved %d records the session sends nothing more", RESERVE);
	check(due == RESERVE - RESERVE / 4, "it asks to be saved when a quarter of them is left");
	networkRun(now + 100);
	check(save(RESERVE, false, false) && isDelivered(CLIENT), "once saved it goes on");
	ends[CLIENT].events = 0;
	for (int i = 0; i < RESERVE; i++)
		isDelivered(SERVER);
	check((ends[CLIENT].events & DTLS_SAVE) != 0, "it asks to be saved after as many records that came in");
}

static uint8_t record[DATAGRAM_SIZE];
static size_t recordBytes;

static bool keep(int from, uint8_t* datagram, size_t* count)
{
	if (from == SERVER) {
		recordBytes = *count;
		memcpy(record, datagram, *count);
	}
	return true;
}

static void replay(void)
{
	connect(&psk);
	onDatagram = keep;
	isDelivered(SERVER);
	onDatagram = NULL;
	save(RESERVE, false, false);
	unsigned before = ends[CLIENT].received;
	networkHandle(CLIENT, dtlsReceive(ends[CLIENT].session, record, recordBytes));
	check(ends[CLIENT].received == before, "a record that comes again is dropped");
	restart();
	networkHandle(CLIENT, dtlsReceive(ends[CLIENT].session, record, recordBytes));
	check(ends[CLIENT].received == before, "a record from before the save is dropped after a restart");
}

static void refuse(void)
{
	connect(&psk);
	save(RESERVE, false, false);
	unsigned accepted = 0;
	uint8_t blob[DTLS_BLOB_BYTES], zero[DTLS_BLOB_BYTES] = { 0 };
	for (size_t i = 0; i < storedBytes; i++) {
		newClient();
		memcpy(blob, stored, storedBytes);
		blob[i] ^= 1 << randomBelow(8);
		accepted += dtlsLoad(ends[CLIENT].session, blob, storedBytes) == DTLS_OK;
	}
	check(accepted == 0, "a blob with any one byte changed is refused");
	for (size_t i = 0; i < storedBytes; i++) {
		newClient();
		memcpy(blob, stored, i);
		accepted += dtlsLoad(ends[CLIENT].session, blob, i) == DTLS_OK;
	}
	check(accepted == 0, "a blob of any shorter length is refused");
	memcpy(blob, stored, storedBytes);
	dtlsLoad(ends[CLIENT].session, blob, storedBytes);
	check(memcmp(blob, zero, storedBytes) == 0, "a blob is overwritten when it is loaded");
	memcpy(blob, stored, storedBytes);
	check(dtlsLoad(ends[CLIENT].session, blob, storedBytes) == DTLS_ERROR_STATE, "a session in use takes no blob");
	newClient();
	memcpy(blob, stored, storedBytes);
	blob[4] ^= 1;
	dtlsLoad(ends[CLIENT].session, blob, storedBytes);
	dtlsDestroy(ends[SERVER].session);
	DtlsError error;
	ends[SERVER].session = dtlsCreate(ends[SERVER].config, &error);
	dtlsSetPeer(ends[SERVER].session, "peer", 4);
	ends[SERVER].isUp = false;
	check(networkConnect(HANDSHAKE_MS) && isDelivered(CLIENT), "after a refused blob the session does a handshake");
}

static void useOtherKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->key.data = "another key 1234";
}

static void refuseOthers(void)
{
	static const Kind other = { "", false, 0xc0a8, 0, 6, false, useOtherKey };
	DtlsError error;
	uint8_t blob[DTLS_BLOB_BYTES];
	connect(&psk);
	save(RESERVE, false, false);
	setUp(&other, &error);
	check(restart() == DTLS_ERROR_STATE, "a blob of other credentials is refused");
	setUp(&psk, &error);
	check(dtlsSave(ends[CLIENT].session, RESERVE, blob, sizeof blob, &error) == 0 && error == DTLS_ERROR_NOT_SAVABLE, "a session before its handshake cannot be saved");
	connect(&cbc);
	check(dtlsSave(ends[CLIENT].session, RESERVE, blob, sizeof blob, &error) == 0 && error == DTLS_ERROR_NOT_SAVABLE, "a session without AEAD cannot be saved");
	check(isDelivered(CLIENT) && isDelivered(SERVER), "and goes on");
	connect(&psk);
	check(dtlsSave(ends[CLIENT].session, RESERVE, blob, 100, &error) == 0 && isDelivered(CLIENT), "without room for the blob the session goes on");
	check(dtlsSave(ends[CLIENT].session, DTLS_RESERVE + 1, blob, sizeof blob, &error) == 0, "no more than %d numbers can be reserved", DTLS_RESERVE);
}

void testState(void)
{
	resume(&psk);
	resume(&bothCids);
	resume(&gcm);
	resume(&ecdsa);
	audit(&psk, 1);
	audit(&bothCids, 2);
	audit(&gcm, 3);
	audit(&ecdsa, 4);
	checkAudit();
	wearOut();
	replay();
	refuse();
	refuseOthers();
}
