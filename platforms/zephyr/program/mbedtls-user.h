// MBEDTLS_USER_CONFIG_FILE: Mbed TLS reads it after Zephyr's own configuration, so that other users of the library keep what they
// chose by Kconfig. Values of Zephyr's give way to ours.
#undef MBEDTLS_CONFIG_H
#undef MBEDTLS_PSK_MAX_LEN
#undef MBEDTLS_SSL_IN_CONTENT_LEN
#undef MBEDTLS_SSL_OUT_CONTENT_LEN
// what OpenThread may have made smaller
#undef MBEDTLS_ECP_WINDOW_SIZE
#undef MBEDTLS_ECP_FIXED_POINT_OPTIM

#include "../../../src/security/mbedtls-config.h"

// Where 3.6 has PSA beside, its keys of elliptic curves want PSA's names of them.
#if defined(MBEDTLS_PSA_CRYPTO_CLIENT) && MBEDTLS_VERSION_MAJOR < 4
	#define PSA_WANT_KEY_TYPE_ECC_PUBLIC_KEY 1
	#define PSA_WANT_ECC_SECP_R1_256 1
#endif
