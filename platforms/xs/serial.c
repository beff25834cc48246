// The module `embedded:io/serial` (serial.js).

#include "stream.h"

static const char* const callbackNames[BINDING_CALLBACKS] = { "onReadable", "onWritable", "onClose" };

void xs_serial_destroy(void* data)
{
	streamDestroy(data);
}

void xs_serial(xsMachine* the)
{
	char device[32];
	int32_t number = 0;
	const char* message = NULL;
	xsSlot* options = streamOptions(the, callbackNames);
	if (!optionText(the, options, "device", device, sizeof device))
		xsTypeError("device is missing");
	optionInteger(the, options, "number", 0, 65535, &number);
	Stream* stream = streamNew(the);
	PortStream* port = portSerialOpen(device, (uint32_t)number, &streamEvents, stream, &message);
	streamOpen(the, stream, port, options, callbackNames, message);
}

void xs_serial_close(xsMachine* the)
{
	streamClose(the, xs_serial_destroy);
}

void xs_serial_read(xsMachine* the)
{
	streamRead(the, streamOf(the, xs_serial_destroy));
}

void xs_serial_write(xsMachine* the)
{
	streamWrite(the, streamOf(the, xs_serial_destroy));
}

void xs_serial_send(xsMachine* the)
{
	streamSend(the, streamOf(the, xs_serial_destroy));
}

void xs_serial_isTerminal(xsMachine* the)
{
	xsmcSetBoolean(xsResult, portStreamIsTerminal(streamOf(the, xs_serial_destroy)->port));
}

void xs_serial_name(xsMachine* the)
{
	xsmcSetString(xsResult, (xsStringValue)(uintptr_t)portStreamName(streamOf(the, xs_serial_destroy)->port));
}
