// What went wrong, in words. A handshake's failure is told from Mbed TLS's result, the alert, the step of the handshake
// and the faults of the certificate chain.
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

// Alerts that say something of their own. RFC 5246 7.2, RFC 4279 2.
enum {
	BAD_RECORD_MAC = 20,
	HANDSHAKE_FAILURE = 40,
	BAD_CERTIFICATE = 42,
	UNSUPPORTED_CERTIFICATE = 43,
	CERTIFICATE_REVOKED = 44,
	CERTIFICATE_EXPIRED = 45,
	CERTIFICATE_UNKNOWN = 46,
	UNKNOWN_CA = 48,
	ACCESS_DENIED = 49,
	DECRYPT_ERROR = 51,
	PROTOCOL_VERSION = 70,
	INSUFFICIENT_SECURITY = 71,
	UNKNOWN_IDENTITY = 115,
};

static const struct {
	DtlsError error;
	const char* text;
} texts[] = {
	{ DTLS_OK, "no error" },
	{ DTLS_ERROR_MEMORY, "out of memory" },
	{ DTLS_ERROR_OPTIONS, "unusable DTLS options" },
	{ DTLS_ERROR_NO_CREDENTIALS, "no credentials: neither a pre-shared key nor a certificate" },
	{ DTLS_ERROR_KEY_SIZE, "unusable pre-shared key: an identity of 1 to 128 bytes and a key of 1 to 64 are needed" },
	{ DTLS_ERROR_OWN_CERTIFICATE, "the client certificate cannot be read" },
	{ DTLS_ERROR_PRIVATE_KEY, "the private key cannot be read: a P-256 key in PEM or DER is needed" },
	{ DTLS_ERROR_KEY_MISMATCH, "the private key does not belong to the certificate" },
	{ DTLS_ERROR_PEER_CERTIFICATE, "the certificate of the server or its authority cannot be read" },
	{ DTLS_ERROR_SUITES, "none of the configured cipher suites is supported" },
	{ DTLS_ERROR_NO_ANSWER, "no answer to the handshake" },
	{ DTLS_ERROR_NO_CONFIRMATION, "no answer at the end of the handshake: perhaps the identity or the key is wrong" },
	{ DTLS_ERROR_IDENTITY, "the pre-shared key identity is unknown to the server" },
	{ DTLS_ERROR_KEY, "the pre-shared key is wrong" },
	{ DTLS_ERROR_NO_COMMON_SUITE, "no common cipher suite" },
	{ DTLS_ERROR_EXPIRED, "the peer's certificate has expired" },
	{ DTLS_ERROR_NOT_YET_VALID, "the peer's certificate is not valid yet" },
	{ DTLS_ERROR_HOST_NAME, "the server's certificate is for another host name" },
	{ DTLS_ERROR_UNKNOWN_CA, "the peer's certificate is signed by an unknown authority" },
	{ DTLS_ERROR_NOT_EXPECTED, "the server's certificate is not the configured one" },
	{ DTLS_ERROR_CERTIFICATE, "the peer's certificate is not acceptable" },
	{ DTLS_ERROR_REFUSED_CERTIFICATE, "the peer does not accept our certificate" },
	{ DTLS_ERROR_REFUSED_EXPIRED, "the peer says that our certificate has expired" },
	{ DTLS_ERROR_REFUSED_CA, "the peer does not know the authority of our certificate" },
	{ DTLS_ERROR_REFUSED, "the peer refused the handshake" },
	{ DTLS_ERROR_PROTOCOL, "the peer broke the protocol" },
	{ DTLS_ERROR_VERSION, "the peer does not speak version 1.2" },
	{ DTLS_ERROR_LONG_RECORD, "the peer sends longer records than fit: it does not heed max_fragment_length (RFC 6066 4)" },
	{ DTLS_ERROR_LONG_MESSAGE, "the peer's certificates are too long" },
	{ DTLS_ERROR_CLOSED, "the peer closed the session" },
	{ DTLS_ERROR_TOO_LONG, "the message is too long for one record" },
	{ DTLS_ERROR_RESERVE, "the reserved sequence numbers are used up" },
	{ DTLS_ERROR_NOT_CONNECTED, "the session is not connected" },
	{ DTLS_ERROR_STATE, "the saved session cannot be used" },
	{ DTLS_ERROR_NOT_SAVABLE, "the session cannot be saved" },
};

const char* dtlsErrorText(DtlsError error)
{
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].error == error)
			return texts[i].text;
	return "unknown error";
}

DtlsError dtlsMemoryOr(int result, DtlsError error)
{
	return dtlsIsMemory(result) ? DTLS_ERROR_MEMORY : error;
}

static DtlsError ofAlert(const DtlsSession* session, int state)
{
	switch (session->alert) {
	case UNKNOWN_IDENTITY:
		return DTLS_ERROR_IDENTITY;
	case BAD_RECORD_MAC:
	case DECRYPT_ERROR:
		return session->config->hasKey && !session->config->isServer ? DTLS_ERROR_KEY : DTLS_ERROR_REFUSED;
	case HANDSHAKE_FAILURE:
	case INSUFFICIENT_SECURITY:
		// in answer to the hello; later it may mean anything
		return state <= MBEDTLS_SSL_SERVER_HELLO ? DTLS_ERROR_NO_COMMON_SUITE : DTLS_ERROR_REFUSED;
	case BAD_CERTIFICATE:
	case UNSUPPORTED_CERTIFICATE:
	case CERTIFICATE_REVOKED:
	case CERTIFICATE_UNKNOWN:
	case ACCESS_DENIED:
		return DTLS_ERROR_REFUSED_CERTIFICATE;
	case CERTIFICATE_EXPIRED:
		return DTLS_ERROR_REFUSED_EXPIRED;
	case PROTOCOL_VERSION:
		return DTLS_ERROR_VERSION;
	case UNKNOWN_CA:
		return DTLS_ERROR_REFUSED_CA;
	default:
		return DTLS_ERROR_REFUSED;
	}
}

#if defined(MBEDTLS_X509_CRT_PARSE_C)
static DtlsError ofCertificate(uint32_t faults)
{
	if (faults & MBEDTLS_X509_BADCERT_OTHER)
		return DTLS_ERROR_NOT_EXPECTED;
	if (faults & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
		return DTLS_ERROR_UNKNOWN_CA;
	if (faults & MBEDTLS_X509_BADCERT_EXPIRED)
		return DTLS_ERROR_EXPIRED;
	if (faults & MBEDTLS_X509_BADCERT_FUTURE)
		return DTLS_ERROR_NOT_YET_VALID;
	if (faults & MBEDTLS_X509_BADCERT_CN_MISMATCH)
		return DTLS_ERROR_HOST_NAME;
	return DTLS_ERROR_CERTIFICATE;
}
#endif

// A record or a handshake message of a stream that the buffer is too small for, 0: none.
static DtlsError tooLong(const DtlsSession* session)
{
	enum { HEADER_BYTES = 5, MAJOR_VERSION = 3, LENGTH_AT = 3 };
	const mbedtls_ssl_context* ssl = &session->ssl;
	if (!session->config->isStream)
		return DTLS_OK;
	bool isRecord = ssl->in_left >= HEADER_BYTES && ssl->in_hdr[1] == MAJOR_VERSION;
	if (isRecord && (ssl->in_hdr[LENGTH_AT] << 8 | ssl->in_hdr[LENGTH_AT + 1]) > MBEDTLS_SSL_IN_CONTENT_LEN)
		return DTLS_ERROR_LONG_RECORD;
	return ssl->in_hslen > MBEDTLS_SSL_IN_CONTENT_LEN ? DTLS_ERROR_LONG_MESSAGE : DTLS_OK;
}

static DtlsError diagnose(const DtlsSession* session, int result)
{
	const DtlsConfig* config = session->config;
	int state = session->ssl.state;
	switch (result) {
	case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
		return DTLS_ERROR_CLOSED;
	case MBEDTLS_ERR_SSL_TIMEOUT:
		return state == MBEDTLS_SSL_SERVER_CHANGE_CIPHER_SPEC || state == MBEDTLS_SSL_SERVER_FINISHED ? DTLS_ERROR_NO_CONFIRMATION : DTLS_ERROR_NO_ANSWER;
	case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
		return ofAlert(session, state);
	case MBEDTLS_ERR_SSL_INVALID_MAC:
		// of datagrams only a wrong Finished is fatal
		return config->hasKey && state != MBEDTLS_SSL_HANDSHAKE_OVER ? DTLS_ERROR_KEY : DTLS_ERROR_PROTOCOL;
	case MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY:
		return DTLS_ERROR_IDENTITY;
	case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
		return DTLS_ERROR_VERSION;
	case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE:
		return state <= MBEDTLS_SSL_SERVER_HELLO ? DTLS_ERROR_NO_COMMON_SUITE : DTLS_ERROR_PROTOCOL;
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
		return ofCertificate(mbedtls_ssl_get_verify_result(&session->ssl));
	case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE:
	case MBEDTLS_ERR_SSL_BAD_CERTIFICATE:
		return DTLS_ERROR_CERTIFICATE;
#endif
	default:
		return dtlsMemoryOr(result, tooLong(session) != DTLS_OK ? tooLong(session) : DTLS_ERROR_PROTOCOL);
	}
}

void dtlsDiagnose(DtlsSession* session, int result)
{
	session->alert = result == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ? session->ssl.in_msg[1] : -1;
	session->error = diagnose(session, result);
}

#endif
