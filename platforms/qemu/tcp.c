// TCP connections over lwIP (../xs/port.h), as byte streams. What has arrived stays in lwIP's buffers until it is read,
// and the window that the peer sees opens only then: a program that is slow slows the peer.

#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "lwip/tcp.h"
#include "network.h"
#include "stream-kind.h"

typedef struct Connection Connection;

struct Connection {
	PortStream stream;
	Connection* next;
	struct tcp_pcb* socket; // NULL once lwIP has given it up
	struct pbuf* received;
	bool isConnected;
	bool hasNews; // something arrived that nobody has been told of
	bool wantsRoom; // of onWritable
	bool hasRoom; // something has gone out since
	bool isEnded;
	bool isFinished;
	bool isClosed;
	const char* failure;
};

static Connection* connections;
static bool isRunning;

static Connection* connectionOf(PortStream* stream)
{
	return (Connection*)stream;
}

static void detach(Connection* connection)
{
	struct tcp_pcb* socket = connection->socket;
	connection->socket = NULL;
	if (!socket)
		return;
	tcp_arg(socket, NULL);
	tcp_recv(socket, NULL);
	tcp_sent(socket, NULL);
	tcp_poll(socket, NULL, 0);
	tcp_err(socket, NULL);
	if (tcp_close(socket) != ERR_OK)
		tcp_abort(socket);
}

// ---- lwIP's callbacks: they only take down what has happened

static err_t onConnected(void* owner, struct tcp_pcb* socket, err_t status)
{
	(void)socket, (void)status;
	Connection* connection = owner;
	connection->isConnected = connection->wantsRoom = connection->hasRoom = true;
	boardHasEvent = true;
	return ERR_OK;
}

static err_t onReceived(void* owner, struct tcp_pcb* socket, struct pbuf* packet, err_t status)
{
	(void)socket, (void)status;
	Connection* connection = owner;
	if (!packet)
		connection->isEnded = true;
	else if (connection->received)
		pbuf_cat(connection->received, packet);
	else
		connection->received = packet;
	connection->hasNews |= packet != NULL;
	boardHasEvent = true;
	return ERR_OK;
}

static err_t onSent(void* owner, struct tcp_pcb* socket, u16_t count)
{
	(void)socket, (void)count;
	((Connection*)owner)->hasRoom = true;
	boardHasEvent = true;
	return ERR_OK;
}

// Twice a second: where there was no memory to send anything, nothing goes out that could make room.
static err_t onPoll(void* owner, struct tcp_pcb* socket)
{
	return onSent(owner, socket, 0);
}

static void onError(void* owner, err_t status)
{
	Connection* connection = owner;
	// lwIP has freed it
	connection->socket = NULL;
	connection->isEnded = true;
	connection->failure = status != ERR_RST ? "Connection timed out" : connection->isConnected ? "Connection reset by peer" : "Connection refused";
	boardHasEvent = true;
}

// ---- the stream

static size_t readable(PortStream* stream)
{
	const Connection* connection = connectionOf(stream);
	return connection->received ? connection->received->tot_len : 0;
}

static size_t writable(PortStream* stream)
{
	const Connection* connection = connectionOf(stream);
	return connection->socket && connection->isConnected && tcp_sndqueuelen(connection->socket) < TCP_SND_QUEUELEN ? tcp_sndbuf(connection->socket) : 0;
}

static size_t readSome(PortStream* stream, void* into, size_t size)
{
	Connection* connection = connectionOf(stream);
	size_t count = readable(stream);
	if (count > size)
		count = size;
	if (count == 0)
		return 0;
	pbuf_copy_partial(connection->received, into, (u16_t)count, 0);
	connection->received = pbuf_free_header(connection->received, (u16_t)count);
	if (connection->socket)
		tcp_recved(connection->socket, (u16_t)count);
	boardHasEvent = true;
	return count;
}

static size_t writeSome(PortStream* stream, const void* from, size_t count)
{
	Connection* connection = connectionOf(stream);
	size_t room = writable(stream);
	size_t part = count < room ? count : room;
	// lwIP may find less memory than it has promised
	while (part > 0 && tcp_write(connection->socket, from, (u16_t)part, TCP_WRITE_FLAG_COPY) != ERR_OK)
		part /= 2;
	if (part > 0)
		tcp_output(connection->socket);
	if (part < count) {
		connection->wantsRoom = true;
		connection->hasRoom = false;
	}
	return part;
}

static void sweep(void)
{
	for (Connection** at = &connections; *at;) {
		Connection* connection = *at;
		if (connection->isClosed) {
			*at = connection->next;
			free(connection);
		}
		else
			at = &connection->next;
	}
}

static void closeConnection(PortStream* stream)
{
	Connection* connection = connectionOf(stream);
	if (connection->received)
		pbuf_free(connection->received);
	connection->received = NULL;
	detach(connection);
	connection->isClosed = true;
	if (!isRunning)
		sweep();
}

static const StreamKind kind = { readable, writable, readSome, writeSome, closeConnection };

PortStream* portTcpOpen(const PortPeer* remote, const PortStreamEvents* events, void* owner, const char** message)
{
	ip_addr_t address;
	if (!addressParse(remote->address, &address)) {
		*message = "not a numeric address";
		return NULL;
	}
	Connection* connection = calloc(1, sizeof *connection);
	struct tcp_pcb* socket = connection ? tcp_new() : NULL;
	if (!socket) {
		free(connection);
		*message = "out of memory";
		return NULL;
	}
	*connection = (Connection) { .stream = { &kind, events, owner }, .socket = socket };
	tcp_nagle_disable(socket);
	tcp_arg(socket, connection);
	tcp_recv(socket, onReceived);
	tcp_sent(socket, onSent);
	tcp_poll(socket, onPoll, 1);
	tcp_err(socket, onError);
	if (tcp_connect(socket, &address, remote->port, onConnected) != ERR_OK) {
		detach(connection);
		free(connection);
		*message = "Network is unreachable";
		return NULL;
	}
	connection->next = connections;
	connections = connection;
	return &connection->stream;
}

// ---- events

// True where it has called the program, which may have closed the connection then.
static bool runOne(Connection* connection)
{
	const PortStreamEvents* events = connection->stream.events;
	if (connection->wantsRoom && connection->hasRoom && writable(&connection->stream) > TCP_SND_BUF / 4) {
		connection->wantsRoom = false;
		events->onWritable(connection->stream.owner, writable(&connection->stream));
		return true;
	}
	if (connection->hasNews) {
		connection->hasNews = false;
		events->onReadable(connection->stream.owner, readable(&connection->stream));
		return true;
	}
	// what was sent before the end is read first
	if (connection->isEnded && !connection->isFinished && !connection->received) {
		connection->isFinished = true;
		events->onClose(connection->stream.owner, connection->failure);
		return true;
	}
	return false;
}

bool tcpRun(void)
{
	bool hasRun = false;
	isRunning = true;
	for (Connection* connection = connections; connection; connection = connection->next)
		while (!connection->isClosed && runOne(connection))
			hasRun = true;
	isRunning = false;
	sweep();
	return hasRun;
}
