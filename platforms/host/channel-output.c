// Byte streams of the Linux port (channel.h): what goes out.

#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

// How long a program that ends waits for its last output to leave.
enum { DRAIN_MS = 500 };

static ssize_t writeSome(PortStream* stream, const void* from, size_t count)
{
	ssize_t written;
	do
		written = stream->isOutSocket ? send(stream->out, from, count, MSG_DONTWAIT | MSG_NOSIGNAL) : write(stream->out, from, count);
	while (written < 0 && errno == EINTR);
	return written;
}

// Sends what it can. False where the other side is gone.
bool channelFlush(PortStream* stream)
{
	while (stream->outputCount > 0) {
		ssize_t count = writeSome(stream, stream->output, stream->outputCount);
		if (count < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		stream->outputCount -= (size_t)count;
		memmove(stream->output, stream->output + count, stream->outputCount);
	}
	return true;
}

static void watchOutput(PortStream* stream)
{
	if (stream->watchOut && stream->watchOut != stream->watchIn)
		watchChange(stream->watchOut, stream->outputCount > 0 ? EPOLLOUT : 0);
	else
		channelControl(stream);
}

void channelGiveOutput(PortStream* stream)
{
	if (!channelFlush(stream)) {
		channelEnd(stream, errno == EPIPE ? NULL : strerror(errno));
		return;
	}
	watchOutput(stream);
	if (stream->outputCount == 0)
		stream->events->onWritable(stream->owner, CHANNEL_OUTPUT_BYTES);
}

size_t portStreamWritable(PortStream* stream)
{
	if (stream->isEnded || stream->isConnecting)
		return 0;
	return CHANNEL_OUTPUT_BYTES - stream->outputCount;
}

static void tellRoom(void* owner)
{
	PortStream* stream = owner;
	if (stream->out >= 0 && !stream->isEnded && stream->outputCount == 0)
		stream->events->onWritable(stream->owner, CHANNEL_OUTPUT_BYTES);
}

size_t portStreamWrite(PortStream* stream, const void* from, size_t count)
{
	size_t room = portStreamWritable(stream);
	bool isPart = count > room;
	if (stream->out < 0)
		// nobody is connected: it goes nowhere, as from a UART
		return count;
	if (isPart)
		count = room;
	memcpy(stream->output + stream->outputCount, from, count);
	stream->outputCount += count;
	// an error shows in the next event: no callback from here
	channelFlush(stream);
	watchOutput(stream);
	// all of it left at once: nothing is watched for that would have the rest written
	if (isPart && stream->outputCount == 0)
		loopDefer(tellRoom, stream);
	return count;
}

void channelDrain(void)
{
	for (PortStream* stream = channelFirst; stream; stream = stream->next) {
		if (stream->out < 0 || stream->isEnded || stream->isConnecting)
			continue;
		struct pollfd wait = { .fd = stream->out, .events = POLLOUT };
		while (channelFlush(stream) && stream->outputCount > 0)
			if (poll(&wait, 1, DRAIN_MS) <= 0)
				break;
	}
}
