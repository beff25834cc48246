// The making and the end of a DTLS session: its Mbed TLS context with our input and timer (dtls-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#include <string.h>

static int input(void* owner, unsigned char* into, size_t size)
{
	DtlsSession* session = owner;
	const uint8_t* datagram = session->datagram;
	size_t count = session->datagramBytes;
	session->datagram = NULL;
	// A datagram that is larger than the buffer would be a fatal error to Mbed TLS; to us it is lost.
	if (datagram && count <= size)
		memcpy(into, datagram, count);
	else
		count = datagram ? 0 : dtlsDequeue(&session->early, into, size);
	return count > 0 ? (int)count : MBEDTLS_ERR_SSL_WANT_READ;
}

// As many bytes of the stream as Mbed TLS asks for, which is never more than to the end of a record.
static int inputOfStream(void* owner, unsigned char* into, size_t size)
{
	DtlsSession* session = owner;
	size_t count = session->datagramBytes < size ? session->datagramBytes : size;
	if (count == 0)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(into, session->datagram, count);
	session->datagram += count;
	session->datagramBytes -= count;
	return (int)count;
}

static void setTimer(void* owner, uint32_t intermediateMs, uint32_t finalMs)
{
	DtlsSession* session = owner;
	(void)intermediateMs;
	if (session->isArmed || finalMs > 0)
		session->events |= DTLS_TIMER;
	session->isArmed = finalMs > 0;
	session->isExpired = false;
	session->timerMs = finalMs < session->config->lastTimeoutMs ? finalMs : session->config->lastTimeoutMs;
}

static int getTimer(void* owner)
{
	const DtlsSession* session = owner;
	if (!session->isArmed)
		return -1;
	return session->isExpired ? 2 : 0;
}

static int setCid(DtlsSession* session)
{
	DtlsConfig* config = session->config;
	if (config->cidBytes < 0)
		return 0;
	return mbedtls_ssl_set_cid(&session->ssl, MBEDTLS_SSL_CID_ENABLED, session->cid, session->cidBytes);
}

int dtlsPrepare(DtlsSession* session)
{
#if defined(MBEDTLS_SSL_SRV_C)
	if (session->config->isServer && !session->config->isStream) {
		session->nameBytes = 0;
		int result = mbedtls_ssl_set_client_transport_id(&session->ssl, session->peer, session->peerBytes);
		if (result != 0)
			return result;
	}
#endif
	return setCid(session);
}

int dtlsSetUp(DtlsSession* session)
{
	DtlsConfig* config = session->config;
	mbedtls_ssl_context* ssl = &session->ssl;
	mbedtls_ssl_init(ssl);
	int result = mbedtls_ssl_setup(ssl, &config->ssl);
	if (result != 0)
		return result;
	mbedtls_ssl_set_bio(ssl, session, dtlsOutput, config->isStream ? inputOfStream : input, NULL);
	mbedtls_ssl_set_user_data_p(ssl, session);
	if (!config->isStream) {
		mbedtls_ssl_set_timer_cb(ssl, session, setTimer, getTimer);
		mbedtls_ssl_set_mtu(ssl, config->mtu);
	}
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	mbedtls_ssl_set_verify(ssl, dtlsVerify, session);
	// What is set here is sent as server name indication; the name to verify is set once the hello is out.
	if (!config->isServer && (result = mbedtls_ssl_set_hostname(ssl, config->sni)) != 0)
		return result;
#endif
	return dtlsPrepare(session);
}

DtlsSession* dtlsCreate(DtlsConfig* config, DtlsError* error)
{
	DtlsSession* session = mbedtls_calloc(1, sizeof *session);
	*error = DTLS_ERROR_MEMORY;
	if (!session)
		return NULL;
	session->config = config;
	session->limit = session->nextLimit = DTLS_NO_LIMIT;
	session->alert = -1;
	session->cidBytes = config->cidBytes > 0 ? (size_t)config->cidBytes : 0;
	session->state = config->isServer ? DTLS_IS_LISTENING : DTLS_IS_NEW;
	int result = dtlsRandom(config, session->cid, session->cidBytes);
	if (result == 0)
		result = dtlsSetUp(session);
	if (result != 0) {
		*error = dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
		dtlsDestroy(session);
		return NULL;
	}
	session->events = 0;
	*error = DTLS_OK;
	return session;
}

void dtlsDestroy(DtlsSession* session)
{
	if (!session)
		return;
	dtlsEmpty(&session->output);
	dtlsEmpty(&session->early);
	mbedtls_ssl_free(&session->ssl);
	mbedtls_platform_zeroize(session, sizeof *session);
	mbedtls_free(session);
}

#endif
