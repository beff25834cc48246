// UDP sockets over lwIP (../xs/port.h). Datagrams wait in a short queue, from which the event loop lets them be read.

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "lwip/udp.h"
#include "network.h"
#include "port.h"

enum { WAITING = 4 };

struct PortUdp {
	PortUdp* next;
	const PortUdpEvents* events;
	void* owner;
	struct udp_pcb* socket;
	bool isClosed;
	uint8_t count;
	struct {
		struct pbuf* packet;
		ip_addr_t address;
		uint16_t port;
	} waiting[WAITING];
};

static PortUdp* sockets;
static bool isRunning;

static void onDatagram(void* owner, struct udp_pcb* socket, struct pbuf* packet, const ip_addr_t* address, u16_t port)
{
	(void)socket;
	PortUdp* udp = owner;
	if (udp->count == WAITING) {
		pbuf_free(packet);
		return;
	}
	udp->waiting[udp->count].packet = packet;
	udp->waiting[udp->count].address = *address;
	udp->waiting[udp->count++].port = port;
}

PortUdp* portUdpOpen(const PortPeer* local, const PortPeer* remote, const PortUdpEvents* events, void* owner, const char** message)
{
	ip_addr_t from = *IP_ANY_TYPE, to = *IP_ANY_TYPE;
	if ((local->address[0] && !addressParse(local->address, &from)) || (remote && !addressParse(remote->address, &to))) {
		*message = "not a numeric address";
		return NULL;
	}
	PortUdp* udp = calloc(1, sizeof *udp);
	struct udp_pcb* socket = udp ? udp_new() : NULL;
	*message = "out of memory";
	if (socket) {
		*message = "the port is in use";
		if (udp_bind(socket, &from, local->port) == ERR_OK && (!remote || udp_connect(socket, &to, remote->port) == ERR_OK)) {
			*udp = (PortUdp) { .next = sockets, .events = events, .owner = owner, .socket = socket };
			udp_recv(socket, onDatagram, udp);
			sockets = udp;
			return udp;
		}
		udp_remove(socket);
	}
	free(udp);
	return NULL;
}

uint16_t portUdpLocalPort(PortUdp* udp)
{
	return udp->socket->local_port;
}

int portUdpPeek(PortUdp* udp)
{
	return udp->count > 0 ? udp->waiting[0].packet->tot_len : -1;
}

int portUdpRead(PortUdp* udp, void* into, size_t size, PortPeer* from)
{
	if (udp->count == 0)
		return -1;
	struct pbuf* packet = udp->waiting[0].packet;
	int count = packet->tot_len;
	pbuf_copy_partial(packet, into, (u16_t)(size < UINT16_MAX ? size : UINT16_MAX), 0);
	if (from) {
		ipaddr_ntoa_r(&udp->waiting[0].address, from->address, sizeof from->address);
		from->port = udp->waiting[0].port;
	}
	pbuf_free(packet);
	memmove(udp->waiting, udp->waiting + 1, --udp->count * sizeof udp->waiting[0]);
	return count;
}

bool portUdpWrite(PortUdp* udp, const void* from, size_t count, const PortPeer* to, const char** message)
{
	enum { MOST_BYTES = 65507 };
	ip_addr_t address;
	if (to && !addressParse(to->address, &address)) {
		*message = "not a numeric address";
		return false;
	}
	if (count > MOST_BYTES) {
		*message = "the datagram is too long";
		return false;
	}
	struct pbuf* packet = pbuf_alloc(PBUF_TRANSPORT, (u16_t)count, PBUF_RAM);
	if (!packet)
		return true;
	memcpy(packet->payload, from, count);
	// what finds no room, no route or no address of ours is lost, as the network may lose it
	if (to)
		udp_sendto(udp->socket, packet, &address, to->port);
	else
		udp_send(udp->socket, packet);
	pbuf_free(packet);
	return true;
}

static void sweep(void)
{
	for (PortUdp** at = &sockets; *at;) {
		PortUdp* udp = *at;
		if (udp->isClosed) {
			*at = udp->next;
			free(udp);
		}
		else
			at = &udp->next;
	}
}

void portUdpClose(PortUdp* udp)
{
	udp_remove(udp->socket);
	while (udp->count > 0)
		pbuf_free(udp->waiting[--udp->count].packet);
	udp->isClosed = true;
	if (!isRunning)
		sweep();
}

bool udpRun(void)
{
	bool hasRun = false;
	isRunning = true;
	for (PortUdp* udp = sockets; udp; udp = udp->next)
		while (!udp->isClosed && udp->count > 0) {
			uint8_t before = udp->count;
			udp->events->onReadable(udp->owner);
			hasRun = true;
			// one that reads nothing is asked again in the next turn
			if (!udp->isClosed && udp->count >= before)
				break;
		}
	isRunning = false;
	sweep();
	return hasRun;
}
