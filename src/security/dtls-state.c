// Saved sessions: the keys, both connection IDs, the replay window and the next sequence number survive a restart, so
// that the next message goes out without a handshake. RFC 9146 makes the peer recognise it, from any address.
//
// Why no nonce is ever used twice. With AEAD the nonce is a record's epoch and sequence number; the same number under
// the same key, once before and once after a restart, would break the cipher. Let `limit` be a session's first number
// that must not leave the device.
//
//   1. A saved session says: go on at N. Nothing that was or will be sent before it is loaded has a number >= N, for:
//      - dtlsSave writes N = next + reserve, and from then on the session's limit is at most N;
//      - dtlsSaved, called when storage holds the blob for good, sets the limit to that very N;
//      - dtlsOutput lets no record out whose number is not below the limit, whoever made it.
//   2. A loaded session has limit N: it can send nothing. It must be saved, which writes N' = N + reserve, and dtlsSaved
//      must be called before its first record (number N) leaves. If the device stops in between, storage holds N, and
//      nothing has been sent since; if it stops later, storage holds N'.
//   3. If writing to storage fails, dtlsSaved is not called: the limit stays at what storage holds.
//   4. A blob is loaded once: dtlsLoad overwrites it, and what storage holds is replaced by (2) before anything is
//      sent. Two sessions at a time from one storage are the one thing that the caller must not make.
//
// A session that never was saved has no limit: nothing in storage can repeat its numbers. Storage that turns bits is
// met by a checksum, keyed with the credentials: a blob of other credentials, of another version or damaged is refused,
// and the client does a handshake.
//
// Records that came after the last save can be replayed to the device once after it restarts. Hence the event DTLS_SAVE
// also after `reserve` records that came in; a device that stops in an orderly way saves last.
//
//   blob   version (1)  checksum (8)  state of Mbed TLS (its own version, keys, connection IDs, counters)
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#include <string.h>

#include "mbedtls/constant_time.h"

enum { BLOB_VERSION = 1, CHECKSUM_BYTES = 8, HEADER_BYTES = 1 + CHECKSUM_BYTES, NUMBER_AT = 2, NUMBER_END = 8 };

// Epoch (2 bytes) and sequence number (6 bytes) of the next record.
uint64_t dtlsNextNumber(const DtlsSession* session)
{
	uint64_t number = 0;
	for (int i = NUMBER_AT; i < NUMBER_END; i++)
		number = number << 8 | session->ssl.cur_out_ctr[i];
	return number;
}

static void setNextNumber(DtlsSession* session, uint64_t number)
{
	for (int i = NUMBER_END; i > NUMBER_AT; number >>= 8)
		session->ssl.cur_out_ctr[--i] = (uint8_t)number;
}

static int makeChecksum(const DtlsConfig* config, const uint8_t* state, size_t count, uint8_t checksum[DTLS_HASH_BYTES])
{
	return dtlsHmac(config->fingerprint, sizeof config->fingerprint, state, count, checksum);
}

// The context with its number moved on goes to the blob, and comes back, since saving clears it.
static int saveContext(DtlsSession* session, unsigned reserve, uint8_t* into, size_t size, size_t* count)
{
	mbedtls_ssl_context* ssl = &session->ssl;
	uint64_t next = dtlsNextNumber(session);
	setNextNumber(session, next + reserve);
	int result = mbedtls_ssl_context_save(ssl, into, size, count);
	if (result != 0) {
		setNextNumber(session, next);
		return result;
	}
	result = mbedtls_ssl_context_load(ssl, into, *count);
	if (result == 0) {
		setNextNumber(session, next);
		return 0;
	}
	// Out of memory: the session is lost, and must not be found in storage as if it were not.
	mbedtls_platform_zeroize(into, *count);
	session->state = DTLS_IS_FAILED;
	session->error = dtlsMemoryOr(result, DTLS_ERROR_STATE);
	session->events |= DTLS_FAILED;
	return result;
}

size_t dtlsSave(DtlsSession* session, unsigned reserve, uint8_t* into, size_t size, DtlsError* error)
{
	size_t count = 0;
	uint8_t checksum[DTLS_HASH_BYTES];
	*error = DTLS_ERROR_NOT_SAVABLE;
	if (session->state != DTLS_IS_CONNECTED || reserve < 1 || reserve > DTLS_RESERVE || size <= HEADER_BYTES)
		return 0;
	uint64_t next = dtlsNextNumber(session);
	if (next + reserve >= DTLS_NO_LIMIT)
		return 0;
	if (saveContext(session, reserve, into + HEADER_BYTES, size - HEADER_BYTES, &count) != 0)
		return 0;
	if (makeChecksum(session->config, into + HEADER_BYTES, count, checksum) != 0) {
		mbedtls_platform_zeroize(into + HEADER_BYTES, count);
		return 0;
	}
	into[0] = BLOB_VERSION;
	memcpy(into + 1, checksum, CHECKSUM_BYTES);
	session->nextLimit = next + reserve;
	if (session->limit > session->nextLimit)
		session->limit = session->nextLimit;
	session->reserve = reserve;
	*error = DTLS_OK;
	return HEADER_BYTES + count;
}

void dtlsSaved(DtlsSession* session)
{
	session->limit = session->nextLimit;
	session->received = 0;
}

static DtlsError load(DtlsSession* session, const uint8_t* blob, size_t count)
{
	uint8_t checksum[DTLS_HASH_BYTES];
	bool isNew = session->state == DTLS_IS_NEW || session->state == DTLS_IS_LISTENING;
	if (!isNew || count <= HEADER_BYTES || blob[0] != BLOB_VERSION)
		return DTLS_ERROR_STATE;
	if (makeChecksum(session->config, blob + HEADER_BYTES, count - HEADER_BYTES, checksum) != 0)
		return DTLS_ERROR_STATE;
	if (mbedtls_ct_memcmp(checksum, blob + 1, CHECKSUM_BYTES) != 0)
		return DTLS_ERROR_STATE;
	if (mbedtls_ssl_context_load(&session->ssl, blob + HEADER_BYTES, count - HEADER_BYTES) == 0)
		return DTLS_OK;
	// The failure has freed the context: the session begins anew, for a handshake.
	if (dtlsSetUp(session) != 0)
		session->state = DTLS_IS_FAILED;
	return DTLS_ERROR_STATE;
}

DtlsError dtlsLoad(DtlsSession* session, uint8_t* blob, size_t count)
{
	DtlsError error = load(session, blob, count);
	if (error == DTLS_OK) {
		session->state = DTLS_IS_CONNECTED;
		session->limit = session->nextLimit = dtlsNextNumber(session);
		session->events |= DTLS_CONNECTED | DTLS_SAVE;
	}
	mbedtls_platform_zeroize(blob, count);
	return error;
}

#endif
