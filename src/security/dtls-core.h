// DTLS 1.2 over Mbed TLS 3.6 or 4, without I/O: datagrams in and out, plaintext in and out, one deadline. RFC 6347, RFC 9146.
// And TLS 1.2 (RFC 5246), a stream of bytes in place of datagrams: `isStream`.
//
// A configuration (credentials and settings) serves one client session or all sessions of a server. Nothing is called
// back but the server's key lookup. Every function that lets the session work returns what happened, as bits:
//
//   unsigned events = dtlsReceive(session, datagram, count);
//   while ((count = dtlsRead(session, buffer, size)) > 0) …        events & DTLS_READABLE: plaintext
//   while ((count = dtlsTake(session, buffer, size)) > 0) …        events & DTLS_OUTPUT: datagrams to send
//   deadline = now + dtlsTimer(session)                            events & DTLS_TIMER: set anew
//   … at the deadline: dtlsExpire(session)
//
// A stream has no timer but for a computation that waits to go on, and no connection ID; it is not saved. Its bytes go in by
// dtlsFeed, which takes no more than the session has room for, its records come out of dtlsTake alone, in pieces:
//
//   size_t taken = dtlsFeed(session, bytes, count);      the rest is to be fed again, after dtlsRead or dtlsExpire
//
// dtlsRead, dtlsFeed and dtlsSend leave their events to dtlsEvents. Memory: in a handshake what Mbed TLS needs, afterwards
// the two record buffers; for a record of application data in or out 3.6 allocates nothing, 4 a context of AES that it gives
// back at once. Bounds: DTLS_QUEUE_BYTES of datagrams that wait for dtlsTake; what exceeds that is lost, as the network may
// lose it.

#ifndef DTLS_CORE_H
#define DTLS_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	DTLS_QUEUE_BYTES = 8192, // in the queue for dtlsTake, and of datagrams that came during a computation
	DTLS_SEED_BYTES = 48,
	DTLS_CID_BYTES = 32, // longest
	DTLS_KEY_BYTES = 64, // longest pre-shared key
	DTLS_IDENTITY_BYTES = 128, // longest pre-shared key identity
	DTLS_NAME_BYTES = 255,
	DTLS_SUITES = 8,
	DTLS_BLOB_BYTES = 400, // largest saved session
	DTLS_RESERVE = 4096, // most sequence numbers that one save can reserve
};

// What happened.
enum {
	DTLS_OUTPUT = 1, // datagrams wait for dtlsTake
	DTLS_READABLE = 2, // plaintext waits for dtlsRead
	DTLS_TIMER = 4, // dtlsTimer has changed
	DTLS_CONNECTED = 8, // the handshake is complete
	DTLS_CLOSED = 16, // the peer has closed the session
	DTLS_FAILED = 32, // dtlsError says why; the session is of no more use
	DTLS_NEWER = 64, // an authentic record, newer than all before: the peer's address may follow (RFC 9146 6)
	DTLS_SAVE = 128, // the reserved sequence numbers run out: save the session again
};

typedef enum {
	DTLS_IS_NEW,
	DTLS_IS_LISTENING, // server: no ClientHello has been accepted
	DTLS_IS_HANDSHAKING,
	DTLS_IS_CONNECTED,
	DTLS_IS_CLOSED,
	DTLS_IS_FAILED,
} DtlsState;

// Stable numbers: they are part of the interface to JavaScript. dtls-errors.c has a line of text for each.
typedef enum {
	DTLS_OK = 0,
	DTLS_ERROR_MEMORY = 1,
	DTLS_ERROR_OPTIONS = 2,
	DTLS_ERROR_NO_CREDENTIALS = 3,
	DTLS_ERROR_KEY_SIZE = 4,
	DTLS_ERROR_OWN_CERTIFICATE = 5,
	DTLS_ERROR_PRIVATE_KEY = 6,
	DTLS_ERROR_KEY_MISMATCH = 7,
	DTLS_ERROR_PEER_CERTIFICATE = 8,
	DTLS_ERROR_SUITES = 9,
	DTLS_ERROR_NO_ANSWER = 20,
	DTLS_ERROR_NO_CONFIRMATION = 21,
	DTLS_ERROR_IDENTITY = 22,
	DTLS_ERROR_KEY = 23,
	DTLS_ERROR_NO_COMMON_SUITE = 24,
	DTLS_ERROR_EXPIRED = 25,
	DTLS_ERROR_NOT_YET_VALID = 26,
	DTLS_ERROR_HOST_NAME = 27,
	DTLS_ERROR_UNKNOWN_CA = 28,
	DTLS_ERROR_NOT_EXPECTED = 29,
	DTLS_ERROR_CERTIFICATE = 30,
	DTLS_ERROR_REFUSED_CERTIFICATE = 31,
	DTLS_ERROR_REFUSED_EXPIRED = 32,
	DTLS_ERROR_REFUSED_CA = 33,
	DTLS_ERROR_REFUSED = 34,
	DTLS_ERROR_PROTOCOL = 35,
	DTLS_ERROR_VERSION = 36,
	DTLS_ERROR_LONG_RECORD = 37,
	DTLS_ERROR_LONG_MESSAGE = 38,
	DTLS_ERROR_CLOSED = 40,
	DTLS_ERROR_TOO_LONG = 41,
	DTLS_ERROR_RESERVE = 42,
	DTLS_ERROR_NOT_CONNECTED = 43,
	DTLS_ERROR_STATE = 44,
	DTLS_ERROR_NOT_SAVABLE = 45,
} DtlsError;

// OMA-TS-LightweightM2M_Core-V1_1_1 E.1, resource 15.
typedef enum {
	DTLS_USAGE_ANY = -1, // not given: the certificate is the server's or its authority's
	DTLS_USAGE_CA = 0,
	DTLS_USAGE_SERVICE = 1,
	DTLS_USAGE_ANCHOR = 2,
	DTLS_USAGE_DOMAIN = 3,
} DtlsUsage;

// Resource 13: whether the peer's certificate is given itself, or its digest.
typedef enum { DTLS_MATCH_EXACT = 0, DTLS_MATCH_SHA256 = 1, DTLS_MATCH_SHA384 = 2, DTLS_MATCH_SHA512 = 3 } DtlsMatching;

typedef struct {
	const void* data; // NULL: not given
	size_t count;
} DtlsBytes;

typedef struct {
	bool isServer;
	// TLS over a stream. A client then needs no certificate of its own to check the server's, and offers every suite with a
	// pre-shared key.
	bool isStream;
	// DTLS_SEED_BYTES or more of strong randomness; all secrets of the sessions come from it, unless Mbed TLS 4 has a
	// generator of the system.
	DtlsBytes seed;
	// Pre-shared key: what a client shows; a server looks it up.
	DtlsBytes identity, key;
	// Writes the key of an identity to `key` and returns its length, at most `size`; negative: unknown. Must not use the
	// session.
	int (*lookUp)(void* owner, const uint8_t* identity, size_t count, uint8_t* key, size_t size);
	void* owner;
	// X.509, PEM or DER: one's own chain and private key (P-256).
	DtlsBytes certificate, privateKey;
	// A client: what resource 4 has, as usage and matching say. A server: the clients' authorities.
	DtlsBytes peerCertificate;
	DtlsUsage usage;
	DtlsMatching matching;
	// More authorities, for usages 0 and 1.
	DtlsBytes trusted;
	// The name or numeric address that the server's certificate must be for; NULL: not checked.
	const char* serverName;
	// Resource 14: sent as server name indication, and the certificate must be for it, in place of serverName.
	const char* sni;
	// Resource 16: IANA numbers; none: all that suit the credentials, in our order.
	uint16_t suites[DTLS_SUITES];
	size_t suiteCount;
	// Length of the connection IDs for incoming records, 0 to DTLS_CID_BYTES; negative: the extension is not used.
	int cidBytes;
	// Server: do without the cookie exchange.
	bool hasNoCookies;
	// Retransmission in the handshake: the first interval, doubled each time up to the last, and how often (at most 16).
	// 0: 1000 ms, 16000 ms, 12 times, which takes 159 s.
	uint32_t firstTimeoutMs, lastTimeoutMs, retransmissions;
	// Largest datagram to send, bytes; 0: 1232, what every IPv6 link carries.
	uint16_t mtu;
	// Seconds since 1970 for the validity of certificates; 0: unknown, not checked.
	int64_t timeSeconds;
} DtlsOptions;

typedef struct DtlsConfig DtlsConfig;
typedef struct DtlsSession DtlsSession;

// The options and what they point to are copied. NULL and *error where they are of no use.
DtlsConfig* dtlsConfigCreate(const DtlsOptions* options, DtlsError* error);
// The client's or server's clock, for the validity of certificates and the age of cookies.
void dtlsSetTime(DtlsConfig* config, int64_t seconds);
// After all of its sessions.
void dtlsConfigDestroy(DtlsConfig* config);

DtlsSession* dtlsCreate(DtlsConfig* config, DtlsError* error);
// Sends nothing; overwrites all secrets.
void dtlsDestroy(DtlsSession* session);

// Elliptic-curve work of a client in one call, in the units of mbedtls_ecp_set_max_ops; 0, the default: all at once. With
// Mbed TLS 4 that of signatures alone. Where a call stops half-way dtlsTimer is 0, and the next dtlsExpire goes on. For all sessions.
void dtlsSetSlice(unsigned operations);

// Client: begins the handshake.
unsigned dtlsStart(DtlsSession* session);
// Server, before the first datagram: what stands for the peer's address in cookies; at most 32 bytes count.
DtlsError dtlsSetPeer(DtlsSession* session, const void* peer, size_t count);
// Takes one datagram. Plaintext of earlier ones must have been read: else the datagram is lost.
unsigned dtlsReceive(DtlsSession* session, const uint8_t* datagram, size_t count);
// Takes bytes of a stream. How many: fewer than `count` where plaintext waits for dtlsRead or a computation is half done.
size_t dtlsFeed(DtlsSession* session, const uint8_t* bytes, size_t count);
// The timer has run out.
unsigned dtlsExpire(DtlsSession* session);
// The next record's plaintext: its length, 0 where none waits. One that is longer than `size` is dropped; of a stream, the
// rest comes next.
size_t dtlsRead(DtlsSession* session, uint8_t* into, size_t size);
// The next datagram to send: its length, 0 where none waits. One that is longer than `size` is dropped; of a stream, as above.
size_t dtlsTake(DtlsSession* session, uint8_t* into, size_t size);
// Protects `count` bytes as one record in `into`, which may be the same memory. *error where 0 is returned. Of a stream the
// record waits for dtlsTake, and `count` is returned.
size_t dtlsSend(DtlsSession* session, const uint8_t* plaintext, size_t count, uint8_t* into, size_t size, DtlsError* error);
// What dtlsRead and dtlsSend have caused. Every function that returns events returns these too.
unsigned dtlsEvents(DtlsSession* session);
// Says good-bye where there is somebody to say it to, and ends the session.
unsigned dtlsClose(DtlsSession* session);

// Milliseconds from the call that returned DTLS_TIMER; negative: nothing is due.
int32_t dtlsTimer(const DtlsSession* session);
DtlsState dtlsState(const DtlsSession* session);
DtlsError dtlsError(const DtlsSession* session);
// The alert that came with the error, -1 where none did.
int dtlsAlert(const DtlsSession* session);
// One line, without end of line.
const char* dtlsErrorText(DtlsError error);
// IANA number of the suite in use, 0 before.
uint16_t dtlsSuite(const DtlsSession* session);
// Longest plaintext that dtlsSend takes, 0 before the session is connected.
size_t dtlsMaxPlaintext(DtlsSession* session);
// The connection ID that we chose for incoming records: its length (0: none), and a pointer to its bytes.
size_t dtlsCid(const DtlsSession* session, const uint8_t** cid);
// True where records carry the peer's connection ID, so that the session outlives an address.
bool dtlsHasPeerCid(DtlsSession* session);
// Server: the key's identity or the certificate's common name, `*count` bytes; NULL before it is known.
const uint8_t* dtlsPeerName(const DtlsSession* session, size_t* count);

// ---- saved sessions (dtls-state.c has the argument why no nonce is used twice)

// Writes the session, at most DTLS_BLOB_BYTES, as it is to be found after a restart: beyond the next `reserve` (1 to
// DTLS_RESERVE) sequence numbers. They may be used once dtlsSaved has been called. It holds keys.
// 0 and *error: not connected yet, unread plaintext, a suite without AEAD, no room.
size_t dtlsSave(DtlsSession* session, unsigned reserve, uint8_t* into, size_t size, DtlsError* error);
// What the last dtlsSave wrote is in storage for good.
void dtlsSaved(DtlsSession* session);
// Makes a new session what was saved, and overwrites `blob`. Nothing can be sent before it is saved again.
DtlsError dtlsLoad(DtlsSession* session, uint8_t* blob, size_t count);

#endif
