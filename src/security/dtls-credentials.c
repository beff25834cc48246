// From options to a configuration of Mbed TLS: credentials, suites, timing (dtls-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#include <string.h>

#include "mbedtls/ssl_ciphersuites.h"

#include "mbedtls-hash.h"

// So many retransmissions, since at a loss of one datagram in five each exchange of flights fails one time in three.
enum { DEFAULT_FIRST_TIMEOUT_MS = 1000, DEFAULT_LAST_TIMEOUT_MS = 16000, DEFAULT_RETRANSMISSIONS = 12, MOST_RETRANSMISSIONS = 16 };
enum { MOST_TIMEOUT_MS = 60000, DEFAULT_MTU = 1232, LEAST_MTU = 256 };

// In the order of preference. Only those of the security mode are offered: with both kinds servers pick certificates
// where a key was meant.
static const uint16_t keySuites[] = {
	MBEDTLS_TLS_PSK_WITH_AES_128_CCM_8,
#if defined(DTLS_HAS_CBC)
	MBEDTLS_TLS_PSK_WITH_AES_128_CBC_SHA256,
#endif
	// from here on by request (resource 0/x/16) or over a stream: ECDHE brings two extensions with it, 16 bytes of each
	// ClientHello
#if defined(DTLS_HAS_CBC) && defined(MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED)
	MBEDTLS_TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
#endif
#if defined(DTLS_HAS_GCM)
	MBEDTLS_TLS_PSK_WITH_AES_128_GCM_SHA256,
#endif
};

#if defined(DTLS_HAS_CBC)
enum { UNASKED_KEY_SUITES = 2 };
#else
enum { UNASKED_KEY_SUITES = 1 };
#endif

#if defined(MBEDTLS_X509_CRT_PARSE_C)
static const uint16_t certificateSuites[] = {
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
	#if defined(DTLS_HAS_GCM)
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	#endif
	#if defined(DTLS_HAS_CBC)
	MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
	#endif
};
#endif

static size_t addSuites(DtlsConfig* config, size_t at, const uint16_t* suites, size_t count, const DtlsOptions* options)
{
	if (options->suiteCount == 0) {
		for (size_t i = 0; i < count; i++)
			config->suites[at++] = suites[i];
		return at;
	}
	// the order is that of the resource
	for (size_t wanted = 0; wanted < options->suiteCount; wanted++)
		for (size_t i = 0; i < count; i++)
			if (suites[i] == options->suites[wanted])
				config->suites[at++] = suites[i];
	return at;
}

static bool setSuites(DtlsConfig* config, const DtlsOptions* options, bool hasCertificate)
{
	size_t count = 0;
	bool isAsked = options->isServer || options->isStream || options->suiteCount > 0;
	size_t keyCount = isAsked ? sizeof keySuites / sizeof *keySuites : UNASKED_KEY_SUITES;
	if (config->hasKey)
		count = addSuites(config, count, keySuites, keyCount, options);
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	if (hasCertificate)
		count = addSuites(config, count, certificateSuites, sizeof certificateSuites / sizeof *certificateSuites, options);
#else
	(void)hasCertificate;
#endif
	mbedtls_ssl_conf_ciphersuites(&config->ssl, config->suites);
	return count > 0;
}

#if defined(MBEDTLS_SSL_SRV_C)
static int lookUp(void* owner, mbedtls_ssl_context* ssl, const unsigned char* identity, size_t count)
{
	DtlsConfig* config = owner;
	DtlsSession* session = mbedtls_ssl_get_user_data_p(ssl);
	uint8_t key[DTLS_KEY_BYTES];
	if (count > DTLS_IDENTITY_BYTES)
		return -1;
	int size = config->lookUp(config->owner, identity, count, key, sizeof key);
	if (size <= 0 || size > DTLS_KEY_BYTES)
		return -1;
	memcpy(session->name, identity, count);
	session->nameBytes = count;
	int result = mbedtls_ssl_set_hs_psk(ssl, key, (size_t)size);
	mbedtls_platform_zeroize(key, sizeof key);
	return result;
}

static DtlsError setServer(DtlsConfig* config, const DtlsOptions* options)
{
	if (config->lookUp)
		mbedtls_ssl_conf_psk_cb(&config->ssl, lookUp, config);
	if (options->hasNoCookies || options->isStream)
		mbedtls_ssl_conf_dtls_cookies(&config->ssl, NULL, NULL, NULL);
	else
		mbedtls_ssl_conf_dtls_cookies(&config->ssl, dtlsCookieWrite, dtlsCookieCheck, config);
	int result = dtlsRandom(config, config->cookieKey, sizeof config->cookieKey);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
}
#endif

static DtlsError setKey(DtlsConfig* config, const DtlsOptions* options)
{
	if (options->isServer || !options->key.data)
		return DTLS_OK;
	bool isGood = options->key.count > 0 && options->key.count <= DTLS_KEY_BYTES;
	if (!isGood || !options->identity.data || options->identity.count == 0 || options->identity.count > DTLS_IDENTITY_BYTES)
		return DTLS_ERROR_KEY_SIZE;
	int result = mbedtls_ssl_conf_psk(&config->ssl, options->key.data, options->key.count, options->identity.data, options->identity.count);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_KEY_SIZE);
}

static char* copyText(const char* text)
{
	size_t size = strlen(text) + 1;
	char* copy = mbedtls_calloc(1, size);
	if (copy)
		memcpy(copy, text, size);
	return copy;
}

static DtlsError setNames(DtlsConfig* config, const DtlsOptions* options)
{
	if ((options->serverName && strlen(options->serverName) > DTLS_NAME_BYTES) || (options->sni && strlen(options->sni) > DTLS_NAME_BYTES))
		return DTLS_ERROR_OPTIONS;
	if (options->serverName && !(config->serverName = copyText(options->serverName)))
		return DTLS_ERROR_MEMORY;
	if (options->sni && !(config->sni = copyText(options->sni)))
		return DTLS_ERROR_MEMORY;
	return DTLS_OK;
}

static void digest(Hash* hash, const void* data, size_t count)
{
	uint8_t length[4] = { (uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8), (uint8_t)count };
	hashAdd(hash, length, sizeof length);
	if (count > 0)
		hashAdd(hash, data, count);
}

static void setFingerprint(DtlsConfig* config, const DtlsOptions* options)
{
	Hash hash;
	hashStart(&hash);
	uint8_t role = config->isServer;
	digest(&hash, &role, 1);
	const DtlsBytes parts[] = { options->identity, options->key, options->certificate, options->privateKey, options->peerCertificate, options->trusted };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		digest(&hash, parts[i].data, parts[i].data ? parts[i].count : 0);
	digest(&hash, options->serverName, options->serverName ? strlen(options->serverName) : 0);
	digest(&hash, options->sni, options->sni ? strlen(options->sni) : 0);
	hashFinish(&hash, config->fingerprint);
	hashFree(&hash);
}

// A server that heeds it sends no record that is too long for the buffer. RFC 6066 4.
static DtlsError setStream(DtlsConfig* config)
{
	int result = 0;
	config->cidBytes = -1;
#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH)
	const int least = MBEDTLS_SSL_IN_CONTENT_LEN < MBEDTLS_SSL_OUT_CONTENT_LEN ? MBEDTLS_SSL_IN_CONTENT_LEN : MBEDTLS_SSL_OUT_CONTENT_LEN;
	unsigned char code = MBEDTLS_SSL_MAX_FRAG_LEN_512;
	while (code < MBEDTLS_SSL_MAX_FRAG_LEN_4096 && 512 << code <= least)
		code++;
	if (!config->isServer)
		result = mbedtls_ssl_conf_max_frag_len(&config->ssl, code);
#endif
	return result == 0 ? DTLS_OK : DTLS_ERROR_OPTIONS;
}

static DtlsError setTransport(DtlsConfig* config, const DtlsOptions* options)
{
	uint32_t first = options->firstTimeoutMs ? options->firstTimeoutMs : DEFAULT_FIRST_TIMEOUT_MS;
	uint32_t last = options->lastTimeoutMs ? options->lastTimeoutMs : DEFAULT_LAST_TIMEOUT_MS;
	uint32_t retransmissions = options->retransmissions ? options->retransmissions : DEFAULT_RETRANSMISSIONS;
	if (first > MOST_TIMEOUT_MS || retransmissions > MOST_RETRANSMISSIONS || options->cidBytes > DTLS_CID_BYTES)
		return DTLS_ERROR_OPTIONS;
	if (options->mtu != 0 && options->mtu < LEAST_MTU)
		return DTLS_ERROR_OPTIONS;
	mbedtls_ssl_config* ssl = &config->ssl;
	int role = config->isServer ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT;
	int transport = config->isStream ? MBEDTLS_SSL_TRANSPORT_STREAM : MBEDTLS_SSL_TRANSPORT_DATAGRAM;
	int result = mbedtls_ssl_config_defaults(ssl, role, transport, MBEDTLS_SSL_PRESET_DEFAULT);
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
	// a system's configuration may have it; the core knows the steps of 1.2
	mbedtls_ssl_conf_max_tls_version(ssl, MBEDTLS_SSL_VERSION_TLS1_2);
#endif
	if (result == 0 && config->isStream)
		return setStream(config);
	// Mbed TLS counts by doubling; what it asks for is cut to the last interval when the timer is set.
	mbedtls_ssl_conf_handshake_timeout(ssl, first, first << retransmissions);
	config->lastTimeoutMs = last > first ? last : first;
	config->mtu = options->mtu ? options->mtu : DEFAULT_MTU;
	config->cidBytes = options->cidBytes;
	if (result == 0 && options->cidBytes >= 0)
		result = mbedtls_ssl_conf_cid(ssl, (size_t)options->cidBytes, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
}

static DtlsError seed(DtlsConfig* config, const DtlsOptions* options)
{
	if (!options->seed.data || options->seed.count < DTLS_SEED_BYTES)
		return DTLS_ERROR_OPTIONS;
	int result = dtlsSeed(config, &options->seed);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
}

static DtlsError configure(DtlsConfig* config, const DtlsOptions* options)
{
	config->isServer = options->isServer;
	config->isStream = options->isStream;
	config->lookUp = options->lookUp;
	config->owner = options->owner;
	config->timeSeconds = options->timeSeconds;
	config->hasKey = options->isServer ? options->lookUp != NULL : options->key.data != NULL;
	bool isTrusting = options->isStream && !config->hasKey && (options->peerCertificate.data || options->trusted.data);
	bool hasCertificate = options->certificate.data != NULL || isTrusting;
	if (!config->hasKey && !hasCertificate)
		return DTLS_ERROR_NO_CREDENTIALS;
	DtlsError error = seed(config, options);
	if (error == DTLS_OK)
		error = setTransport(config, options);
	if (error == DTLS_OK)
		error = setNames(config, options);
	if (error == DTLS_OK)
		error = setKey(config, options);
	if (error == DTLS_OK && hasCertificate)
#if defined(MBEDTLS_X509_CRT_PARSE_C)
		error = dtlsTrustCreate(config, options);
#else
		error = DTLS_ERROR_NO_CREDENTIALS;
#endif
	if (error == DTLS_OK && !setSuites(config, options, hasCertificate))
		error = DTLS_ERROR_SUITES;
#if defined(MBEDTLS_SSL_SRV_C)
	if (error == DTLS_OK && options->isServer)
		error = setServer(config, options);
#endif
	if (error == DTLS_OK)
		setFingerprint(config, options);
	return error;
}

DtlsConfig* dtlsConfigCreate(const DtlsOptions* options, DtlsError* error)
{
	DtlsConfig* config = mbedtls_calloc(1, sizeof *config);
	*error = DTLS_ERROR_MEMORY;
	if (!config)
		return NULL;
	mbedtls_ssl_config_init(&config->ssl);
	*error = configure(config, options);
	if (*error == DTLS_OK)
		return config;
	dtlsConfigDestroy(config);
	return NULL;
}

void dtlsConfigDestroy(DtlsConfig* config)
{
	if (!config)
		return;
	mbedtls_ssl_config_free(&config->ssl);
	dtlsForget(config);
#if defined(MBEDTLS_X509_CRT_PARSE_C)
	dtlsTrustDestroy(config->trust);
#endif
	mbedtls_free(config->serverName);
	mbedtls_free(config->sni);
	mbedtls_platform_zeroize(config, sizeof *config);
	mbedtls_free(config);
}

void dtlsSetTime(DtlsConfig* config, int64_t seconds)
{
	config->timeSeconds = seconds;
}

#endif
