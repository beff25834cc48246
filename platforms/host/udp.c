// UDP sockets of the Linux port, IPv4 and IPv6 (../xs/port.h).

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "loop.h"
#include "port.h"

struct PortUdp {
	int descriptor;
	Watch* watch;
	const PortUdpEvents* events;
	void* owner;
	bool hasRemote;
};

static void onReady(void* owner, uint32_t events)
{
	PortUdp* udp = owner;
	if (events & EPOLLERR) {
		// An ICMP error for something that was sent (nobody listens there): to be forgotten, as on a board. Reading it
		// clears it, so that the loop does not spin.
		int error = 0;
		socklen_t size = sizeof error;
		getsockopt(udp->descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
		if (error == ENETDOWN || error == EBADF) {
			udp->events->onError(udp->owner, strerror(error));
			return;
		}
	}
	if (events & EPOLLIN)
		udp->events->onReadable(udp->owner);
}

PortUdp* portUdpOpen(const PortPeer* local, const PortPeer* remote, const PortUdpEvents* events, void* owner, const char** message)
{
	Address to, from;
	if (remote && !addressParse(&to, remote, message))
		return NULL;
	PortPeer any = *local;
	if (!any.address[0])
		strcpy(any.address, remote && to.any.sa_family == AF_INET6 ? "::" : "0.0.0.0");
	if (!addressParse(&from, &any, message))
		return NULL;
	PortUdp* udp = calloc(1, sizeof *udp);
	if (!udp) {
		*message = "out of memory";
		return NULL;
	}
	udp->descriptor = socket(from.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	udp->events = events;
	udp->owner = owner;
	udp->hasRemote = remote != NULL;
	if (udp->descriptor < 0 || bind(udp->descriptor, &from.any, from.size) < 0 || (remote && connect(udp->descriptor, &to.any, to.size) < 0) || !(udp->watch = watchOpen(udp->descriptor, EPOLLIN, onReady, udp))) {
		*message = strerror(errno);
		if (udp->descriptor >= 0)
			close(udp->descriptor);
		free(udp);
		return NULL;
	}
	return udp;
}

uint16_t portUdpLocalPort(PortUdp* udp)
{
	Address local;
	local.size = sizeof local.storage;
	PortPeer peer = { .port = 0 };
	if (getsockname(udp->descriptor, &local.any, &local.size) == 0)
		addressFormat(&local, &peer);
	return peer.port;
}

int portUdpPeek(PortUdp* udp)
{
	return (int)recv(udp->descriptor, NULL, 0, MSG_PEEK | MSG_TRUNC);
}

int portUdpRead(PortUdp* udp, void* into, size_t size, PortPeer* from)
{
	Address sender;
	sender.size = sizeof sender.storage;
	ssize_t count;
	do
		count = recvfrom(udp->descriptor, into, size, MSG_TRUNC, &sender.any, &sender.size);
	// an ICMP error is reported once, in the place of a datagram that may be waiting behind it
	while (count < 0 && (errno == EINTR || errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH));
	if (count >= 0 && from)
		addressFormat(&sender, from);
	return (int)count;
}

bool portUdpWrite(PortUdp* udp, const void* from, size_t count, const PortPeer* to, const char** message)
{
	Address address;
	if (to && !addressParse(&address, to, message))
		return false;
	for (int attempt = 0; attempt < 3; attempt++) {
		ssize_t sent = to ? sendto(udp->descriptor, from, count, MSG_NOSIGNAL, &address.any, address.size) : send(udp->descriptor, from, count, MSG_NOSIGNAL);
		if (sent >= 0)
			return true;
		// the error of an earlier datagram comes back here once: try again
		if (errno != ECONNREFUSED && errno != EINTR)
			break;
	}
	if (errno == EMSGSIZE || errno == EINVAL || errno == EAFNOSUPPORT || errno == EDESTADDRREQ) {
		*message = strerror(errno);
		return false;
	}
	return true;
}

void portUdpClose(PortUdp* udp)
{
	watchClose(udp->watch);
	close(udp->descriptor);
	free(udp);
}
