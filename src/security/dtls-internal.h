// What the files of the DTLS core share.

#ifndef DTLS_INTERNAL_H
#define DTLS_INTERNAL_H

// Sequence numbers, the replay window and the handshake's state have no public accessors.
#define MBEDTLS_ALLOW_PRIVATE_ACCESS

#include "mbedtls/build_info.h"

// before the headers that another version lacks
#if MBEDTLS_VERSION_MAJOR < 3 || (MBEDTLS_VERSION_MAJOR == 3 && MBEDTLS_VERSION_MINOR < 6)
	#error "DTLS needs Mbed TLS 3.6 or later"
#endif

#include "mbedtls/platform.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/ssl.h"
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	#include "mbedtls/x509_crt.h"
#endif

#include "dtls-core.h"
#include "dtls-crypto.h"

// No session has sent this many records: numbers have 48 bits (RFC 6347 4.1).
#define DTLS_NO_LIMIT ((uint64_t)1 << 48)

enum { DTLS_COOKIE_BYTES = 16, DTLS_PEER_BYTES = 32, DTLS_DIGEST_BYTES = 64 };

#if defined(MBEDTLS_X509_CRT_PARSE_C)
typedef struct {
	mbedtls_x509_crt own;
	mbedtls_pk_context ownKey;
	// What the peer's chain may end at; the expected certificate, where it is not known by its digest, is the first.
	mbedtls_x509_crt authorities;
	DtlsUsage usage;
	DtlsMatching matching;
	uint8_t digest[DTLS_DIGEST_BYTES];
	bool hasTrusted;
} DtlsTrust;
#endif

struct DtlsConfig {
	mbedtls_ssl_config ssl;
#if MBEDTLS_VERSION_MAJOR < 4
	mbedtls_hmac_drbg_context random;
#endif
	int suites[DTLS_SUITES + 1];
	int cidBytes;
	uint32_t lastTimeoutMs;
	uint16_t mtu;
	bool isServer;
	bool isStream;
	bool hasKey;
	int64_t timeSeconds;
	char* serverName;
	char* sni;
	// Of role and credentials: a saved session is good only for the same.
	uint8_t fingerprint[DTLS_HASH_BYTES];
	int (*lookUp)(void* owner, const uint8_t* identity, size_t count, uint8_t* key, size_t size);
	void* owner;
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	DtlsTrust* trust; // NULL without certificates
#endif
#if defined(MBEDTLS_SSL_SRV_C)
	uint8_t cookieKey[DTLS_HASH_BYTES];
#endif
};

typedef struct DtlsDatagram DtlsDatagram;

// Datagrams in their order, at most DTLS_QUEUE_BYTES.
typedef struct {
	DtlsDatagram* first;
	size_t bytes;
} DtlsQueue;

struct DtlsSession {
	mbedtls_ssl_context ssl;
	DtlsConfig* config;
	// The datagram in hand, good during dtlsReceive; NULL once Mbed TLS has taken it. Of a stream what is left of the bytes.
	const uint8_t* datagram;
	size_t datagramBytes;
	DtlsQueue output;
	// What came while a computation was half done.
	DtlsQueue early;
	// Where dtlsSend wants its record; NULL otherwise.
	uint8_t* direct;
	size_t directSize, directBytes;
	unsigned events;
	DtlsState state;
	DtlsError error;
	int alert;
	uint32_t timerMs;
	bool isArmed, isExpired, isBusy;
	uint8_t cid[DTLS_CID_BYTES];
	size_t cidBytes;
	// First sequence number that must not be used; the same, once dtlsSaved says that storage has it; and how many
	// records make the next save due.
	uint64_t limit, nextLimit;
	unsigned reserve, received;
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	// What the verification of the peer's chain has found so far: faults, and whether the expected certificate came.
	uint32_t chainFaults;
	bool isAnchored;
	bool isNamed;
#endif
#if defined(MBEDTLS_SSL_SRV_C)
	uint8_t peer[DTLS_PEER_BYTES];
	size_t peerBytes;
	uint8_t name[DTLS_IDENTITY_BYTES];
	size_t nameBytes;
#endif
};

// dtls-create.c: the Mbed TLS context as it is before a handshake, and the part of it that a reset forgets. An Mbed TLS
// error number, 0 for success.
int dtlsSetUp(DtlsSession* session);
int dtlsPrepare(DtlsSession* session);

// dtls-queue.c: false where there is no room; the first datagram's length, 0 where there is none that fits into `size`;
// of one that is longer, a part.
bool dtlsEnqueue(DtlsQueue* queue, const uint8_t* datagram, size_t count);
size_t dtlsDequeue(DtlsQueue* queue, uint8_t* into, size_t size);
size_t dtlsDequeueSome(DtlsQueue* queue, uint8_t* into, size_t size);
void dtlsEmpty(DtlsQueue* queue);
// What mbedtls_ssl_set_bio takes.
int dtlsOutput(void* session, const unsigned char* datagram, size_t count);

// dtls-certificate.c: what mbedtls_ssl_set_verify takes.
#if defined(MBEDTLS_X509_CRT_PARSE_C)
DtlsError dtlsTrustCreate(DtlsConfig* config, const DtlsOptions* options);
void dtlsTrustDestroy(DtlsTrust* trust);
int dtlsVerify(void* session, mbedtls_x509_crt* certificate, int depth, uint32_t* faults);
#endif

// dtls-cookie.c: what mbedtls_ssl_conf_dtls_cookies takes.
#if defined(MBEDTLS_SSL_SRV_C)
int dtlsCookieWrite(void* config, unsigned char** at, unsigned char* end, const unsigned char* peer, size_t count);
int dtlsCookieCheck(void* config, const unsigned char* cookie, size_t cookieBytes, const unsigned char* peer, size_t count);
#endif

// dtls-errors.c: what an Mbed TLS error means at this point of the handshake. Sets error and alert.
void dtlsDiagnose(DtlsSession* session, int result);
DtlsError dtlsMemoryOr(int result, DtlsError error);

// dtls-state.c: the sequence number of the next record that is sent.
uint64_t dtlsNextNumber(const DtlsSession* session);

#endif
