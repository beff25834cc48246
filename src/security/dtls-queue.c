// Datagrams on their way out: a record of application data goes straight to the caller's buffer, all others (handshake
// flights, alerts) wait in a queue until the caller takes them.
#if defined(MBEDTLS_CONFIG_FILE)

#include "dtls-internal.h"

#include <string.h>

struct DtlsDatagram {
	DtlsDatagram* next;
	size_t count;
	uint8_t bytes[];
};

bool dtlsEnqueue(DtlsQueue* queue, const uint8_t* datagram, size_t count)
{
	if (queue->bytes + count > DTLS_QUEUE_BYTES)
		return false;
	DtlsDatagram* added = mbedtls_calloc(1, sizeof *added + count);
	if (!added)
		return false;
	memcpy(added->bytes, datagram, count);
	added->count = count;
	DtlsDatagram** end = &queue->first;
	while (*end)
		end = &(*end)->next;
	*end = added;
	queue->bytes += count;
	return true;
}

static void dropFirst(DtlsQueue* queue)
{
	DtlsDatagram* first = queue->first;
	queue->first = first->next;
	queue->bytes -= first->count;
	mbedtls_free(first);
}

size_t dtlsDequeue(DtlsQueue* queue, uint8_t* into, size_t size)
{
	size_t count = 0;
	while (queue->first && count == 0) {
		if (queue->first->count <= size) {
			count = queue->first->count;
			memcpy(into, queue->first->bytes, count);
		}
		dropFirst(queue);
	}
	return count;
}

size_t dtlsDequeueSome(DtlsQueue* queue, uint8_t* into, size_t size)
{
	DtlsDatagram* first = queue->first;
	if (!first || first->count <= size)
		return dtlsDequeue(queue, into, size);
	memcpy(into, first->bytes, size);
	first->count -= size;
	queue->bytes -= size;
	memmove(first->bytes, first->bytes + size, first->count);
	return size;
}

void dtlsEmpty(DtlsQueue* queue)
{
	while (queue->first)
		dropFirst(queue);
}

size_t dtlsTake(DtlsSession* session, uint8_t* into, size_t size)
{
	return session->config->isStream ? dtlsDequeueSome(&session->output, into, size) : dtlsDequeue(&session->output, into, size);
}

// Mbed TLS hands over one datagram. It is always told that all is well: loss is the retransmission timer's business. A
// stream must not lose anything.
int dtlsOutput(void* owner, const unsigned char* datagram, size_t count)
{
	DtlsSession* session = owner;
	// The one place through which every record leaves. A record beyond the limit might repeat a nonce after a restart;
	// one that never left has not used its nonce.
	if (session->state == DTLS_IS_CONNECTED && dtlsNextNumber(session) > session->limit)
		return (int)count;
	if (session->direct) {
		if (count <= session->directSize) {
			memcpy(session->direct, datagram, count);
			session->directBytes = count;
		}
	}
	else if (dtlsEnqueue(&session->output, datagram, count))
		session->events |= DTLS_OUTPUT;
	else if (session->config->isStream)
		return MBEDTLS_ERR_SSL_ALLOC_FAILED;
	return (int)count;
}

#endif
