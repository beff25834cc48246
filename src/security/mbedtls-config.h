// What of Mbed TLS 3.6 is built: DTLS 1.2 (RFC 6347) with pre-shared keys or X.509 certificates, connection ID (RFC 9146),
// and TLS 1.2 (RFC 5246) with the same for https.
//
// Switches, each 0 or 1, given on the compiler's command line:
//   DTLS_SERVER (0)  the server role, for the companion server and the tests
//   DTLS_X509 (1)    certificates; without them 45 KB of flash less
//   DTLS_CBC (1)     the suites with CBC, for servers without CCM and GCM
//   DTLS_GCM (1)     the suites with GCM
//   FIRMWARE_SIGNATURE (1)  ECDSA for firmware images; nearly all of it is there with certificates
// Sizes in bytes, that cost RAM: DTLS_IN_BYTES (2048), DTLS_OUT_BYTES (1280), one buffer of each in every session.
//
// The library gets neither clock nor entropy: randomness comes through the session's generator, seeded by the platform,
// and the validity of a certificate is checked by us, with the client's clock.

#ifndef MBEDTLS_CONFIG_H
#define MBEDTLS_CONFIG_H

#ifndef DTLS_SERVER
	#define DTLS_SERVER 0
#endif
#ifndef DTLS_X509
	#define DTLS_X509 1
#endif
#ifndef DTLS_CBC
	#define DTLS_CBC 1
#endif
#ifndef DTLS_GCM
	#define DTLS_GCM 1
#endif
#ifndef FIRMWARE_SIGNATURE
	#define FIRMWARE_SIGNATURE 1
#endif
#ifndef DTLS_IN_BYTES
	#define DTLS_IN_BYTES 2048
#endif
#ifndef DTLS_OUT_BYTES
	#define DTLS_OUT_BYTES 1280
#endif

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
	#define MBEDTLS_SSL_ENCRYPT_THEN_MAC
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
	#define MBEDTLS_X509_USE_C
	#define MBEDTLS_X509_CRT_PARSE_C
	// Certificates signed with SHA-384, matching types 2 and 3 of a server's certificate.
	#define MBEDTLS_SHA384_C
	#define MBEDTLS_SHA512_C
	#define MBEDTLS_SHA512_SMALLER
	#define MBEDTLS_SSL_SERVER_NAME_INDICATION
	#define MBEDTLS_KEY_EXCHANGE_ECDHE_ECDSA_ENABLED
	#define MBEDTLS_KEY_EXCHANGE_ECDHE_PSK_ENABLED
#endif
#define MBEDTLS_KEY_EXCHANGE_PSK_ENABLED
#define MBEDTLS_PSK_MAX_LEN 64

#define MBEDTLS_SSL_TLS_C
#define MBEDTLS_SSL_CLI_C
#if DTLS_SERVER
	#define MBEDTLS_SSL_SRV_C
#endif
#define MBEDTLS_SSL_DTLS_HELLO_VERIFY
#define MBEDTLS_SSL_PROTO_TLS1_2
#define MBEDTLS_SSL_PROTO_DTLS
#define MBEDTLS_SSL_DTLS_ANTI_REPLAY
#define MBEDTLS_SSL_EXTENDED_MASTER_SECRET
// Over TLS a server is asked for records that fit. RFC 6066 4
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
// "Wrong key" is told by an alert, not by silence.
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
// Saving a session needs renegotiation to be left out.
#define MBEDTLS_SSL_CONTEXT_SERIALIZATION

#define MBEDTLS_SSL_DTLS_CONNECTION_ID
#define MBEDTLS_SSL_DTLS_CONNECTION_ID_COMPAT 0
#define MBEDTLS_SSL_CID_IN_LEN_MAX 32
#define MBEDTLS_SSL_CID_OUT_LEN_MAX 32
// The default of 16 pads every record, also those of DTLS 1.2.
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

#define MBEDTLS_SSL_IN_CONTENT_LEN DTLS_IN_BYTES
#define MBEDTLS_SSL_OUT_CONTENT_LEN DTLS_OUT_BYTES
// Handshake messages that came too early.
#define MBEDTLS_SSL_DTLS_MAX_BUFFERING (2 * DTLS_IN_BYTES)

#endif
