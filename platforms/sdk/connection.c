// TCP on POSIX sockets, IPv4 and IPv6, never waiting. One thread waits for all sockets (watch.c).
#include "xsmc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "board-posix.h"
#include "socket-address.h"
#include "watch.h"

// A peer that has gone is no signal; not every system has signals.
#if !defined(MSG_NOSIGNAL)
	#define MSG_NOSIGNAL 0
#endif

// What the callback is told; connection.js has the same.
enum { READABLE, WRITABLE, OVER };

typedef struct {
	int index;	// in the watch list
	int fd;
	xsMachine* the;
	xsSlot onEvent;
	uint8_t isConnecting, isOver, wantsRoom;
	int reason;	// errno of the end; 0: by the peer
} Connection;

static Connection connections[WATCHED_SOCKETS];

static void close_(Connection* connection)
{
	watchEnd(connection->index);
	close(connection->fd);
	connection->fd = -1;
}

void xs_sdk_connection_destroy(void* data)
{
	if (data)
		close_(data);
}

void xs_sdk_connection_close(xsMachine* the)
{
	Connection* connection = xsmcGetHostData(xsThis);
	if (!connection)
		return;
	xsmcSetHostData(xsThis, NULL);
	xsForget(connection->onEvent);
	close_(connection);
}

static void tell(xsMachine* the, Connection* connection, int event)
{
	xsmcVars(2);
	xsmcSetInteger(xsVar(0), event);
	if (event == OVER && connection->reason != 0)
		xsmcSetString(xsVar(1), strerror(connection->reason));
	(void)xsCallFunction2(connection->onEvent, xsGlobal, xsVar(0), xsVar(1));
}

// The end is told by the machine's loop, not from within a read or a write.
static void end(Connection* connection, int reason)
{
	connection->isOver = 1;
	connection->reason = reason;
	watchArm(connection->index);
}

static void look(xsMachine* the, Connection* connection)
{
	struct pollfd state = {.fd = connection->fd, .events = POLLIN | POLLOUT};
	if (connection->isConnecting) {
		socklen_t size = sizeof connection->reason;
		// where the system cannot say it, the first write does
		if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &connection->reason, &size) != 0)
			connection->reason = 0;
		connection->isConnecting = 0;
		connection->isOver = connection->reason != 0;
		connection->wantsRoom = 1;
	}
	if (connection->isOver) {
		tell(the, connection, OVER);
		return;
	}
	if (poll(&state, 1, 0) < 0)
		state.revents = POLLIN;
	if (connection->wantsRoom && (state.revents & POLLOUT)) {
		connection->wantsRoom = 0;
		tell(the, connection, WRITABLE);
	} else if (connection->wantsRoom)
		watchArmWritable(connection->index);
	// the callback may have closed it
	if (connection->fd != state.fd)
		return;
	if (state.revents & ~POLLOUT)
		tell(the, connection, READABLE);
	else
		watchArm(connection->index);
}

static void onEvent(void* machine, void* context)
{
	xsMachine* the = machine;
	xsBeginHost(the);
	look(the, context);
	xsEndHost(the);
}

// @return the socket, on its way to the peer, or -1 and errno
static int openSocket(const char* address, uint16_t port)
{
	struct sockaddr_storage peer;
	const socklen_t size = socketAddress(address, port, &peer);
	if (size == 0) {
		errno = EINVAL;
		return -1;
	}
	const int fd = socket(peer.ss_family, SOCK_STREAM, IPPROTO_TCP);
	if (fd < 0)
		return -1;
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL, 0) | O_NONBLOCK) >= 0 &&
		(connect(fd, (struct sockaddr*)&peer, size) == 0 || errno == EINPROGRESS))
		return fd;
	const int reason = errno;
	close(fd);
	errno = reason;
	return -1;
}

void xs_sdk_connection(xsMachine* the)
{
	char address[INET6_ADDRSTRLEN];
	xsmcToStringBuffer(xsArg(0), address, sizeof address);
	const int port = xsmcToInteger(xsArg(1));
	if (port < 1 || port > 65535)
		xsRangeError("a port is 1 to 65535");
	const int fd = openSocket(address, (uint16_t)port);
	if (fd < 0)
		xsUnknownError("%s port %d: %s", address, port, strerror(errno));
	const int index = watchBegin(the, fd, onEvent, NULL);
	if (index < 0) {
		close(fd);
		xsUnknownError("there are %d sockets already", WATCHED_SOCKETS);
	}
	Connection* connection = &connections[index];
	*connection = (Connection){.index = index, .fd = fd, .the = the, .isConnecting = 1};
	watchSetContext(index, connection);
	connection->onEvent = xsArg(2);
	xsRemember(connection->onEvent);
	xsmcSetHostData(xsThis, connection);
	watchArmWritable(index);
}

static Connection* open_(xsMachine* the)
{
	Connection* connection = xsmcGetHostData(xsThis);
	if (!connection)
		xsUnknownError("the connection is closed");
	return connection;
}

void xs_sdk_connection_read(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	Connection* connection = open_(the);
	xsmcGetBufferWritable(xsArg(0), &data, &size);
	xsmcSetInteger(xsResult, 0);
	if (size == 0 || connection->isConnecting || connection->isOver)
		return;
	const ssize_t count = recv(connection->fd, data, size, 0);
	if (count > 0)
		xsmcSetInteger(xsResult, (int)count);
	else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		watchArm(connection->index);
	else
		end(connection, count == 0 ? 0 : errno);
}

void xs_sdk_connection_send(xsMachine* the)
{
	void* data;
	xsUnsignedValue size;
	Connection* connection = open_(the);
	const int start = xsmcToInteger(xsArg(1));
	const int stop = xsmcToInteger(xsArg(2));
	xsmcGetBufferReadable(xsArg(0), &data, &size);
	if (start < 0 || stop < start || (xsUnsignedValue)stop > size)
		xsRangeError("the buffer has %d bytes", (int)size);
	xsmcSetInteger(xsResult, 0);
	if (start == stop || connection->isConnecting || connection->isOver)
		return;
	const ssize_t count = send(connection->fd, (uint8_t*)data + start, (size_t)(stop - start), MSG_NOSIGNAL);
	if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
		end(connection, errno);
		return;
	}
	if (count < stop - start) {
		connection->wantsRoom = 1;
		watchArmWritable(connection->index);
	}
	xsmcSetInteger(xsResult, count > 0 ? (int)count : 0);
}
