// Byte streams of the Linux port (channel.h): what comes in, events, life.

#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

PortStream* channelFirst;

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
void channelEnd(PortStream* stream, const char* failure)
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
void channelControl(PortStream* stream)
{
	if (stream->in < 0 || stream->isInputEnded || stream->isEnded || stream->isConnecting)
		return;
	bool hasRoom = stream->inputCount < CHANNEL_INPUT_BYTES;
	if (stream->watchIn && stream->watchIn != stream->watchOut)
		watchChange(stream->watchIn, hasRoom ? EPOLLIN : 0);
	else if (stream->watchIn)
		watchChange(stream->watchIn, (hasRoom ? EPOLLIN : 0) | (stream->outputCount > 0 ? EPOLLOUT : 0));
	else if (hasRoom && !stream->isPumping) {
		// a file, which epoll does not take, or the rest of what was hung up: reading does not wait
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
		channelEnd(stream, count < 0 && errno != EIO ? strerror(errno) : NULL);
		return;
	}
	stream->inputCount += (size_t)count;
	channelControl(stream);
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
		channelControl(stream);
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
		channelEnd(stream, strerror(error));
		return;
	}
	channelControl(stream);
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
		// no room, and an event that cannot be turned off: what is left is read without being watched for
		watchClose(stream->watchIn);
		if (stream->watchOut == stream->watchIn)
			stream->watchOut = NULL;
		stream->watchIn = NULL;
		return;
	}
	if ((events & EPOLLOUT) && stream->watchIn == watch && stream->out >= 0 && !stream->isEnded)
		channelGiveOutput(stream);
}

static void onOutputReady(void* owner, uint32_t events)
{
	PortStream* stream = owner;
	// neither can be turned off: the reader of a pipe is gone, or the other end of a socket
	if (events & (EPOLLERR | EPOLLHUP))
		channelEnd(stream, NULL);
	else
		channelGiveOutput(stream);
}

// ---- life

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
	stream->next = channelFirst;
	channelFirst = stream;
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
		channelControl(stream);
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
		channelFlush(stream);
	loopCancel(stream);
	watchClose(stream->watchListener);
	if (stream->listener >= 0)
		close(stream->listener);
	channelDetach(stream);
	for (PortStream** at = &channelFirst; *at; at = &(*at)->next)
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
