// X.509: reading certificates and keys, and the decision about the peer's chain. RFC 5280, and for a client the
// certificate usages of LwM2M (OMA-TS-LightweightM2M_Core-V1_1_1 E.1, resource 15, after RFC 6698):
//
//   usage   the server's chain is good when
//   0       it leads to a trusted authority, and the configured authority is in it
//   1       it leads to a trusted authority, and the server's own certificate is the configured one
//   2       it leads to the configured authority
//   3       the server's own certificate is the configured one
//   none    either of 2 and 3
//
// Trusted authorities are those that the application gives; without them 0 is as 2, and 1 as 3. In every case the
// certificate must be for the server's name, and valid now, where name and time are known.
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#if defined(MBEDTLS_X509_CRT_PARSE_C)

	#include <string.h>

	#include "mbedtls/md.h"
	#include "mbedtls/oid.h"

// Faults of a certificate by itself, which no trust can heal.
	#define OF_ITSELF (MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE | MBEDTLS_X509_BADCERT_CN_MISMATCH)

// ---- reading

static bool isPem(const DtlsBytes* bytes)
{
	static const char mark[] = "-----BEGIN";
	const size_t length = sizeof mark - 1;
	const char* text = bytes->data;
	for (size_t i = 0; i + length <= bytes->count; i++)
		if (memcmp(text + i, mark, length) == 0)
			return true;
	return false;
}

// A copy with the 0 that PEM needs at its end; to be overwritten and freed.
static uint8_t* terminated(const DtlsBytes* bytes)
{
	uint8_t* copy = mbedtls_calloc(1, bytes->count + 1);
	if (copy)
		memcpy(copy, bytes->data, bytes->count);
	return copy;
}

static DtlsError readChain(mbedtls_x509_crt* chain, const DtlsBytes* bytes, DtlsError error)
{
	if (!isPem(bytes)) {
		int result = mbedtls_x509_crt_parse_der(chain, bytes->data, bytes->count);
		return result == 0 ? DTLS_OK : dtlsMemoryOr(result, error);
	}
	uint8_t* text = terminated(bytes);
	if (!text)
		return DTLS_ERROR_MEMORY;
	int result = mbedtls_x509_crt_parse(chain, text, bytes->count + 1);
	mbedtls_free(text);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, error);
}

static DtlsError readKey(DtlsConfig* config, const DtlsBytes* bytes)
{
	uint8_t* text = terminated(bytes);
	if (!text)
		return DTLS_ERROR_MEMORY;
	size_t count = bytes->count + (isPem(bytes) ? 1 : 0);
	int result = dtlsReadKey(config, text, count);
	mbedtls_platform_zeroize(text, bytes->count);
	mbedtls_free(text);
	if (result != 0)
		return dtlsMemoryOr(result, DTLS_ERROR_PRIVATE_KEY);
	if (!dtlsIsElliptic(config))
		return DTLS_ERROR_PRIVATE_KEY;
	result = dtlsCheckPair(config);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_KEY_MISMATCH);
}

static mbedtls_md_type_t digestOf(DtlsMatching matching)
{
	if (matching == DTLS_MATCH_SHA256)
		return MBEDTLS_MD_SHA256;
	return matching == DTLS_MATCH_SHA384 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA512;
}

static DtlsError readExpected(DtlsConfig* config, const DtlsOptions* options)
{
	const DtlsBytes* expected = &options->peerCertificate;
	DtlsTrust* trust = config->trust;
	trust->usage = options->usage;
	trust->matching = options->matching;
	if (!expected->data)
		return options->isServer || options->trusted.data ? DTLS_OK : DTLS_ERROR_PEER_CERTIFICATE;
	if (options->matching == DTLS_MATCH_EXACT)
		return readChain(&trust->authorities, expected, DTLS_ERROR_PEER_CERTIFICATE);
	const mbedtls_md_info_t* hash = mbedtls_md_info_from_type(digestOf(options->matching));
	if (!hash || expected->count != mbedtls_md_get_size(hash))
		return DTLS_ERROR_PEER_CERTIFICATE;
	memcpy(trust->digest, expected->data, expected->count);
	return DTLS_OK;
}

DtlsError dtlsTrustCreate(DtlsConfig* config, const DtlsOptions* options)
{
	DtlsTrust* trust = config->trust = mbedtls_calloc(1, sizeof *trust);
	if (!trust)
		return DTLS_ERROR_MEMORY;
	mbedtls_x509_crt_init(&trust->own);
	mbedtls_x509_crt_init(&trust->authorities);
	mbedtls_pk_init(&trust->ownKey);
	bool hasOwn = options->certificate.data != NULL;
	DtlsError error = hasOwn ? readChain(&trust->own, &options->certificate, DTLS_ERROR_OWN_CERTIFICATE) : DTLS_OK;
	if (error == DTLS_OK && hasOwn)
		error = options->privateKey.data ? readKey(config, &options->privateKey) : DTLS_ERROR_PRIVATE_KEY;
	if (error == DTLS_OK)
		error = readExpected(config, options);
	if (error == DTLS_OK && options->trusted.data) {
		trust->hasTrusted = true;
		error = readChain(&trust->authorities, &options->trusted, DTLS_ERROR_PEER_CERTIFICATE);
	}
	if (error != DTLS_OK)
		return error;
	mbedtls_ssl_config* ssl = &config->ssl;
	int result = hasOwn ? mbedtls_ssl_conf_own_cert(ssl, &trust->own, &trust->ownKey) : 0;
	mbedtls_ssl_conf_ca_chain(ssl, &trust->authorities, NULL);
	// over a stream a server need not ask for a certificate
	bool isAsking = !(options->isServer && options->isStream && !options->peerCertificate.data);
	mbedtls_ssl_conf_authmode(ssl, isAsking ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_NONE);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
}

void dtlsTrustDestroy(DtlsTrust* trust)
{
	if (!trust)
		return;
	mbedtls_x509_crt_free(&trust->own);
	mbedtls_x509_crt_free(&trust->authorities);
	mbedtls_pk_free(&trust->ownKey);
	mbedtls_free(trust);
}

// ---- deciding

// Seconds since 1970 of a date of the Gregorian calendar.
static int64_t secondsOf(const mbedtls_x509_time* time)
{
	// years that begin in March: the leap day is the last
	int64_t year = time->mon <= 2 ? time->year - 1 : time->year;
	int64_t month = (time->mon + 9) % 12;
	int64_t days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + time->day - 1 - 719468;
	return ((days * 24 + time->hour) * 60 + time->min) * 60 + time->sec;
}

static uint32_t checkTime(const DtlsConfig* config, const mbedtls_x509_crt* certificate)
{
	int64_t now = config->timeSeconds;
	if (now == 0)
		return 0;
	if (now > secondsOf(&certificate->valid_to))
		return MBEDTLS_X509_BADCERT_EXPIRED;
	return now < secondsOf(&certificate->valid_from) ? MBEDTLS_X509_BADCERT_FUTURE : 0;
}

static bool isExpected(const DtlsTrust* trust, const mbedtls_x509_crt* certificate)
{
	const mbedtls_x509_buf* raw = &certificate->raw;
	if (trust->matching == DTLS_MATCH_EXACT) {
		const mbedtls_x509_buf* expected = &trust->authorities.raw;
		return expected->len == raw->len && memcmp(expected->p, raw->p, raw->len) == 0;
	}
	const mbedtls_md_info_t* hash = mbedtls_md_info_from_type(digestOf(trust->matching));
	uint8_t digest[DTLS_DIGEST_BYTES];
	return mbedtls_md(hash, raw->p, raw->len, digest) == 0 && memcmp(digest, trust->digest, mbedtls_md_get_size(hash)) == 0;
}

static uint32_t decide(const DtlsSession* session, bool isServerExpected, uint32_t faults)
{
	const DtlsTrust* trust = session->config->trust;
	uint32_t unexpected = isServerExpected ? 0 : MBEDTLS_X509_BADCERT_OTHER;
	switch (trust->usage) {
	case DTLS_USAGE_CA:
		if (trust->hasTrusted && !session->isAnchored)
			return session->chainFaults | MBEDTLS_X509_BADCERT_OTHER;
		return session->chainFaults;
	case DTLS_USAGE_SERVICE:
		return unexpected | (trust->hasTrusted ? session->chainFaults : faults & OF_ITSELF);
	case DTLS_USAGE_DOMAIN:
		return unexpected | (faults & OF_ITSELF);
	case DTLS_USAGE_ANCHOR:
		return session->chainFaults;
	default:
		return isServerExpected ? faults & OF_ITSELF : session->chainFaults;
	}
}

	#if defined(MBEDTLS_SSL_SRV_C)
// The common name, which LwM2M servers take for the endpoint's name.
static void keepName(DtlsSession* session, const mbedtls_x509_crt* certificate)
{
	for (const mbedtls_x509_name* name = &certificate->subject; name; name = name->next)
		if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0 && name->val.len <= sizeof session->name) {
			memcpy(session->name, name->val.p, name->val.len);
			session->nameBytes = name->val.len;
		}
}
	#endif

// Called for each certificate of the chain, the peer's own (depth 0) last; what stays in *faults refuses the peer.
int dtlsVerify(void* owner, mbedtls_x509_crt* certificate, int depth, uint32_t* faults)
{
	DtlsSession* session = owner;
	const DtlsConfig* config = session->config;
	uint32_t found = *faults | checkTime(config, certificate);
	#if defined(MBEDTLS_SSL_SRV_C)
	if (config->isServer) {
		*faults = found;
		if (depth == 0)
			keepName(session, certificate);
		return 0;
	}
	#endif
	const DtlsTrust* trust = config->trust;
	bool isMatch = isExpected(trust, certificate);
	bool isAnchor = isMatch && (trust->usage == DTLS_USAGE_ANCHOR || trust->usage == DTLS_USAGE_ANY || (trust->usage == DTLS_USAGE_CA && !trust->hasTrusted));
	session->isAnchored |= isMatch;
	// What is above an anchor does not count, nor who has signed it.
	session->chainFaults = isAnchor ? found & OF_ITSELF : session->chainFaults | found;
	*faults = 0;
	if (depth == 0) {
		*faults = decide(session, isMatch, found);
		session->chainFaults = 0;
		session->isAnchored = false;
	}
	return 0;
}

#endif

#endif
