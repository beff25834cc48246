// Byte streams of the Linux port: descriptors with a small buffer either way, as a UART has.

#ifndef CHANNEL_H
#define CHANNEL_H

#include "loop.h"
#include "port.h"

enum { CHANNEL_INPUT_BYTES = 1024, CHANNEL_OUTPUT_BYTES = 4096, CHANNEL_NAME_BYTES = 64 };

struct PortStream {
	const PortStreamEvents* events;
	void* owner;
	PortStream* next;
	// The same for a socket or a terminal; -1 where nothing is connected.
	int in, out;
	Watch* watchIn;
	Watch* watchOut;
	bool isInSocket, isOutSocket;
	bool isConnecting;
	bool isTerminal;
	// A listener's stream outlives its peers: the end of one is not its own.
	bool hasManyPeers;
	int listener;
	Watch* watchListener;
	// isInputEnded: of input and output apart, as on pipes, the first is at its end. The answers still go out.
	bool isPumping, isInputEnded, isEnded, isFinished;
	const char* failure;
	char name[CHANNEL_NAME_BYTES];
	size_t inputCount, outputCount;
	uint8_t input[CHANNEL_INPUT_BYTES];
	uint8_t output[CHANNEL_OUTPUT_BYTES];
};

PortStream* channelNew(const PortStreamEvents* events, void* owner, const char** message);
// Takes the descriptors over and starts to read. `isConnecting`: a socket whose connect() is under way.
void channelAttach(PortStream* stream, int in, int out, bool isConnecting);
// Closes the descriptors and forgets what was on its way.
void channelDetach(PortStream* stream);
// Sends what is still to go, for a moment: before the program ends or restarts.
void channelDrain(void);

// Between channel.c and channel-output.c.
extern PortStream* channelFirst;
// The other side is gone, `failure` NULL where that is as it should be. What it sent before is read first.
void channelEnd(PortStream* stream, const char* failure);
// Watches for input where there is room for it.
void channelControl(PortStream* stream);
// Sends what it can. False where the other side is gone.
bool channelFlush(PortStream* stream);
// There is room for output.
void channelGiveOutput(PortStream* stream);

#endif
