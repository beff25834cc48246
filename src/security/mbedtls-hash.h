// SHA-256 in pieces, by what the version of Mbed TLS has for it.

#ifndef MBEDTLS_HASH_H
#define MBEDTLS_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "mbedtls/build_info.h"

#if MBEDTLS_VERSION_MAJOR < 4

	#include "mbedtls/sha256.h"

typedef mbedtls_sha256_context Hash;

static inline void hashStart(Hash* hash)
{
	mbedtls_sha256_init(hash);
	mbedtls_sha256_starts(hash, 0);
}

static inline void hashAdd(Hash* hash, const void* bytes, size_t count)
{
	mbedtls_sha256_update(hash, bytes, count);
}

static inline void hashFinish(Hash* hash, uint8_t digest[32])
{
	mbedtls_sha256_finish(hash, digest);
}

static inline void hashFree(Hash* hash)
{
	mbedtls_sha256_free(hash);
}

#else

	#include "psa/crypto.h"

typedef psa_hash_operation_t Hash;

static inline void hashStart(Hash* hash)
{
	*hash = psa_hash_operation_init();
	if (psa_crypto_init() == PSA_SUCCESS)
		psa_hash_setup(hash, PSA_ALG_SHA_256);
}

static inline void hashAdd(Hash* hash, const void* bytes, size_t count)
{
	psa_hash_update(hash, bytes, count);
}

// Zeros where the system's hashing has failed, which is nothing's digest.
static inline void hashFinish(Hash* hash, uint8_t digest[32])
{
	size_t length;
	if (psa_hash_finish(hash, digest, 32, &length) != PSA_SUCCESS)
		memset(digest, 0, 32);
}

static inline void hashFree(Hash* hash)
{
	psa_hash_abort(hash);
}

#endif

#endif
