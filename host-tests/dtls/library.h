// What a test of memory has to know of the version of Mbed TLS.

#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "mbedtls/build_info.h"

#if MBEDTLS_VERSION_MAJOR < 4

	#include "mbedtls/sha256.h"

// 3.6 does not look whether its copy of the handshake's hash was made (ssl_compute_master): such a block must not fail.
static inline bool mustNotFail(size_t size)
{
	return size == sizeof(mbedtls_sha256_context);
}

static inline void libraryReset(void)
{
}

// What protecting a record allocates, or taking one.
enum { BLOCKS_A_RECORD = 0 };

#else

	#include "psa/crypto.h"

static inline bool mustNotFail(size_t size)
{
	(void)size;
	return false;
}

// Gives back the store of keys, which outlives sessions. No session may be left.
static inline void libraryReset(void)
{
	mbedtls_psa_crypto_free();
}

// The context of AES, which is given back at once.
enum { BLOCKS_A_RECORD = 1 };

#endif

#endif
