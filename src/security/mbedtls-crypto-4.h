// The cryptography that is built of Mbed TLS 4, which is TF-PSA-Crypto 1: the same as mbedtls-crypto-3.h has of 3.6. This is
// TF_PSA_CRYPTO_CONFIG_FILE. A board whose system configures Mbed TLS (ESP-IDF, Zephyr) does not use it.
//
// The library gets neither clock nor entropy: its randomness is asked of us (dtls-crypto-4.c), and the validity of a
// certificate is checked by us, with the client's clock.

#ifndef MBEDTLS_CRYPTO_4_H
#define MBEDTLS_CRYPTO_4_H

#include "mbedtls-switches.h"

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_HAVE_ASM

#define MBEDTLS_PSA_CRYPTO_C
// The generator is the core's own, seeded by the platform through DtlsOptions.
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define DTLS_SEEDED_RANDOM
// A session has two keys in the store; a server's sessions have no limit.
#define MBEDTLS_PSA_KEY_STORE_DYNAMIC
// Nobody else reads or writes a record while it is worked on: no copies of it.
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS

// AES without the tables in RAM, and SHA-256 without the unrolled rounds: a record is short.
#define PSA_WANT_KEY_TYPE_AES 1
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define PSA_WANT_ALG_CCM 1
#if DTLS_GCM
	#define PSA_WANT_ALG_GCM 1
#endif
#if DTLS_CBC
	#define PSA_WANT_ALG_CBC_NO_PADDING 1
#endif
#define MBEDTLS_MD_C
#define PSA_WANT_ALG_SHA_256 1
#define MBEDTLS_SHA256_SMALLER
#define PSA_WANT_ALG_HMAC 1
#define PSA_WANT_KEY_TYPE_HMAC 1
#define MBEDTLS_HMAC_DRBG_C
#define PSA_WANT_ALG_TLS12_PRF 1
#define PSA_WANT_ALG_TLS12_PSK_TO_MS 1
#define PSA_WANT_KEY_TYPE_DERIVE 1

// Elliptic curves: P-256 only. RESTARTABLE lets the client check and make signatures in slices, so that a watchdog is fed in
// between.
#if DTLS_X509 || FIRMWARE_SIGNATURE
	#define PSA_WANT_ECC_SECP_R1_256 1
	#define PSA_WANT_ALG_ECDSA 1
	#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
	#define MBEDTLS_ECP_NIST_OPTIM
	#define MBEDTLS_ECP_WINDOW_SIZE 4
	#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1
	#define MBEDTLS_ECP_RESTARTABLE
	#define MBEDTLS_ASN1_PARSE_C
	#define MBEDTLS_ASN1_WRITE_C
#endif
#if DTLS_X509
	#define PSA_WANT_ALG_ECDH 1
	#define PSA_WANT_ALG_DETERMINISTIC_ECDSA 1
	#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_BASIC 1
	#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_IMPORT 1
	#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_EXPORT 1
	#define PSA_WANT_KEY_TYPE_ECC_KEY_PAIR_GENERATE 1
	#define MBEDTLS_PK_C
	#define MBEDTLS_PK_PARSE_C
	#define MBEDTLS_PEM_PARSE_C
	#define MBEDTLS_BASE64_C
	// Certificates signed with SHA-384, matching types 2 and 3 of a server's certificate.
	#define PSA_WANT_ALG_SHA_384 1
	#define PSA_WANT_ALG_SHA_512 1
	#define MBEDTLS_SHA512_SMALLER
#endif

#endif
