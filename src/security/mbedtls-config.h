// What of Mbed TLS 3.6 or 4 is built: DTLS 1.2 (RFC 6347) with pre-shared keys or X.509 certificates, connection ID
// (RFC 9146), and TLS 1.2 (RFC 5246) with the same for https. This is MBEDTLS_CONFIG_FILE; 4 takes the cryptography from
// TF_PSA_CRYPTO_CONFIG_FILE, mbedtls-crypto-4.h. The switches are in mbedtls-switches.h.

#ifndef MBEDTLS_CONFIG_H
#define MBEDTLS_CONFIG_H

#include "mbedtls-switches.h"

#if MBEDTLS_VERSION_MAJOR < 4
	#include "mbedtls-crypto-3.h"
#endif

#if DTLS_X509
	#define MBEDTLS_X509_USE_C
	#define MBEDTLS_X509_CRT_PARSE_C
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
#if DTLS_CBC
	#define MBEDTLS_SSL_ENCRYPT_THEN_MAC
#endif
// Over TLS a server is asked for records that fit. RFC 6066 4
#define MBEDTLS_SSL_MAX_FRAGMENT_LENGTH
// "Wrong key" is told by an alert, not by silence.
#define MBEDTLS_SSL_ALL_ALERT_MESSAGES
// Saving a session needs renegotiation to be left out.
#define MBEDTLS_SSL_CONTEXT_SERIALIZATION

#define MBEDTLS_SSL_DTLS_CONNECTION_ID
#if MBEDTLS_VERSION_MAJOR < 4
	#define MBEDTLS_SSL_DTLS_CONNECTION_ID_COMPAT 0
#endif
#define MBEDTLS_SSL_CID_IN_LEN_MAX 32
#define MBEDTLS_SSL_CID_OUT_LEN_MAX 32
// The default of 16 pads every record, also those of DTLS 1.2.
#define MBEDTLS_SSL_CID_TLS1_3_PADDING_GRANULARITY 1

#define MBEDTLS_SSL_IN_CONTENT_LEN DTLS_IN_BYTES
#define MBEDTLS_SSL_OUT_CONTENT_LEN DTLS_OUT_BYTES
// Handshake messages that came too early.
#define MBEDTLS_SSL_DTLS_MAX_BUFFERING (2 * DTLS_IN_BYTES)

#endif
