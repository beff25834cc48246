// The cryptography of Mbed TLS 4, which is PSA's alone (dtls-crypto.h, PSA Certified Crypto API 1.2).
//
// Its one generator is the system's (ESP-IDF, Zephyr), which needs no seed of ours. Where the library is built with
// mbedtls-crypto-4.h it asks here: HMAC_DRBG (NIST SP 800-90A 10.1.2) with SHA-256, to which each configuration's seed is
// added. It lives as long as the program.
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#if MBEDTLS_VERSION_MAJOR >= 4

	#if defined(DTLS_SEEDED_RANDOM)

		#include "mbedtls/private/hmac_drbg.h"

static mbedtls_hmac_drbg_context generator;
static bool isSeeded;

psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t* context, uint8_t* into, size_t size, size_t* count)
{
	(void)context;
	*count = 0;
	if (!isSeeded || mbedtls_hmac_drbg_random(&generator, into, size) != 0)
		return PSA_ERROR_INSUFFICIENT_ENTROPY;
	*count = size;
	return PSA_SUCCESS;
}

static int addSeed(const DtlsBytes* seed)
{
	if (isSeeded)
		return mbedtls_hmac_drbg_update(&generator, seed->data, seed->count);
	mbedtls_hmac_drbg_init(&generator);
	int result = mbedtls_hmac_drbg_seed_buf(&generator, mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), seed->data, seed->count);
	if (result != 0)
		mbedtls_hmac_drbg_free(&generator);
	isSeeded = result == 0;
	return result;
}

	#else

static int addSeed(const DtlsBytes* seed)
{
	(void)seed;
	return 0;
}

	#endif

int dtlsSeed(DtlsConfig* config, const DtlsBytes* seed)
{
	(void)config;
	int result = addSeed(seed);
	return result == 0 ? psa_crypto_init() : result;
}

int dtlsRandom(DtlsConfig* config, uint8_t* into, size_t count)
{
	(void)config;
	return psa_generate_random(into, count);
}

void dtlsForget(DtlsConfig* config)
{
	(void)config;
}

int dtlsHmac(const uint8_t* key, size_t keyBytes, const uint8_t* input, size_t count, uint8_t result[DTLS_HASH_BYTES])
{
	size_t length;
	mbedtls_svc_key_id_t id;
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
	psa_set_key_algorithm(&attributes, PSA_ALG_HMAC(PSA_ALG_SHA_256));
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
	psa_status_t status = psa_import_key(&attributes, key, keyBytes, &id);
	if (status != PSA_SUCCESS)
		return status;
	status = psa_mac_compute(id, PSA_ALG_HMAC(PSA_ALG_SHA_256), input, count, result, DTLS_HASH_BYTES, &length);
	psa_destroy_key(id);
	return status;
}

bool dtlsIsMemory(int result)
{
	return result == PSA_ERROR_INSUFFICIENT_MEMORY;
}

	#if defined(MBEDTLS_X509_CRT_PARSE_C)

int dtlsReadKey(DtlsConfig* config, const uint8_t* text, size_t count)
{
	return mbedtls_pk_parse_key(&config->trust->ownKey, text, count, NULL, 0);
}

bool dtlsIsElliptic(const DtlsConfig* config)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	int result = mbedtls_pk_get_psa_attributes(&config->trust->ownKey, PSA_KEY_USAGE_SIGN_HASH, &attributes);
	return result == 0 && PSA_KEY_TYPE_IS_ECC_KEY_PAIR(psa_get_key_type(&attributes));
}

int dtlsCheckPair(DtlsConfig* config)
{
	return mbedtls_pk_check_pair(&config->trust->own.pk, &config->trust->ownKey);
}

	#endif

// Signatures are made and checked in slices; the two products of the key exchange (ECDH) are not, each is one call.
void dtlsSetSlice(unsigned operations)
{
	psa_interruptible_set_max_ops(operations);
}

#endif

#endif
