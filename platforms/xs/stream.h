// What the modules for byte streams (tcp.c, serial.c) share.

#ifndef STREAM_H
#define STREAM_H

#include "binding.h"

typedef struct {
	Binding binding;
	PortStream* port;
} Stream;

extern const PortStreamEvents streamEvents;

// The options object, its callbacks checked. Nothing is allocated before that.
xsSlot* streamOptions(xsMachine* the, const char* const* callbackNames);
Stream* streamNew(xsMachine* the);
// Takes what the port has opened for `stream`; NULL: throws with the message.
void streamOpen(xsMachine* the, Stream* stream, PortStream* port, xsSlot* options, const char* const* callbackNames, const char* message);
// `xsThis`, which must be open.
Stream* streamOf(xsMachine* the, xsDestructor destructor);
void streamClose(xsMachine* the, xsDestructor destructor);
void streamDestroy(void* data);
void streamRead(xsMachine* the, Stream* stream);
void streamWrite(xsMachine* the, Stream* stream);
void streamSend(xsMachine* the, Stream* stream);

#endif
