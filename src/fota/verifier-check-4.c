// The check of a signature by PSA, which is Mbed TLS 4 (verifier-check.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "verifier-check.h"

#if MBEDTLS_VERSION_MAJOR >= 4 && defined(VERIFIER_CHECKS)

	#include <string.h>

	#include "mbedtls/platform.h"

	#define ALGORITHM PSA_ALG_ECDSA(PSA_ALG_SHA_256)

// What a check needs from one slice to the next.
struct Check {
	mbedtls_svc_key_id_t key;
	psa_verify_hash_interruptible_operation_t operation;
	bool isWhole; // this build cannot stop half-way: a driver computes, or ECP_RESTARTABLE is off
	uint8_t signature[VERIFIER_SIGNATURE_BYTES];
	uint8_t digest[VERIFIER_DIGEST_BYTES];
};

static int resultOf(psa_status_t status)
{
	if (status == PSA_ERROR_INSUFFICIENT_MEMORY)
		return VERIFIER_MEMORY;
	return status == PSA_SUCCESS ? VERIFIER_RIGHT : VERIFIER_WRONG;
}

static psa_status_t import(const uint8_t* key, mbedtls_svc_key_id_t* id)
{
	psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
	psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
	psa_set_key_algorithm(&attributes, ALGORITHM);
	psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_VERIFY_HASH);
	psa_status_t status = psa_crypto_init();
	return status == PSA_SUCCESS ? psa_import_key(&attributes, key, VERIFIER_KEY_BYTES, id) : status;
}

void checkFree(Check* check)
{
	if (!check)
		return;
	psa_verify_hash_abort(&check->operation);
	psa_destroy_key(check->key);
	mbedtls_free(check);
}

int checkKey(const uint8_t* key)
{
	mbedtls_svc_key_id_t id = MBEDTLS_SVC_KEY_ID_INIT;
	psa_status_t status = import(key, &id);
	psa_destroy_key(id);
	return resultOf(status);
}

Check* checkStart(const uint8_t* key, const uint8_t* signature, const uint8_t* digest, int* result)
{
	Check* check = mbedtls_calloc(1, sizeof *check);
	*result = VERIFIER_MEMORY;
	if (!check)
		return NULL;
	memcpy(check->signature, signature, sizeof check->signature);
	memcpy(check->digest, digest, sizeof check->digest);
	check->key = MBEDTLS_SVC_KEY_ID_INIT;
	check->operation = psa_verify_hash_interruptible_operation_init();
	psa_status_t status = import(key, &check->key);
	if (status == PSA_SUCCESS)
		status = psa_verify_hash_start(&check->operation, check->key, ALGORITHM, check->digest, sizeof check->digest, check->signature, sizeof check->signature);
	check->isWhole = status == PSA_ERROR_NOT_SUPPORTED;
	*result = resultOf(status);
	if (status == PSA_SUCCESS || check->isWhole)
		return check;
	checkFree(check);
	return NULL;
}

int checkStep(Check* check, unsigned operations)
{
	if (check->isWhole)
		return resultOf(psa_verify_hash(check->key, ALGORITHM, check->digest, sizeof check->digest, check->signature, sizeof check->signature));
	// one number for all; to PSA 0 is the least, not everything
	uint32_t before = psa_interruptible_get_max_ops();
	psa_interruptible_set_max_ops(operations > 0 ? operations : PSA_INTERRUPTIBLE_MAX_OPS_UNLIMITED);
	psa_status_t status = psa_verify_hash_complete(&check->operation);
	psa_interruptible_set_max_ops(before);
	return status == PSA_OPERATION_INCOMPLETE ? VERIFIER_AGAIN : resultOf(status);
}

#endif

#endif
