// SHA-256 and ECDSA for firmware images (verifier-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "verifier-core.h"

#include <string.h>

#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/sha256.h"
#if defined(MBEDTLS_ECDSA_C)
	#include "mbedtls/ecdsa.h"
#endif

#if defined(MBEDTLS_ECDSA_C)
// What a check needs from one slice to the next.
typedef struct {
	mbedtls_ecp_group group;
	mbedtls_ecp_point key;
	mbedtls_mpi r, s;
	mbedtls_ecdsa_restart_ctx restart;
	uint8_t digest[VERIFIER_DIGEST_BYTES];
} Check;
#endif

struct Verifier {
	mbedtls_sha256_context hash;
	uint8_t key[VERIFIER_KEY_BYTES];
	bool hasKey;
#if defined(MBEDTLS_ECDSA_C)
	Check* check; // NULL between two signatures
#endif
};

#if defined(MBEDTLS_ECDSA_C)
static void freeCheck(Verifier* verifier)
{
	Check* check = verifier->check;
	verifier->check = NULL;
	if (!check)
		return;
	mbedtls_ecdsa_restart_free(&check->restart);
	mbedtls_mpi_free(&check->s);
	mbedtls_mpi_free(&check->r);
	mbedtls_ecp_point_free(&check->key);
	mbedtls_ecp_group_free(&check->group);
	mbedtls_free(check);
}

// An Mbed TLS error number, 0 for success.
static int startCheck(Verifier* verifier, const uint8_t* key, const uint8_t* signature)
{
	enum { HALF = VERIFIER_SIGNATURE_BYTES / 2 };
	Check* check = verifier->check = mbedtls_calloc(1, sizeof *check);
	if (!check)
		return MBEDTLS_ERR_ECP_ALLOC_FAILED;
	mbedtls_ecp_group_init(&check->group);
	mbedtls_ecp_point_init(&check->key);
	mbedtls_mpi_init(&check->r);
	mbedtls_mpi_init(&check->s);
	mbedtls_ecdsa_restart_init(&check->restart);
	int result = mbedtls_ecp_group_load(&check->group, MBEDTLS_ECP_DP_SECP256R1);
	if (result == 0)
		result = mbedtls_ecp_point_read_binary(&check->group, &check->key, key, VERIFIER_KEY_BYTES);
	if (result == 0)
		result = mbedtls_ecp_check_pubkey(&check->group, &check->key);
	if (result == 0 && signature)
		result = mbedtls_mpi_read_binary(&check->r, signature, HALF);
	if (result == 0 && signature)
		result = mbedtls_mpi_read_binary(&check->s, signature + HALF, HALF);
	return result;
}
#endif

Verifier* verifierCreate(const uint8_t* key, const char** message)
{
	Verifier* verifier = mbedtls_calloc(1, sizeof *verifier);
	if (!verifier) {
		*message = "out of memory";
		return NULL;
	}
	mbedtls_sha256_init(&verifier->hash);
	mbedtls_sha256_starts(&verifier->hash, 0);
	if (!key)
		return verifier;
	memcpy(verifier->key, key, sizeof verifier->key);
	verifier->hasKey = true;
#if defined(MBEDTLS_ECDSA_C)
	int result = startCheck(verifier, key, NULL);
	freeCheck(verifier);
	if (result == 0)
		return verifier;
	*message = result == MBEDTLS_ERR_ECP_ALLOC_FAILED || result == MBEDTLS_ERR_MPI_ALLOC_FAILED ? "out of memory" : "the public key is no point of P-256";
#else
	*message = "this build checks no signatures";
#endif
	verifierDestroy(verifier);
	return NULL;
}

void verifierAdd(Verifier* verifier, const uint8_t* bytes, size_t count)
{
	mbedtls_sha256_update(&verifier->hash, bytes, count);
}

void verifierFinish(Verifier* verifier, uint8_t* digest)
{
	mbedtls_sha256_finish(&verifier->hash, digest);
	mbedtls_sha256_starts(&verifier->hash, 0);
}

int verifierCheck(Verifier* verifier, const uint8_t* bytes, size_t count, const uint8_t* signature, unsigned operations)
{
#if defined(MBEDTLS_ECDSA_C)
	int result = 0;
	if (!verifier->hasKey)
		return VERIFIER_WRONG;
	if (!verifier->check) {
		result = startCheck(verifier, verifier->key, signature);
		if (result == 0)
			result = mbedtls_sha256(bytes, count, verifier->check->digest, 0);
	}
	Check* check = verifier->check;
	if (result == 0) {
#if defined(MBEDTLS_ECP_RESTARTABLE)
		mbedtls_ecp_set_max_ops(operations);
#else
		(void)operations;
#endif
		result = mbedtls_ecdsa_verify_restartable(&check->group, check->digest, sizeof check->digest, &check->key, &check->r, &check->s, &check->restart);
	}
#if defined(MBEDTLS_ECP_RESTARTABLE)
	if (result == MBEDTLS_ERR_ECP_IN_PROGRESS)
		return VERIFIER_AGAIN;
#endif
	freeCheck(verifier);
	if (result == MBEDTLS_ERR_ECP_ALLOC_FAILED || result == MBEDTLS_ERR_MPI_ALLOC_FAILED)
		return VERIFIER_MEMORY;
	return result == 0 ? VERIFIER_RIGHT : VERIFIER_WRONG;
#else
	(void)verifier, (void)bytes, (void)count, (void)signature, (void)operations;
	return VERIFIER_WRONG;
#endif
}

void verifierDestroy(Verifier* verifier)
{
	if (!verifier)
		return;
#if defined(MBEDTLS_ECDSA_C)
	freeCheck(verifier);
#endif
	mbedtls_sha256_free(&verifier->hash);
	mbedtls_free(verifier);
}

#endif
