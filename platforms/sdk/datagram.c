// UDP sockets on POSIX: connected, so that the system checks the sender; received whole, however many buffers of the IP stack
// they lie in. One thread waits for all of them (watch.c).
#include "xsmc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "board-posix.h"
#include "socket-address.h"
#include "watch.h"

typedef struct {
	int index;	// in the watch list
	int fd;
	uint16_t port;
	xsMachine* the;
	xsSlot onReadable;
} Datagram;

static Datagram datagrams[WATCHED_SOCKETS];

static void close_(Datagram* datagram)
{
	watchEnd(datagram->index);
	close(datagram->fd);
	datagram->fd = -1;
}

void xs_sdk_datagram_destroy(void* data)
{
	if (data)
		close_(data);
}

void xs_sdk_datagram_close(xsMachine* the)
{
	Datagram* datagram = xsmcGetHostData(xsThis);
	if (!datagram)
		return;
	xsmcSetHostData(xsThis, NULL);
	xsForget(datagram->onReadable);
	close_(datagram);
}

static void onReadable(void* machine, void* context)
{
	xsMachine* the = machine;
	Datagram* datagram = context;
	xsBeginHost(the);
	(void)xsCallFunction0(datagram->onReadable, xsGlobal);
	xsEndHost(the);
}

static int bindLocal(int fd, int family, uint16_t port)
{
	struct sockaddr_storage local;
	memset(&local, 0, sizeof local);
	if (family == AF_INET6) {
		((struct sockaddr_in6*)&local)->sin6_family = AF_INET6;
		((struct sockaddr_in6*)&local)->sin6_port = htons(port);
		return bind(fd, (struct sockaddr*)&local, sizeof(struct sockaddr_in6));
	}
	((struct sockaddr_in*)&local)->sin_family = AF_INET;
	((struct sockaddr_in*)&local)->sin_port = htons(port);
	return bind(fd, (struct sockaddr*)&local, sizeof(struct sockaddr_in));
}

static uint16_t portOf(int fd)
{
	struct sockaddr_storage local;
	socklen_t size = sizeof local;
	if (getsockname(fd, (struct sockaddr*)&local, &size) != 0)
		return 0;
	return ntohs(local.ss_family == AF_INET6 ? ((struct sockaddr_in6*)&local)->sin6_port
											  : ((struct sockaddr_in*)&local)->sin_port);
}

// @return the socket, or -1 and errno
static int openSocket(const char* address, uint16_t port, uint16_t localPort)
{
	struct sockaddr_storage peer;
	const socklen_t size = socketAddress(address, port, &peer);
	if (size == 0) {
		errno = EINVAL;
		return -1;
	}
	const int fd = socket(peer.ss_family, SOCK_DGRAM, IPPROTO_UDP);
	if (fd < 0)
		return -1;
	if (bindLocal(fd, peer.ss_family, localPort) == 0 && connect(fd, (struct sockaddr*)&peer, size) == 0 &&
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK) >= 0)
		return fd;
	const int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

void xs_sdk_datagram(xsMachine* the)
{
	char address[INET6_ADDRSTRLEN];
	xsmcToStringBuffer(xsArg(0), address, sizeof address);
	const int port = xsmcToInteger(xsArg(1));
	const int localPort = xsmcToInteger(xsArg(2));
	if (port < 1 || port > 65535 || localPort < 0 || localPort > 65535)
		xsRangeError("a port is 1 to 65535");
	const int fd = openSocket(address, (uint16_t)port, (uint16_t)localPort);
	if (fd < 0)
		xsUnknownError("%s port %d: %s", address, port, strerror(errno));
	const int index = watchBegin(the, fd, onReadable, NULL);
	if (index < 0) {
		close(fd);
		xsUnknownError("there are %d sockets already", WATCHED_SOCKETS);
	}
	Datagram* datagram = &datagrams[index];
	*datagram = (Datagram){.index = index, .fd = fd, .port = portOf(fd), .the = the};
	watchSetContext(index, datagram);
	datagram->onReadable = xsArg(3);
	xsRemember(datagram->onReadable);
	xsmcSetHostData(xsThis, datagram);
	watchArm(index);
}

static Datagram* open_(xsMachine* the)
{
	Datagram* datagram = xsmcGetHostData(xsThis);
	if (!datagram)
		xsUnknownError("the socket is closed");
	return datagram;
}

void xs_sdk_datagram_read(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	Datagram* datagram = open_(the);
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	struct iovec whole = {.iov_base = data, .iov_len = size};
	struct msghdr message = {.msg_iov = &whole, .msg_iovlen = 1};
	ssize_t length;
	// an ICMP error of an earlier datagram is reported once, and is the message layer's affair
	for (int tries = 0; (length = recvmsg(datagram->fd, &message, 0)) < 0 && tries < 4; tries++)
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			break;
	if (length < 0) {
		watchArm(datagram->index);
		xsmcSetInteger(xsResult, -1);
	} else
		xsmcSetInteger(xsResult, (message.msg_flags & MSG_TRUNC) ? 0 : (int)length);
}

void xs_sdk_datagram_write(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	Datagram* datagram = open_(the);
	const int count = xsmcToInteger(xsArg(1));
	xsmcGetBufferReadable(xsArg(0), &data, &size);
	if (count < 0 || (xsUnsignedValue)count > size)
		xsRangeError("the buffer has %d bytes", (int)size);
	if (send(datagram->fd, data, (size_t)count, 0) < 0 && errno == ECONNREFUSED)
		(void)send(datagram->fd, data, (size_t)count, 0);
}

void xs_sdk_datagram_port(xsMachine* the)
{
	xsmcSetInteger(xsResult, open_(the)->port);
}
