// The check of one ECDSA signature on P-256 in slices, for the verifier: of Mbed TLS 3.6 (verifier-check-3.c) or 4
// (verifier-check-4.c). RFC 6090, FIPS 186-5.

#ifndef VERIFIER_CHECK_H
#define VERIFIER_CHECK_H

#include "verifier-core.h"

#include "mbedtls/build_info.h"

#if MBEDTLS_VERSION_MAJOR < 4
	#if defined(MBEDTLS_ECDSA_C)
		#define VERIFIER_CHECKS
	#endif
#else
	#include "psa/crypto.h"
	#if defined(PSA_WANT_ALG_ECDSA) && defined(PSA_WANT_ECC_SECP_R1_256)
		#define VERIFIER_CHECKS
	#endif
#endif

#if defined(VERIFIER_CHECKS)

typedef struct Check Check;

// Whether `key` is a point of P-256: VERIFIER_RIGHT, _WRONG or _MEMORY.
int checkKey(const uint8_t* key);
// Begins to check the signature of what has this digest; all three are copied. NULL and *result, as checkKey.
Check* checkStart(const uint8_t* key, const uint8_t* signature, const uint8_t* digest, int* result);
// Goes on, for so many operations, 0: to the end. As verifierCheck.
int checkStep(Check* check, unsigned operations);
void checkFree(Check* check);

#endif

#endif
