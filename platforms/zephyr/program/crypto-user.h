// TF_PSA_CRYPTO_USER_CONFIG_FILE: the same for the cryptography of Mbed TLS 4, which Zephyr has since 4.4.
#undef MBEDTLS_ECP_WINDOW_SIZE
#undef MBEDTLS_ECP_FIXED_POINT_OPTIM
// excludes a store of keys that grows
#undef MBEDTLS_PSA_STATIC_KEY_SLOTS

#include "../../../src/security/mbedtls-crypto-4.h"

// the generator is Zephyr's, on the hardware's
#undef DTLS_SEEDED_RANDOM
