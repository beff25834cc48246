// Each thing that can be wrong has its own error, on both ends, and its own line of text.

#include "check.h"

#include <string.h>
#include <time.h>

enum { HANDSHAKE_MS = 400000, ECDSA = 0xc0ae, PSK = 0xc0a8, YEAR = 365 * 24 * 3600, FAR = 20 };

static const char notDer[] = "0 this is no certificate and no key";
static uint8_t digest256[32], digest384[48];

static void useIdentity(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->identity = (DtlsBytes){ "nobody", 6 };
}

static void useKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->key.data = "another key 1234";
}

static void useSuite(DtlsOptions* client, DtlsOptions* server)
{
	client->suites[0] = 0xc0a8;
	server->suites[0] = 0x00a8;
	client->suiteCount = server->suiteCount = 1;
}

static void useCertificateSuite(DtlsOptions* client, DtlsOptions* server)
{
	client->suites[0] = 0xc0ae;
	server->suites[0] = 0xc02b;
	client->suiteCount = server->suiteCount = 1;
}

static void useOrdinaryTime(DtlsOptions* client, DtlsOptions* server)
{
	client->timeSeconds = server->timeSeconds = (int64_t)time(NULL);
}

static void useLateTime(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->timeSeconds = (int64_t)time(NULL) + (int64_t)FAR * YEAR;
}

static void useEarlyTime(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->timeSeconds = 1;
}

static void useLateServer(DtlsOptions* client, DtlsOptions* server)
{
	useLateTime(server, client);
}

static void useName(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->serverName = "other.example";
}

static void useAddress(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->serverName = "127.0.0.2";
}

static void useSni(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->sni = "other.example";
}

static void useAuthority(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->peerCertificate = file("other-ca.der");
}

static void useClientAuthority(DtlsOptions* client, DtlsOptions* server)
{
	(void)client;
	server->peerCertificate = file("other-ca.pem");
}

// Resource 15, with the server's certificate or the authority's, and with another.
static void useDomain(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->usage = DTLS_USAGE_DOMAIN;
	client->peerCertificate = file("server.der");
}

static void useServerOnly(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->peerCertificate = file("server.der");
}

static void useDomainWithAuthority(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->usage = DTLS_USAGE_DOMAIN;
}

static void useAnchor(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->usage = DTLS_USAGE_ANCHOR;
}

static void useAnchorWithServer(DtlsOptions* client, DtlsOptions* server)
{
	useDomain(client, server);
	client->usage = DTLS_USAGE_ANCHOR;
	client->peerCertificate = file("client.der");
}

static void useService(DtlsOptions* client, DtlsOptions* server)
{
	useDomain(client, server);
	client->usage = DTLS_USAGE_SERVICE;
	client->trusted = file("ca.pem");
}

static void useServiceUntrusted(DtlsOptions* client, DtlsOptions* server)
{
	useService(client, server);
	client->trusted = file("other-ca.pem");
}

static void useConstraint(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->usage = DTLS_USAGE_CA;
	client->trusted = file("other-ca.pem");
}

static void useConstraintMissing(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->usage = DTLS_USAGE_CA;
	client->peerCertificate = file("other-ca.der");
	client->trusted = file("ca.pem");
}

// Resource 13.
static void useDigest(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->matching = DTLS_MATCH_SHA256;
	client->peerCertificate = file("server.sha256");
}

static void useLongDigest(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->matching = DTLS_MATCH_SHA384;
	client->usage = DTLS_USAGE_DOMAIN;
	client->peerCertificate = file("server.sha384");
}

static void useLongestDigest(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->matching = DTLS_MATCH_SHA512;
	client->usage = DTLS_USAGE_DOMAIN;
	client->peerCertificate = file("server.sha512");
}

static void useAnchorDigest(DtlsOptions* client, DtlsOptions* server)
{
	client->matching = DTLS_MATCH_SHA256;
	client->usage = DTLS_USAGE_ANCHOR;
	client->peerCertificate = file("ca.sha256");
	server->certificate = file("server-chain.pem");
}

static void useOtherDigest(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->matching = DTLS_MATCH_SHA256;
	client->usage = DTLS_USAGE_DOMAIN;
	client->peerCertificate = (DtlsBytes){ digest256, sizeof digest256 };
}

static void loseAll(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->lastTimeoutMs = 4000;
}

static bool lose(int from, uint8_t* datagram, size_t* count)
{
	(void)from, (void)datagram, (void)count;
	return false;
}

// The server's last flight never comes.
static bool loseConfirmation(int from, uint8_t* datagram, size_t* count)
{
	(void)count;
	enum { CHANGE_CIPHER_SPEC = 20 };
	return from == CLIENT || datagram[0] != CHANGE_CIPHER_SPEC;
}

static void checkHandshakes(void)
{
	static const struct {
		Kind kind;
		DtlsError client, server;
		bool (*onDatagram)(int from, uint8_t* datagram, size_t* count);
	} cases[] = {
		{ { "unknown identity", false, PSK, 0, 6, false, useIdentity }, DTLS_ERROR_IDENTITY, DTLS_ERROR_IDENTITY, NULL },
		{ { "wrong key", false, PSK, 0, 6, false, useKey }, DTLS_ERROR_KEY, DTLS_ERROR_KEY, NULL },
		{ { "no common suite with keys", false, 0, 0, 6, false, useSuite }, DTLS_ERROR_NO_COMMON_SUITE, DTLS_ERROR_NO_COMMON_SUITE, NULL },
		{ { "no common suite with certificates", true, 0, 0, 6, false, useCertificateSuite }, DTLS_ERROR_NO_COMMON_SUITE, DTLS_ERROR_NO_COMMON_SUITE, NULL },
		{ { "no answer", false, PSK, 0, 6, false, loseAll }, DTLS_ERROR_NO_ANSWER, DTLS_OK, lose },
		{ { "no confirmation", false, PSK, 0, 6, false, loseAll }, DTLS_ERROR_NO_CONFIRMATION, DTLS_OK, loseConfirmation },
		{ { "certificates valid today", true, ECDSA, 0, 6, false, useOrdinaryTime }, DTLS_OK, DTLS_OK, NULL },
		{ { "expired certificate", true, ECDSA, 0, 6, false, useLateTime }, DTLS_ERROR_EXPIRED, DTLS_ERROR_REFUSED_EXPIRED, NULL },
		{ { "certificate of the future", true, ECDSA, 0, 6, false, useEarlyTime }, DTLS_ERROR_NOT_YET_VALID, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "expired client certificate", true, ECDSA, 0, 6, false, useLateServer }, DTLS_ERROR_REFUSED_EXPIRED, DTLS_ERROR_EXPIRED, NULL },
		{ { "wrong host name", true, ECDSA, 0, 6, false, useName }, DTLS_ERROR_HOST_NAME, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "wrong address", true, ECDSA, 0, 6, false, useAddress }, DTLS_ERROR_HOST_NAME, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "wrong server name indication", true, ECDSA, 0, 6, false, useSni }, DTLS_ERROR_HOST_NAME, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "unknown authority", true, ECDSA, 0, 6, false, useAuthority }, DTLS_ERROR_UNKNOWN_CA, DTLS_ERROR_REFUSED_CA, NULL },
		{ { "unknown authority of the client", true, ECDSA, 0, 6, false, useClientAuthority }, DTLS_ERROR_REFUSED_CA, DTLS_ERROR_UNKNOWN_CA, NULL },
		{ { "no usage, the server's certificate", true, ECDSA, 0, 6, false, useServerOnly }, DTLS_OK, DTLS_OK, NULL },
		{ { "usage 3, the server's certificate", true, ECDSA, 0, 6, false, useDomain }, DTLS_OK, DTLS_OK, NULL },
		{ { "usage 3, the authority's certificate", true, ECDSA, 0, 6, false, useDomainWithAuthority }, DTLS_ERROR_NOT_EXPECTED, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "usage 2, the authority's certificate", true, ECDSA, 0, 6, false, useAnchor }, DTLS_OK, DTLS_OK, NULL },
		{ { "usage 2, another certificate", true, ECDSA, 0, 6, false, useAnchorWithServer }, DTLS_ERROR_UNKNOWN_CA, DTLS_ERROR_REFUSED_CA, NULL },
		{ { "usage 1, the server's certificate, trusted", true, ECDSA, 0, 6, false, useService }, DTLS_OK, DTLS_OK, NULL },
		{ { "usage 1, the server's certificate, not trusted", true, ECDSA, 0, 6, false, useServiceUntrusted }, DTLS_ERROR_UNKNOWN_CA, DTLS_ERROR_REFUSED_CA, NULL },
		{ { "usage 0, the authority in the chain", true, ECDSA, 0, 6, false, useConstraint }, DTLS_OK, DTLS_OK, NULL },
		{ { "usage 0, another authority in the chain", true, ECDSA, 0, 6, false, useConstraintMissing }, DTLS_ERROR_NOT_EXPECTED, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
		{ { "matching type 1", true, ECDSA, 0, 6, false, useDigest }, DTLS_OK, DTLS_OK, NULL },
		{ { "matching type 2", true, ECDSA, 0, 6, false, useLongDigest }, DTLS_OK, DTLS_OK, NULL },
		{ { "matching type 3", true, ECDSA, 0, 6, false, useLongestDigest }, DTLS_OK, DTLS_OK, NULL },
		{ { "matching type 1 of an authority that the server sends", true, ECDSA, 0, 6, false, useAnchorDigest }, DTLS_OK, DTLS_OK, NULL },
		{ { "matching type 1, another digest", true, ECDSA, 0, 6, false, useOtherDigest }, DTLS_ERROR_NOT_EXPECTED, DTLS_ERROR_REFUSED_CERTIFICATE, NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const Kind* kind = &cases[i].kind;
		DtlsError error;
		if (!setUp(kind, &error)) {
			check(false, "%s: %s", kind->name, dtlsErrorText(error));
			continue;
		}
		onDatagram = cases[i].onDatagram;
		networkConnect(HANDSHAKE_MS);
		networkRun(now + 1000);
		DtlsError client = dtlsError(ends[CLIENT].session), server = dtlsError(ends[SERVER].session);
		bool isUp = dtlsState(ends[CLIENT].session) == DTLS_IS_CONNECTED;
		check(client == cases[i].client && isUp == (client == DTLS_OK), "%s: the client says \"%s\"", kind->name, dtlsErrorText(client));
		bool isSilent = cases[i].onDatagram != NULL;
		check(isSilent || server == cases[i].server, "%s: the server says \"%s\"", kind->name, dtlsErrorText(server));
	}
}

static void dropKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->key = client->identity = (DtlsBytes){ NULL, 0 };
}

static void useEmptyIdentity(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->identity.count = 0;
}

static void useLongKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	static const uint8_t key[DTLS_KEY_BYTES + 1];
	client->key = (DtlsBytes){ key, sizeof key };
}

static void useBadCertificate(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->certificate = (DtlsBytes){ notDer, sizeof notDer };
}

static void useBadKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->privateKey = (DtlsBytes){ notDer, sizeof notDer };
}

static void useOtherKey(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->privateKey = file("server.key.der");
}

static void useBadAuthority(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->peerCertificate = (DtlsBytes){ notDer, sizeof notDer };
}

static void dropAuthority(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->peerCertificate = (DtlsBytes){ NULL, 0 };
}

static void useShortDigest(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->matching = DTLS_MATCH_SHA384;
	client->peerCertificate = (DtlsBytes){ digest384, sizeof digest384 - 1 };
}

static void useUnknownSuite(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->suites[0] = 0x1301;
	client->suiteCount = 1;
}

static void useShortSeed(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->seed.count = DTLS_SEED_BYTES - 1;
}

static void useLongCid(DtlsOptions* client, DtlsOptions* server)
{
	(void)server;
	client->cidBytes = DTLS_CID_BYTES + 1;
}

static void checkOptions(void)
{
	static const struct {
		Kind kind;
		DtlsError error;
	} cases[] = {
		{ { "no credentials", false, 0, 0, 6, false, dropKey }, DTLS_ERROR_NO_CREDENTIALS },
		{ { "an empty identity", false, 0, 0, 6, false, useEmptyIdentity }, DTLS_ERROR_KEY_SIZE },
		{ { "a key that is too long", false, 0, 0, 6, false, useLongKey }, DTLS_ERROR_KEY_SIZE },
		{ { "a certificate that is none", true, 0, 0, 6, false, useBadCertificate }, DTLS_ERROR_OWN_CERTIFICATE },
		{ { "a private key that is none", true, 0, 0, 6, false, useBadKey }, DTLS_ERROR_PRIVATE_KEY },
		{ { "a private key of another certificate", true, 0, 0, 6, false, useOtherKey }, DTLS_ERROR_KEY_MISMATCH },
		{ { "a server certificate that is none", true, 0, 0, 6, false, useBadAuthority }, DTLS_ERROR_PEER_CERTIFICATE },
		{ { "no server certificate", true, 0, 0, 6, false, dropAuthority }, DTLS_ERROR_PEER_CERTIFICATE },
		{ { "a digest of the wrong length", true, 0, 0, 6, false, useShortDigest }, DTLS_ERROR_PEER_CERTIFICATE },
		{ { "a suite that is not supported", false, 0, 0, 6, false, useUnknownSuite }, DTLS_ERROR_SUITES },
		{ { "too short a seed", false, 0, 0, 6, false, useShortSeed }, DTLS_ERROR_OPTIONS },
		{ { "too long a connection ID", false, 0, 0, 6, false, useLongCid }, DTLS_ERROR_OPTIONS },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		DtlsError error = DTLS_OK;
		bool isMade = setUp(&cases[i].kind, &error);
		check(!isMade && error == cases[i].error, "%s is refused: \"%s\"", cases[i].kind.name, dtlsErrorText(error));
	}
}

static void checkSizes(void)
{
	static const Kind kind = { "", false, PSK, 0, 6, false, NULL };
	static const uint8_t plaintext[2000];
	uint8_t into[DATAGRAM_SIZE];
	DtlsError error;
	setUp(&kind, &error);
	check(dtlsSend(ends[CLIENT].session, plaintext, 1, into, sizeof into, &error) == 0 && error == DTLS_ERROR_NOT_CONNECTED, "nothing is sent before the handshake");
	networkConnect(HANDSHAKE_MS);
	size_t most = dtlsMaxPlaintext(ends[CLIENT].session);
	check(most >= 1152 && most < 1232, "the longest message is %u bytes", (unsigned)most);
	check(networkSend(CLIENT, plaintext, most, &error) && ends[CLIENT].largestDatagram <= 1232, "it fits into a datagram of 1232");
	networkRun(now + 100);
	check(ends[SERVER].received == 1 && ends[SERVER].lastBytes == most, "and arrives whole");
	check(!networkSend(CLIENT, plaintext, most + 1, &error) && error == DTLS_ERROR_TOO_LONG, "a longer one is refused");
	check(dtlsSend(ends[CLIENT].session, plaintext, 20, into, 40, &error) == 0 && error == DTLS_ERROR_TOO_LONG, "one that does not fit the buffer is refused");
	size_t count = dtlsSend(ends[SERVER].session, plaintext, 100, into, sizeof into, &error);
	dtlsReceive(ends[CLIENT].session, into, count);
	check(dtlsRead(ends[CLIENT].session, into, 99) == 0, "a plaintext longer than the reader's buffer is dropped");
	networkSend(SERVER, "next", 4, &error);
	networkRun(now + 100);
	check(ends[CLIENT].received == 1 && ends[CLIENT].lastBytes == 4, "the next is read");
	static const uint8_t large[DATAGRAM_SIZE + 2000];
	check(dtlsReceive(ends[CLIENT].session, large, sizeof large) == 0, "a datagram larger than any record is dropped");
}

void testErrors(void)
{
	checkHandshakes();
	checkOptions();
	checkSizes();
}
