// The server's stateless cookies (RFC 6347 4.2.1): a truncated HMAC of the peer's address and of the hour.
// 16 bytes: half of what Mbed TLS's own take, and no guess succeeds.
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#if defined(MBEDTLS_SSL_SRV_C)

	#include <string.h>

	#include "mbedtls/constant_time.h"

enum { AGE_SECONDS = 3600 };

static int makeCookie(const DtlsConfig* config, int64_t age, const unsigned char* peer, size_t count, uint8_t cookie[DTLS_HASH_BYTES])
{
	uint8_t input[8 + DTLS_PEER_BYTES];
	if (!peer || count > DTLS_PEER_BYTES)
		return MBEDTLS_ERR_SSL_BAD_INPUT_DATA;
	memcpy(input, &age, 8);
	memcpy(input + 8, peer, count);
	return dtlsHmac(config->cookieKey, sizeof config->cookieKey, input, 8 + count, cookie);
}

int dtlsCookieWrite(void* owner, unsigned char** at, unsigned char* end, const unsigned char* peer, size_t count)
{
	const DtlsConfig* config = owner;
	uint8_t cookie[DTLS_HASH_BYTES];
	if (end - *at < DTLS_COOKIE_BYTES)
		return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
	int result = makeCookie(config, config->timeSeconds / AGE_SECONDS, peer, count, cookie);
	if (result != 0)
		return result;
	memcpy(*at, cookie, DTLS_COOKIE_BYTES);
	*at += DTLS_COOKIE_BYTES;
	return 0;
}

int dtlsCookieCheck(void* owner, const unsigned char* cookie, size_t cookieBytes, const unsigned char* peer, size_t count)
{
	const DtlsConfig* config = owner;
	if (cookieBytes != DTLS_COOKIE_BYTES)
		return -1;
	// one that was made just before the hour is good a little longer
	for (int64_t ago = 0; ago < 2; ago++) {
		uint8_t expected[DTLS_HASH_BYTES];
		int result = makeCookie(config, config->timeSeconds / AGE_SECONDS - ago, peer, count, expected);
		if (result != 0)
			return result;
		if (mbedtls_ct_memcmp(cookie, expected, DTLS_COOKIE_BYTES) == 0)
			return 0;
	}
	return -1;
}

#endif

#endif
