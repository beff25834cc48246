// What a session tells about itself (dtls-core.h).
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#include <string.h>

unsigned dtlsEvents(DtlsSession* session)
{
	unsigned events = session->events;
	session->events = 0;
	return events;
}

int32_t dtlsTimer(const DtlsSession* session)
{
	if (session->isBusy)
		return 0;
	return session->isArmed ? (int32_t)session->timerMs : -1;
}

DtlsState dtlsState(const DtlsSession* session)
{
	return session->state;
}

DtlsError dtlsError(const DtlsSession* session)
{
	return session->error;
}

int dtlsAlert(const DtlsSession* session)
{
	return session->alert;
}

uint16_t dtlsSuite(const DtlsSession* session)
{
	return session->state == DTLS_IS_CONNECTED ? (uint16_t)mbedtls_ssl_get_ciphersuite_id_from_ssl(&session->ssl) : 0;
}

size_t dtlsMaxPlaintext(DtlsSession* session)
{
	int most = session->state == DTLS_IS_CONNECTED ? mbedtls_ssl_get_max_out_record_payload(&session->ssl) : 0;
	return most > 0 ? (size_t)most : 0;
}

size_t dtlsCid(const DtlsSession* session, const uint8_t** cid)
{
	*cid = session->cid;
	return session->cidBytes;
}

bool dtlsHasPeerCid(DtlsSession* session)
{
	uint8_t cid[MBEDTLS_SSL_CID_OUT_LEN_MAX];
	size_t count = 0;
	int isOn = MBEDTLS_SSL_CID_DISABLED;
	return session->state == DTLS_IS_CONNECTED && mbedtls_ssl_get_peer_cid(&session->ssl, &isOn, cid, &count) == 0 &&
		isOn == MBEDTLS_SSL_CID_ENABLED && count > 0;
}

#if defined(MBEDTLS_SSL_SRV_C)

DtlsError dtlsSetPeer(DtlsSession* session, const void* peer, size_t count)
{
	session->peerBytes = count < DTLS_PEER_BYTES ? count : DTLS_PEER_BYTES;
	memcpy(session->peer, peer, session->peerBytes);
	int result = mbedtls_ssl_set_client_transport_id(&session->ssl, session->peer, session->peerBytes);
	return result == 0 ? DTLS_OK : dtlsMemoryOr(result, DTLS_ERROR_OPTIONS);
}

const uint8_t* dtlsPeerName(const DtlsSession* session, size_t* count)
{
	*count = session->nameBytes;
	return session->nameBytes > 0 ? session->name : NULL;
}

#endif

#endif
