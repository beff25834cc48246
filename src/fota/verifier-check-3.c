// The check of a signature by Mbed TLS 3.6 (verifier-check.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "verifier-check.h"

#if MBEDTLS_VERSION_MAJOR < 4 && defined(VERIFIER_CHECKS)

	#include <string.h>

	#include "mbedtls/ecdsa.h"
	#include "mbedtls/platform.h"

// What a check needs from one slice to the next.
struct Check {
	mbedtls_ecp_group group;
	mbedtls_ecp_point key;
	mbedtls_mpi r, s;
	mbedtls_ecdsa_restart_ctx restart;
	uint8_t digest[VERIFIER_DIGEST_BYTES];
};

static int resultOf(int error)
{
	if (error == MBEDTLS_ERR_ECP_ALLOC_FAILED || error == MBEDTLS_ERR_MPI_ALLOC_FAILED)
		return VERIFIER_MEMORY;
	return error == 0 ? VERIFIER_RIGHT : VERIFIER_WRONG;
}

void checkFree(Check* check)
{
	if (!check)
		return;
	mbedtls_ecdsa_restart_free(&check->restart);
	mbedtls_mpi_free(&check->s);
	mbedtls_mpi_free(&check->r);
	mbedtls_ecp_point_free(&check->key);
	mbedtls_ecp_group_free(&check->group);
	mbedtls_free(check);
}

Check* checkStart(const uint8_t* key, const uint8_t* signature, const uint8_t* digest, int* result)
{
	enum { HALF = VERIFIER_SIGNATURE_BYTES / 2 };
	Check* check = mbedtls_calloc(1, sizeof *check);
	*result = VERIFIER_MEMORY;
	if (!check)
		return NULL;
	mbedtls_ecp_group_init(&check->group);
	mbedtls_ecp_point_init(&check->key);
	mbedtls_mpi_init(&check->r);
	mbedtls_mpi_init(&check->s);
	mbedtls_ecdsa_restart_init(&check->restart);
	if (digest)
		memcpy(check->digest, digest, sizeof check->digest);
	int error = mbedtls_ecp_group_load(&check->group, MBEDTLS_ECP_DP_SECP256R1);
	if (error == 0)
		error = mbedtls_ecp_point_read_binary(&check->group, &check->key, key, VERIFIER_KEY_BYTES);
	if (error == 0)
		error = mbedtls_ecp_check_pubkey(&check->group, &check->key);
	if (error == 0 && signature)
		error = mbedtls_mpi_read_binary(&check->r, signature, HALF);
	if (error == 0 && signature)
		error = mbedtls_mpi_read_binary(&check->s, signature + HALF, HALF);
	*result = resultOf(error);
	if (error == 0)
		return check;
	checkFree(check);
	return NULL;
}

int checkKey(const uint8_t* key)
{
	int result;
	checkFree(checkStart(key, NULL, NULL, &result));
	return result;
}

int checkStep(Check* check, unsigned operations)
{
	#if defined(MBEDTLS_ECP_RESTARTABLE)
	mbedtls_ecp_set_max_ops(operations);
	#else
	(void)operations;
	#endif
	int error = mbedtls_ecdsa_verify_restartable(&check->group, check->digest, sizeof check->digest, &check->key, &check->r, &check->s, &check->restart);
	#if defined(MBEDTLS_ECP_RESTARTABLE)
	if (error == MBEDTLS_ERR_ECP_IN_PROGRESS)
		return VERIFIER_AGAIN;
	#endif
	return resultOf(error);
}

#endif

#endif
