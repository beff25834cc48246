// The cryptography that is built of Mbed TLS 3.6. A part of mbedtls-config.h.
//
// The library gets neither clock nor entropy: randomness comes through the session's generator, seeded by the platform,
// and the validity of a certificate is checked by us, with the client's clock.

#ifndef MBEDTLS_CRYPTO_3_H
#define MBEDTLS_CRYPTO_3_H

#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_HAVE_ASM

// AES without the tables in RAM, and SHA-256 without the unrolled rounds: a record is short.
#define MBEDTLS_AES_C
#define MBEDTLS_AES_ROM_TABLES
#define MBEDTLS_AES_FEWER_TABLES
#define MBEDTLS_CIPHER_C
#define MBEDTLS_CCM_C
#if DTLS_GCM
	#define MBEDTLS_GCM_C
#endif
#define MBEDTLS_MD_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_HMAC_DRBG_C
#if DTLS_CBC
	#define MBEDTLS_CIPHER_MODE_CBC
#endif

// Elliptic curves: P-256 only. RESTARTABLE lets the client compute in slices, so that a watchdog is fed in between.
#if DTLS_X509 || FIRMWARE_SIGNATURE
	#define MBEDTLS_BIGNUM_C
	#define MBEDTLS_ECP_C
	#define MBEDTLS_ECP_DP_SECP256R1_ENABLED
	#define MBEDTLS_ECP_NIST_OPTIM
	#define MBEDTLS_ECP_WINDOW_SIZE 4
	#define MBEDTLS_ECP_FIXED_POINT_OPTIM 1
	#define MBEDTLS_ECP_RESTARTABLE
	#define MBEDTLS_ECDSA_C
	#define MBEDTLS_ASN1_PARSE_C
	#define MBEDTLS_ASN1_WRITE_C
#endif
#if DTLS_X509
	#define MBEDTLS_ECDH_C
	#define MBEDTLS_ECDH_LEGACY_CONTEXT
	#define MBEDTLS_ECDSA_DETERMINISTIC
	#define MBEDTLS_OID_C
	#define MBEDTLS_PK_C
	#define MBEDTLS_PK_PARSE_C
	#define MBEDTLS_PEM_PARSE_C
	#define MBEDTLS_BASE64_C
	// Certificates signed with SHA-384, matching types 2 and 3 of a server's certificate.
	#define MBEDTLS_SHA384_C
	#define MBEDTLS_SHA512_C
	#define MBEDTLS_SHA512_SMALLER
#endif

#endif
