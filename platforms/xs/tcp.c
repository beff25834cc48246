// The module `embedded:io/socket/tcp` (tcp.js).

#include "stream.h"

static const char* const callbackNames[BINDING_CALLBACKS] = { "onReadable", "onWritable", "onError" };

void xs_tcp_destroy(void* data)
{
	streamDestroy(data);
}

void xs_tcp(xsMachine* the)
{
	PortPeer remote = { .port = 0 };
	int32_t number;
	const char* message = NULL;
	xsSlot* options = streamOptions(the, callbackNames);
	if (!optionText(the, options, "address", remote.address, sizeof remote.address))
		xsTypeError("address is missing");
	if (!optionInteger(the, options, "port", 1, 65535, &number))
		xsTypeError("port is missing");
	remote.port = (uint16_t)number;
	Stream* stream = streamNew(the);
	PortStream* port = portTcpOpen(&remote, &streamEvents, stream, &message);
	streamOpen(the, stream, port, options, callbackNames, message);
}

void xs_tcp_close(xsMachine* the)
{
	streamClose(the, xs_tcp_destroy);
}

void xs_tcp_read(xsMachine* the)
{
	streamRead(the, streamOf(the, xs_tcp_destroy));
}

void xs_tcp_write(xsMachine* the)
{
	streamWrite(the, streamOf(the, xs_tcp_destroy));
}

void xs_tcp_send(xsMachine* the)
{
	streamSend(the, streamOf(the, xs_tcp_destroy));
}
