// The cryptography of Mbed TLS 3.6 (dtls-crypto.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#if MBEDTLS_VERSION_MAJOR < 4

	#include "mbedtls/md.h"
	#if defined(MBEDTLS_PEM_PARSE_C)
		#include "mbedtls/pem.h"
	#endif

int dtlsSeed(DtlsConfig* config, const DtlsBytes* seed)
{
	const mbedtls_md_info_t* sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
	mbedtls_hmac_drbg_init(&config->random);
	mbedtls_ssl_conf_rng(&config->ssl, mbedtls_hmac_drbg_random, &config->random);
	return mbedtls_hmac_drbg_seed_buf(&config->random, sha256, seed->data, seed->count);
}

int dtlsRandom(DtlsConfig* config, uint8_t* into, size_t count)
{
	return mbedtls_hmac_drbg_random(&config->random, into, count);
}

void dtlsForget(DtlsConfig* config)
{
	mbedtls_hmac_drbg_free(&config->random);
}

int dtlsHmac(const uint8_t* key, size_t keyBytes, const uint8_t* input, size_t count, uint8_t result[DTLS_HASH_BYTES])
{
	return mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key, keyBytes, input, count, result);
}

bool dtlsIsMemory(int result)
{
	// each module of Mbed TLS has its own
	switch (result) {
	case MBEDTLS_ERR_SSL_ALLOC_FAILED:
	case MBEDTLS_ERR_MD_ALLOC_FAILED:
	#if defined(MBEDTLS_X509_CRT_PARSE_C)
	case MBEDTLS_ERR_X509_ALLOC_FAILED:
	case MBEDTLS_ERR_PK_ALLOC_FAILED:
	case MBEDTLS_ERR_MPI_ALLOC_FAILED:
	case MBEDTLS_ERR_ASN1_ALLOC_FAILED:
	case MBEDTLS_ERR_PEM_ALLOC_FAILED:
	case MBEDTLS_ERR_ECP_ALLOC_FAILED:
	#endif
		return true;
	default:
		return false;
	}
}

	#if defined(MBEDTLS_X509_CRT_PARSE_C)

int dtlsReadKey(DtlsConfig* config, const uint8_t* text, size_t count)
{
	return mbedtls_pk_parse_key(&config->trust->ownKey, text, count, NULL, 0, mbedtls_hmac_drbg_random, &config->random);
}

bool dtlsIsElliptic(const DtlsConfig* config)
{
	return mbedtls_pk_get_type(&config->trust->ownKey) == MBEDTLS_PK_ECKEY;
}

int dtlsCheckPair(DtlsConfig* config)
{
	return mbedtls_pk_check_pair(&config->trust->own.pk, &config->trust->ownKey, mbedtls_hmac_drbg_random, &config->random);
}

	#endif

void dtlsSetSlice(unsigned operations)
{
	#if defined(MBEDTLS_ECP_RESTARTABLE)
	mbedtls_ecp_set_max_ops(operations);
	#else
	(void)operations;
	#endif
}

#endif

#endif
