// SHA-256 and ECDSA for firmware images (verifier-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "verifier-check.h"

#include <string.h>

#include "mbedtls/platform.h"

#include "../security/mbedtls-hash.h"

struct Verifier {
	Hash hash;
	uint8_t key[VERIFIER_KEY_BYTES];
	bool hasKey;
#if defined(VERIFIER_CHECKS)
	Check* check; // NULL between two signatures
#endif
};

Verifier* verifierCreate(const uint8_t* key, const char** message)
{
	Verifier* verifier = mbedtls_calloc(1, sizeof *verifier);
	if (!verifier) {
		*message = "out of memory";
		return NULL;
	}
	hashStart(&verifier->hash);
	if (!key)
		return verifier;
	memcpy(verifier->key, key, sizeof verifier->key);
	verifier->hasKey = true;
#if defined(VERIFIER_CHECKS)
	int result = checkKey(key);
	if (result == VERIFIER_RIGHT)
		return verifier;
	*message = result == VERIFIER_MEMORY ? "out of memory" : "the public key is no point of P-256";
#else
	*message = "this build checks no signatures";
#endif
	verifierDestroy(verifier);
	return NULL;
}

void verifierAdd(Verifier* verifier, const uint8_t* bytes, size_t count)
{
	hashAdd(&verifier->hash, bytes, count);
}

void verifierFinish(Verifier* verifier, uint8_t* digest)
{
	hashFinish(&verifier->hash, digest);
	hashStart(&verifier->hash);
}

int verifierCheck(Verifier* verifier, const uint8_t* bytes, size_t count, const uint8_t* signature, unsigned operations)
{
#if defined(VERIFIER_CHECKS)
	if (!verifier->hasKey)
		return VERIFIER_WRONG;
	if (!verifier->check) {
		int result;
		uint8_t digest[VERIFIER_DIGEST_BYTES];
		Hash hash;
		hashStart(&hash);
		hashAdd(&hash, bytes, count);
		hashFinish(&hash, digest);
		hashFree(&hash);
		verifier->check = checkStart(verifier->key, signature, digest, &result);
		if (!verifier->check)
			return result;
	}
	int result = checkStep(verifier->check, operations);
	if (result == VERIFIER_AGAIN)
		return VERIFIER_AGAIN;
	checkFree(verifier->check);
	verifier->check = NULL;
	return result;
#else
	(void)verifier, (void)bytes, (void)count, (void)signature, (void)operations;
	return VERIFIER_WRONG;
#endif
}

void verifierDestroy(Verifier* verifier)
{
	if (!verifier)
		return;
#if defined(VERIFIER_CHECKS)
	checkFree(verifier->check);
#endif
	hashFree(&verifier->hash);
	mbedtls_free(verifier);
}

#endif
