// Byte streams of the Linux port (channel.h): reading, writing and their end.

#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// How long a program that ends waits for its last output to leave.
enum { DRAIN_MS = 500 };

static PortStream* streams;

static bool isSocket(int descriptor)
{
	struct stat status;
	return fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode);
}

// ---- the end

static void finish(void* owner)
{
	PortStream* stream = owner;
	if (stream->isFinished || stream->inputCount > 0)
		return;
	stream->isFinished = true;
	stream->events->onClose(stream->owner, stream->failure);
}

// The other side is gone. What it sent before is read first.
static void end(PortStream* stream, const char* failure)
{
	if (stream->hasManyPeers) {
		channelDetach(stream);
		return;
	}
	if (stream->isEnded)
		return;
	stream->isEnded = true;
	stream->failure = failure;
	watchClose(stream->watchIn);
	watchClose(stream->watchOut);
	stream->watchIn = stream->watchOut = NULL;
	stream->outputCount = 0;
	loopDefer(finish, stream);
}

// ---- input

static ssize_t readSome(PortStream* stream, void* into, size_t size)
{
	ssize_t count;
	do
		count = stream->isInSocket ? recv(stream->in, into, size, MSG_DONTWAIT) : read(stream->in, into, size);
	while (count < 0 && errno == EINTR);
	return count;
}

static void pump(void* owner);

// A full buffer stops reading until the program has taken some, so that level-triggered events do not spin.
static void control(PortStream* stream)
{
	if (stream->in < 0 || stream->isInputEnded || stream->isEnded || stream->isConnecting)
		return;
	bool hasRoom = stream->inputCount < CHANNEL_INPUT_BYTES;
	if (stream->watchIn && stream->watchIn != stream->watchOut)
		watchChange(stream->watchIn, hasRoom ? EPOLLIN : 0);
	else if (stream->watchIn)
		watchChange(stream->watchIn, (hasRoom ? EPOLLIN : 0) | (stream->outputCount > 0 ? EPOLLOUT : 0));
	else if (hasRoom && !stream->isPumping) {
		// a file: always readable, and epoll does not take it
		stream->isPumping = true;
		loopDefer(pump, stream);
	}
}

static void takeInput(PortStream* stream)
{
	ssize_t count = readSome(stream, stream->input + stream->inputCount, CHANNEL_INPUT_BYTES - stream->inputCount);
	if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return;
	if (count == 0 && stream->in != stream->out && !stream->hasManyPeers) {
		stream->isInputEnded = true;
		watchClose(stream->watchIn);
		stream->watchIn = NULL;
		loopDefer(finish, stream);
		return;
	}
	if (count <= 0) {
		// a terminal that hangs up gives EIO
		end(stream, count < 0 && errno != EIO ? strerror(errno) : NULL);
		return;
	}
	stream->inputCount += (size_t)count;
	control(stream);
	stream->events->onReadable(stream->owner, stream->inputCount);
}

static void pump(void* owner)
{
	PortStream* stream = owner;
	stream->isPumping = false;
	if (stream->in >= 0 && !stream->isInputEnded && !stream->isEnded && stream->inputCount < CHANNEL_INPUT_BYTES)
		takeInput(stream);
}

size_t portStreamReadable(PortStream* stream)
{
	return stream->inputCount;
}

size_t portStreamRead(PortStream* stream, void* into, size_t size)
{
	size_t count = size < stream->inputCount ? size : stream->inputCount;
	memcpy(into, stream->input, count);
	stream->inputCount -= count;
	memmove(stream->input, stream->input + count, stream->inputCount);
	if ((stream->isInputEnded || stream->isEnded) && !stream->isFinished && count > 0)
		loopDefer(finish, stream);
	else
		control(stream);
	return count;
}

// ---- output

static ssize_t writeSome(PortStream* stream, const void* from, size_t count)
{
	ssize_t written;
	do
		written = stream->isOutSocket ? send(stream->out, from, count, MSG_DONTWAIT | MSG_NOSIGNAL) : write(stream->out, from, count);
	while (written < 0 && errno == EINTR);
	return written;
}

// Sends what it can. False where the other side is gone.
static bool flush(PortStream* stream)
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
		control(stream);
}

static void giveOutput(PortStream* stream)
{
	if (!flush(stream)) {
		end(stream, errno == EPIPE ? NULL : strerror(errno));
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

size_t portStreamWrite(PortStream* stream, const void* from, size_t count)
{
	size_t room = portStreamWritable(stream);
	if (stream->out < 0)
		// nobody is connected: it goes nowhere, as from a UART
		return count;
	if (count > room)
		count = room;
	memcpy(stream->output + stream->outputCount, from, count);
	stream->outputCount += count;
	// an error shows in the next event: no callback from here
	flush(stream);
	watchOutput(stream);
	return count;
}

// ---- events

static void connected(PortStream* stream)
{
	int error = 0;
	socklen_t size = sizeof error;
	getsockopt(stream->out, SOL_SOCKET, SO_ERROR, &error, &size);
	stream->isConnecting = false;
	if (error) {
		end(stream, strerror(error));
		return;
	}
	control(stream);
	stream->events->onWritable(stream->owner, CHANNEL_OUTPUT_BYTES);
}

static void onReady(void* owner, uint32_t events)
{
	PortStream* stream = owner;
	// the callback of the first half may close the stream: its memory stays until the end of this turn
	Watch* watch = stream->watchIn;
	if (stream->isConnecting) {
		connected(stream);
		return;
	}
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && stream->inputCount < CHANNEL_INPUT_BYTES)
		takeInput(stream);
	else if ((events & (EPOLLHUP | EPOLLERR)) && stream->in != stream->out) {
		// the writer of a pipe is gone, and what it left behind waits for room: from now on it is read like a file
		watchClose(stream->watchIn);
		stream->watchIn = NULL;
		return;
	}
	else if (events & (EPOLLHUP | EPOLLERR)) {
		end(stream, NULL);
		return;
	}
	if ((events & EPOLLOUT) && stream->watchIn == watch && stream->out >= 0 && !stream->isEnded)
		giveOutput(stream);
}

static void onOutputReady(void* owner, uint32_t events)
{
	PortStream* stream = owner;
	if (events & EPOLLERR)
		end(stream, NULL);
	else
		giveOutput(stream);
}

// ---- life

void channelDrain(void)
{
	for (PortStream* stream = streams; stream; stream = stream->next) {
		if (stream->out < 0 || stream->isEnded || stream->isConnecting)
			continue;
		struct pollfd wait = { .fd = stream->out, .events = POLLOUT };
		while (flush(stream) && stream->outputCount > 0)
			if (poll(&wait, 1, DRAIN_MS) <= 0)
				break;
	}
}

PortStream* channelNew(const PortStreamEvents* events, void* owner, const char** message)
{
	static bool willDrain;
	PortStream* stream = calloc(1, sizeof *stream);
	if (!stream) {
		*message = "out of memory";
		return NULL;
	}
	if (!willDrain)
		atexit(channelDrain);
	willDrain = true;
	stream->events = events;
	stream->owner = owner;
	stream->in = stream->out = stream->listener = -1;
	stream->next = streams;
	streams = stream;
	return stream;
}

void channelAttach(PortStream* stream, int in, int out, bool isConnecting)
{
	stream->in = in;
	stream->out = out;
	stream->isConnecting = isConnecting;
	stream->isInSocket = isSocket(in);
	stream->isOutSocket = in == out ? stream->isInSocket : isSocket(out);
	stream->watchIn = watchOpen(in, isConnecting ? EPOLLOUT : EPOLLIN, onReady, stream);
	stream->watchOut = in == out ? stream->watchIn : watchOpen(out, 0, onOutputReady, stream);
	if (!stream->watchIn)
		control(stream);
}

void channelDetach(PortStream* stream)
{
	watchClose(stream->watchIn);
	if (stream->watchOut != stream->watchIn)
		watchClose(stream->watchOut);
	stream->watchIn = stream->watchOut = NULL;
	if (stream->in > STDERR_FILENO)
		close(stream->in);
	if (stream->out != stream->in && stream->out > STDERR_FILENO)
		close(stream->out);
	stream->in = stream->out = -1;
	stream->inputCount = stream->outputCount = 0;
}

void portStreamClose(PortStream* stream)
{
	if (stream->out >= 0 && !stream->isConnecting)
		flush(stream);
	loopCancel(stream);
	watchClose(stream->watchListener);
	if (stream->listener >= 0)
		close(stream->listener);
	channelDetach(stream);
	for (PortStream** at = &streams; *at; at = &(*at)->next)
		if (*at == stream) {
			*at = stream->next;
			break;
		}
	// an event of this turn may be on its way through it
	loopFree(stream);
}

bool portStreamIsTerminal(PortStream* stream)
{
	return stream->isTerminal;
}

const char* portStreamName(PortStream* stream)
{
	return stream->name;
}
