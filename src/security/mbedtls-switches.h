// What a build of Mbed TLS has, for the files that configure it.
//
// Switches, each 0 or 1, given on the compiler's command line:
//   DTLS_SERVER (0)  the server role, for the companion server and the tests
//   DTLS_X509 (1)    certificates; without them 45 KB of flash less
//   DTLS_CBC (1)     the suites with CBC, for servers without CCM and GCM
//   DTLS_GCM (1)     the suites with GCM
//   FIRMWARE_SIGNATURE (1)  ECDSA for firmware images; nearly all of it is there with certificates
// Sizes in bytes, that cost RAM: DTLS_IN_BYTES (2048), DTLS_OUT_BYTES (1280), one buffer of each in every session.

#ifndef MBEDTLS_SWITCHES_H
#define MBEDTLS_SWITCHES_H

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

#endif
