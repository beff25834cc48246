// A session at work: handshake, records, the end (dtls-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

static void end(DtlsSession* session, DtlsState state)
{
	session->state = state;
	session->isArmed = session->isBusy = false;
	session->events |= DTLS_TIMER | (state == DTLS_IS_FAILED ? DTLS_FAILED : DTLS_CLOSED);
}

static void fail(DtlsSession* session, int result)
{
	dtlsDiagnose(session, result);
	end(session, result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? DTLS_IS_CLOSED : DTLS_IS_FAILED);
}

#if defined(MBEDTLS_SSL_SRV_C)
// A ClientHello without a good cookie has been answered: as before it, nothing is remembered. RFC 6347 4.2.1.
static void listenAgain(DtlsSession* session)
{
	int result = mbedtls_ssl_session_reset(&session->ssl);
	if (result == 0)
		result = dtlsPrepare(session);
	if (result != 0)
		fail(session, result);
}
#endif

static int handshake(DtlsSession* session)
{
	mbedtls_ssl_context* ssl = &session->ssl;
	while (!mbedtls_ssl_is_handshake_over(ssl)) {
#if defined(MBEDTLS_X509_CRT_PARSE_C)
		const DtlsConfig* config = session->config;
		// What is set before the hello is sent as server name, which an address must not be (RFC 6066 3): hence so late.
		if (ssl->state == MBEDTLS_SSL_SERVER_CERTIFICATE && !config->isServer && !session->isNamed && !config->sni) {
			int failure = mbedtls_ssl_set_hostname(ssl, config->serverName);
			if (failure != 0)
				return failure;
			session->isNamed = true;
		}
#endif
		int result = mbedtls_ssl_handshake_step(ssl);
		if (result != 0)
			return result;
		if (session->state == DTLS_IS_LISTENING && ssl->state > MBEDTLS_SSL_CLIENT_HELLO)
			session->state = DTLS_IS_HANDSHAKING;
	}
	return 0;
}

static void work(DtlsSession* session)
{
	uint64_t newest = session->ssl.in_window_top;
	int result = 0;
	if (session->state != DTLS_IS_CONNECTED) {
		result = handshake(session);
		if (result == 0) {
			session->state = DTLS_IS_CONNECTED;
			session->events |= DTLS_CONNECTED;
			newest = 0;
		}
#if defined(MBEDTLS_ECP_RESTARTABLE)
		else if (result == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS) {
			session->isBusy = true;
			session->events |= DTLS_TIMER;
			return;
		}
#endif
	}
	// Without a place to put it: processes records up to the first with plaintext, which stays for dtlsRead.
	if (result == 0)
		result = mbedtls_ssl_read(&session->ssl, NULL, 0);
	if (result == 0) {
		if (mbedtls_ssl_get_bytes_avail(&session->ssl) > 0)
			session->events |= DTLS_READABLE;
	}
	else if (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
#if defined(MBEDTLS_SSL_SRV_C)
		listenAgain(session);
#endif
	}
	else if (result != MBEDTLS_ERR_SSL_WANT_READ && result != MBEDTLS_ERR_SSL_WANT_WRITE)
		fail(session, result);
	if (session->state == DTLS_IS_CONNECTED && session->ssl.in_window_top > newest)
		session->events |= DTLS_NEWER;
}

static bool isOver(const DtlsSession* session)
{
	return session->state == DTLS_IS_CLOSED || session->state == DTLS_IS_FAILED;
}

unsigned dtlsStart(DtlsSession* session)
{
	if (session->state == DTLS_IS_NEW) {
		session->state = DTLS_IS_HANDSHAKING;
		work(session);
	}
	return dtlsEvents(session);
}

// The length of the whole records at the datagram's beginning. What is behind them goes unseen: left with less than a
// record's header, Mbed TLS 3.6 ends the session, which anybody could make it do.
static size_t wholeRecords(const DtlsSession* session, const uint8_t* datagram, size_t count)
{
	enum { HEADER_BYTES = 13, TYPE_CID = 25 };
	size_t end = 0;
	while (end + HEADER_BYTES <= count) {
		size_t header = HEADER_BYTES + (datagram[end] == TYPE_CID ? session->cidBytes : 0);
		if (end + header > count)
			break;
		const uint8_t* length = datagram + end + header - 2;
		size_t next = end + header + ((size_t)length[0] << 8 | length[1]);
		if (next > count)
			break;
		end = next;
	}
	return end;
}

unsigned dtlsReceive(DtlsSession* session, const uint8_t* datagram, size_t count)
{
	count = wholeRecords(session, datagram, count);
	if (session->config->isStream || session->state == DTLS_IS_NEW || isOver(session) || count == 0)
		return dtlsEvents(session);
	session->datagram = datagram;
	session->datagramBytes = count;
	work(session);
	// Not looked at: half-way through a computation.
	if (session->isBusy && session->datagram)
		dtlsEnqueue(&session->early, datagram, count);
	session->datagram = NULL;
	// A replayed record passes once after a restart unless the window that was saved has seen it.
	if (session->limit != DTLS_NO_LIMIT && (session->events & DTLS_NEWER) && ++session->received >= session->reserve)
		session->events |= DTLS_SAVE;
	return dtlsEvents(session);
}

size_t dtlsFeed(DtlsSession* session, const uint8_t* bytes, size_t count)
{
	if (!session->config->isStream || session->state == DTLS_IS_NEW || isOver(session) || session->isBusy)
		return 0;
	session->datagram = bytes;
	session->datagramBytes = count;
	work(session);
	size_t taken = count - session->datagramBytes;
	session->datagram = NULL;
	session->datagramBytes = 0;
	return taken;
}

unsigned dtlsExpire(DtlsSession* session)
{
	if (session->isBusy && !isOver(session)) {
		session->isBusy = false;
		session->events |= DTLS_TIMER;
		work(session);
	}
	else if (session->isArmed) {
		session->isExpired = true;
		work(session);
	}
	return dtlsEvents(session);
}

size_t dtlsRead(DtlsSession* session, uint8_t* into, size_t size)
{
	mbedtls_ssl_context* ssl = &session->ssl;
	while (session->state == DTLS_IS_CONNECTED) {
		size_t count = mbedtls_ssl_get_bytes_avail(ssl);
		if (count == 0) {
			int result = mbedtls_ssl_read(ssl, NULL, 0);
			if (result == 0 && mbedtls_ssl_get_bytes_avail(ssl) > 0)
				continue;
			if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ)
				fail(session, result);
			if (result != 0)
				break;
		}
		else if (count <= size || session->config->isStream)
			return (size_t)mbedtls_ssl_read(ssl, into, size);
		else
			while (size > 0 && mbedtls_ssl_get_bytes_avail(ssl) > 0)
				mbedtls_ssl_read(ssl, into, size);
	}
	return 0;
}

size_t dtlsSend(DtlsSession* session, const uint8_t* plaintext, size_t count, uint8_t* into, size_t size, DtlsError* error)
{
	*error = DTLS_OK;
	if (session->state != DTLS_IS_CONNECTED)
		*error = DTLS_ERROR_NOT_CONNECTED;
	else if (count > dtlsMaxPlaintext(session))
		*error = DTLS_ERROR_TOO_LONG;
	else if (dtlsNextNumber(session) >= session->limit)
		*error = DTLS_ERROR_RESERVE;
	if (*error != DTLS_OK || count == 0)
		return 0;
	session->direct = session->config->isStream ? NULL : into;
	session->directSize = size;
	session->directBytes = 0;
	int result = mbedtls_ssl_write(&session->ssl, plaintext, count);
	session->direct = NULL;
	if (result != (int)count) {
		fail(session, result);
		*error = session->error;
		return 0;
	}
	if (session->config->isStream)
		return count;
	if (session->directBytes == 0)
		*error = DTLS_ERROR_TOO_LONG;
	if (session->limit != DTLS_NO_LIMIT && session->limit - dtlsNextNumber(session) <= session->reserve / 4)
		session->events |= DTLS_SAVE;
	return session->directBytes;
}

unsigned dtlsClose(DtlsSession* session)
{
	if (session->state == DTLS_IS_CONNECTED && dtlsNextNumber(session) < session->limit)
		mbedtls_ssl_close_notify(&session->ssl);
	if (!isOver(session))
		end(session, DTLS_IS_CLOSED);
	// It is us who closed.
	session->events &= ~(unsigned)DTLS_CLOSED;
	return dtlsEvents(session);
}

#endif
