// The cryptography under the DTLS core, where the versions of Mbed TLS differ: 3.6 has modules of its own and a generator in
// each configuration (dtls-crypto-3.c), 4 has PSA and one generator for all (dtls-crypto-4.c). A function that returns an
// int returns an error number of Mbed TLS, 0 for success.

#ifndef DTLS_CRYPTO_H
#define DTLS_CRYPTO_H

#include "dtls-core.h"

#if MBEDTLS_VERSION_MAJOR < 4
	#include "mbedtls/hmac_drbg.h"
	#if defined(MBEDTLS_CIPHER_MODE_CBC)
		#define DTLS_HAS_CBC
	#endif
	#if defined(MBEDTLS_GCM_C)
		#define DTLS_HAS_GCM
	#endif
#else
	#include "psa/crypto.h"
	#if defined(PSA_WANT_ALG_CBC_NO_PADDING)
		#define DTLS_HAS_CBC
	#endif
	#if defined(PSA_WANT_ALG_GCM)
		#define DTLS_HAS_GCM
	#endif
#endif

enum { DTLS_HASH_BYTES = 32 }; // SHA-256

// Makes the configuration's generator, and gives it to its sessions; before anything else.
int dtlsSeed(DtlsConfig* config, const DtlsBytes* seed);
int dtlsRandom(DtlsConfig* config, uint8_t* into, size_t count);
// Overwrites the configuration's generator, where it has one of its own.
void dtlsForget(DtlsConfig* config);

// HMAC with SHA-256. RFC 2104
int dtlsHmac(const uint8_t* key, size_t keyBytes, const uint8_t* input, size_t count, uint8_t result[DTLS_HASH_BYTES]);

// Whether memory is what is missing.
bool dtlsIsMemory(int result);

#if defined(MBEDTLS_X509_CRT_PARSE_C)
// Reads the configuration's own private key, PEM with the 0 at its end or DER. Succeeds also where it is of no use to us.
int dtlsReadKey(DtlsConfig* config, const uint8_t* text, size_t count);
// Whether it is a key of an elliptic curve.
bool dtlsIsElliptic(const DtlsConfig* config);
// Whether it belongs to the configuration's own certificate.
int dtlsCheckPair(DtlsConfig* config);
#endif

#endif
