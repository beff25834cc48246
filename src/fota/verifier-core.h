// SHA-256, and ECDSA signatures on P-256 in slices, over Mbed TLS 3.6 or 4. No engine, no I/O. RFC 6090, FIPS 186-5.
// Memory: a verifier 250 bytes; while a signature is being checked some 4 KB more.

#ifndef VERIFIER_CORE_H
#define VERIFIER_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERIFIER_KEY_BYTES = 65, VERIFIER_SIGNATURE_BYTES = 64, VERIFIER_DIGEST_BYTES = 32 };

// Of verifierCheck.
enum { VERIFIER_AGAIN = -1, VERIFIER_RIGHT = 0, VERIFIER_WRONG = 1, VERIFIER_MEMORY = 2 };

typedef struct Verifier Verifier;

// `key`: an uncompressed point, 0x04 x y; NULL for digests only. NULL and *message where it cannot be.
Verifier* verifierCreate(const uint8_t* key, const char** message);
// SHA-256 of all that was added since the last verifierFinish.
void verifierAdd(Verifier* verifier, const uint8_t* bytes, size_t count);
void verifierFinish(Verifier* verifier, uint8_t* digest);
// Whether `signature` (r and s, 32 bytes each) is one of these bytes, `operations` of mbedtls_ecp_set_max_ops at a time
// (0: all at once); to be called with the same bytes while it says VERIFIER_AGAIN.
int verifierCheck(Verifier* verifier, const uint8_t* bytes, size_t count, const uint8_t* signature, unsigned operations);
void verifierDestroy(Verifier* verifier);

#endif
