// Byte streams of the port as JavaScript objects (stream.h).

#include "stream.h"

#include <stdlib.h>

enum { ON_READABLE, ON_WRITABLE, ON_CLOSE };

static int32_t clamp(size_t count)
{
	return count > INT32_MAX ? INT32_MAX : (int32_t)count;
}

static void onReadable(void* owner, size_t count)
{
	bindingCallInteger(&((Stream*)owner)->binding, ON_READABLE, clamp(count));
}

static void onWritable(void* owner, size_t count)
{
	bindingCallInteger(&((Stream*)owner)->binding, ON_WRITABLE, clamp(count));
}

static void onClose(void* owner, const char* message)
{
	bindingCallText(&((Stream*)owner)->binding, ON_CLOSE, message);
}

const PortStreamEvents streamEvents = { onReadable, onWritable, onClose };

xsSlot* streamOptions(xsMachine* the, const char* const* callbackNames)
{
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType)
		xsTypeError("no options");
	for (int i = 0; i < BINDING_CALLBACKS && callbackNames[i]; i++)
		bindingCheckCallback(the, &xsArg(0), callbackNames[i]);
	return &xsArg(0);
}

Stream* streamNew(xsMachine* the)
{
	Stream* stream = calloc(1, sizeof *stream);
	if (!stream)
		xsUnknownError("out of memory");
	return stream;
}

void streamOpen(xsMachine* the, Stream* stream, PortStream* port, xsSlot* options, const char* const* callbackNames, const char* message)
{
	if (!port) {
		free(stream);
		xsUnknownError("%s", (char*)(uintptr_t)message);
	}
	stream->port = port;
	xsmcSetHostData(xsThis, stream);
	bindingOpen(&stream->binding, the, &xsThis, options, callbackNames);
}

void streamDestroy(void* data)
{
	Stream* stream = data;
	if (!stream)
		return;
	portStreamClose(stream->port);
	free(stream);
}

Stream* streamOf(xsMachine* the, xsDestructor destructor)
{
	Stream* stream = xsmcGetHostDataValidate(xsThis, destructor);
	if (!stream)
		xsUnknownError("the stream is closed");
	return stream;
}

void streamClose(xsMachine* the, xsDestructor destructor)
{
	Stream* stream = xsmcGetHostDataValidate(xsThis, destructor);
	if (!stream)
		return;
	xsmcSetHostData(xsThis, NULL);
	bindingClose(&stream->binding);
	streamDestroy(stream);
}

// The standard's form: a new ArrayBuffer with all that waits, or with at most the count that is asked for.
static void readNew(xsMachine* the, Stream* stream)
{
	size_t count = portStreamReadable(stream->port);
	if (xsmcArgc > 0) {
		size_t most = (size_t)argumentInteger(the, 0, "count", 1, INT32_MAX);
		if (most < count)
			count = most;
	}
	if (count == 0)
		return;
	xsmcSetArrayBuffer(xsResult, NULL, clamp(count));
	portStreamRead(stream->port, xsmcToArrayBuffer(xsResult), count);
}

void streamRead(xsMachine* the, Stream* stream)
{
	if (xsmcArgc == 0 || xsmcTypeOf(xsArg(0)) != xsReferenceType) {
		readNew(the, stream);
		return;
	}
	size_t size;
	void* into = argumentBytes(the, 0, &size, true);
	xsmcSetInteger(xsResult, clamp(portStreamRead(stream->port, into, size)));
}

// The standard's form: all of it or an error.
void streamWrite(xsMachine* the, Stream* stream)
{
	uint8_t byte;
	size_t count = 1;
	const void* from = &byte;
	if (xsmcArgc > 0 && xsmcTypeOf(xsArg(0)) != xsReferenceType)
		byte = (uint8_t)argumentInteger(the, 0, "byte", 0, 255);
	else
		from = argumentBytes(the, 0, &count, false);
	if (count > portStreamWritable(stream->port))
		xsUnknownError("there is no room for %d bytes", (int)count);
	portStreamWrite(stream->port, from, count);
}

void streamSend(xsMachine* the, Stream* stream)
{
	size_t size, start, end;
	argumentBytes(the, 0, &size, false);
	argumentRange(the, 1, size, &start, &end);
	const uint8_t* from = argumentBytes(the, 0, &size, false);
	xsmcSetInteger(xsResult, clamp(portStreamWrite(stream->port, from + start, end - start)));
}
