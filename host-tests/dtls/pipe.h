// A stream between two sessions of one process: bytes in order, in pieces of any size.

#ifndef PIPE_H
#define PIPE_H

#include "network.h"

enum { PIPE_BYTES = 1 << 16 };

// What is on its way to each end.
typedef struct {
	uint8_t bytes[PIPE_BYTES];
	size_t start, end;
} Pipe;

extern Pipe pipes[2];
// Longest piece that a session is given at once, and that it gives.
extern size_t pieceBytes;
// Where not NULL, sees every byte on its way, with its position in the stream.
extern uint8_t (*onByte)(int to, size_t at, uint8_t byte);
// The longest record that an end has been sent so far, without its header; the number of records.
extern size_t longestRecord[2];
// What each end has read, and how much of it.
extern uint8_t got[2][PIPE_BYTES];
extern size_t gotBytes[2];

// After `setUp`: nothing is on its way.
void pipeReset(void);
// Both ends work until nothing moves; computations go on.
void pipeRun(void);
bool pipeConnect(void);
// False where the session refuses.
bool pipeSend(int end, const uint8_t* plaintext, size_t count);

#endif
