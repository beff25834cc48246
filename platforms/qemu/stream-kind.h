// What a byte stream of this board is to the runtime (../xs/port.h): a serial port or a TCP connection.

#ifndef STREAM_KIND_H
#define STREAM_KIND_H

#include "port.h"

typedef struct {
	size_t (*readable)(PortStream* stream);
	size_t (*writable)(PortStream* stream);
	size_t (*read)(PortStream* stream, void* into, size_t size);
	size_t (*write)(PortStream* stream, const void* from, size_t count);
	void (*close)(PortStream* stream);
} StreamKind;

// The first part of each of them.
struct PortStream {
	const StreamKind* kind;
	const PortStreamEvents* events;
	void* owner;
};

#endif
