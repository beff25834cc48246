// The stream (pipe.h).

#include "pipe.h"

#include <string.h>

enum { HEADER_BYTES = 5 };

Pipe pipes[2];
size_t pieceBytes;
uint8_t (*onByte)(int to, size_t at, uint8_t byte);
size_t longestRecord[2];
uint8_t got[2][PIPE_BYTES];
size_t gotBytes[2];
// Where the next record of the stream to an end begins.
static size_t nextRecord[2];

void pipeReset(void)
{
	pieceBytes = PIPE_BYTES;
	onByte = NULL;
	memset(pipes, 0, sizeof pipes);
	memset(gotBytes, 0, sizeof gotBytes);
	memset(longestRecord, 0, sizeof longestRecord);
	memset(nextRecord, 0, sizeof nextRecord);
}

static void measureRecords(int to)
{
	const Pipe* pipe = &pipes[to];
	while (nextRecord[to] + HEADER_BYTES <= pipe->end) {
		const uint8_t* header = pipe->bytes + nextRecord[to];
		size_t length = (size_t)header[3] << 8 | header[4];
		if (length > longestRecord[to])
			longestRecord[to] = length;
		nextRecord[to] += HEADER_BYTES + length;
	}
}

static bool giveOutput(int from)
{
	Pipe* pipe = &pipes[1 - from];
	size_t room = PIPE_BYTES - pipe->end;
	size_t count = dtlsTake(ends[from].session, pipe->bytes + pipe->end, room < pieceBytes ? room : pieceBytes);
	if (onByte)
		for (size_t i = pipe->end; i < pipe->end + count; i++)
			pipe->bytes[i] = onByte(1 - from, i, pipe->bytes[i]);
	pipe->end += count;
	measureRecords(1 - from);
	return count > 0;
}

static bool takeInput(int to)
{
	Pipe* pipe = &pipes[to];
	DtlsSession* session = ends[to].session;
	size_t size = pipe->end - pipe->start < pieceBytes ? pipe->end - pipe->start : pieceBytes;
	size_t count = size > 0 ? dtlsFeed(session, pipe->bytes + pipe->start, size) : 0;
	pipe->start += count;
	size_t room = PIPE_BYTES - gotBytes[to];
	size_t plaintext = dtlsRead(session, got[to] + gotBytes[to], room < pieceBytes ? room : pieceBytes);
	gotBytes[to] += plaintext;
	unsigned events = dtlsEvents(session);
	bool isBusy = dtlsTimer(session) == 0;
	if (isBusy)
		events |= dtlsExpire(session);
	ends[to].events |= events;
	ends[to].isUp |= (events & DTLS_CONNECTED) != 0;
	return count > 0 || plaintext > 0 || isBusy;
}

void pipeRun(void)
{
	for (bool isMoving = true; isMoving;) {
		isMoving = false;
		for (int end = 0; end < 2; end++) {
			isMoving |= takeInput(end);
			isMoving |= giveOutput(end);
		}
	}
}

bool pipeConnect(void)
{
	ends[CLIENT].events |= dtlsStart(ends[CLIENT].session);
	pipeRun();
	return ends[CLIENT].isUp && ends[SERVER].isUp;
}

bool pipeSend(int end, const uint8_t* plaintext, size_t count)
{
	DtlsError error;
	uint8_t unused;
	while (count > 0) {
		size_t most = dtlsMaxPlaintext(ends[end].session);
		size_t part = count < most ? count : most;
		if (part == 0 || dtlsSend(ends[end].session, plaintext, part, &unused, 0, &error) != part)
			return false;
		plaintext += part;
		count -= part;
		pipeRun();
	}
	return true;
}
