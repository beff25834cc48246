// The module `embedded:io/socket/udp` (udp.js) over the port's sockets.

#include "binding.h"

#include <stdlib.h>
#include <string.h>

enum { ON_READABLE, ON_ERROR };

static const char* const callbackNames[BINDING_CALLBACKS] = { "onReadable", "onError", NULL };

typedef struct {
	Binding binding;
	PortUdp* port;
	bool hasRemote;
} Udp;

void xs_udp_destroy(void* data)
{
	Udp* udp = data;
	if (!udp)
		return;
	portUdpClose(udp->port);
	free(udp);
}

static void onReadable(void* owner)
{
	bindingCallInteger(&((Udp*)owner)->binding, ON_READABLE, 1);
}

static void onError(void* owner, const char* message)
{
	bindingCallText(&((Udp*)owner)->binding, ON_ERROR, message);
}

static const PortUdpEvents events = { onReadable, onError };

void xs_udp(xsMachine* the)
{
	PortPeer local = { .port = 0 }, remote = { .port = 0 };
	int32_t number = 0;
	const char* message = NULL;
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType)
		xsTypeError("no options");
	xsSlot* options = &xsArg(0);
	for (int i = 0; i < BINDING_CALLBACKS && callbackNames[i]; i++)
		bindingCheckCallback(the, options, callbackNames[i]);
	optionText(the, options, "address", local.address, sizeof local.address);
	if (optionInteger(the, options, "port", 0, 65535, &number))
		local.port = (uint16_t)number;
	bool hasRemote = optionText(the, options, "remoteAddress", remote.address, sizeof remote.address);
	if (hasRemote) {
		if (!optionInteger(the, options, "remotePort", 1, 65535, &number))
			xsTypeError("remotePort is missing");
		remote.port = (uint16_t)number;
	}
	Udp* udp = calloc(1, sizeof *udp);
	if (!udp)
		xsUnknownError("out of memory");
	udp->hasRemote = hasRemote;
	udp->port = portUdpOpen(&local, hasRemote ? &remote : NULL, &events, udp, &message);
	if (!udp->port) {
		free(udp);
		xsUnknownError("UDP: %s", (char*)(uintptr_t)message);
	}
	xsmcSetHostData(xsThis, udp);
	bindingOpen(&udp->binding, the, &xsThis, options, callbackNames);
}

static Udp* udpOf(xsMachine* the)
{
	Udp* udp = xsmcGetHostDataValidate(xsThis, xs_udp_destroy);
	if (!udp)
		xsUnknownError("the socket is closed");
	return udp;
}

void xs_udp_close(xsMachine* the)
{
	Udp* udp = xsmcGetHostDataValidate(xsThis, xs_udp_destroy);
	if (!udp)
		return;
	xsmcSetHostData(xsThis, NULL);
	bindingClose(&udp->binding);
	xs_udp_destroy(udp);
}

void xs_udp_port(xsMachine* the)
{
	xsmcSetInteger(xsResult, portUdpLocalPort(udpOf(the)->port));
}

// The standard's form: a new ArrayBuffer with the properties address and port.
static void readNew(xsMachine* the, Udp* udp)
{
	PortPeer from;
	int size = portUdpPeek(udp->port);
	if (size < 0)
		return;
	xsmcVars(1);
	xsmcSetArrayBuffer(xsResult, NULL, size);
	int count = portUdpRead(udp->port, xsmcToArrayBuffer(xsResult), (size_t)size, &from);
	if (count < 0) {
		xsmcSetUndefined(xsResult);
		return;
	}
	xsmcSetString(xsVar(0), from.address);
	xsmcSet(xsResult, xsID("address"), xsVar(0));
	xsmcSetInteger(xsVar(0), from.port);
	xsmcSet(xsResult, xsID("port"), xsVar(0));
}

void xs_udp_read(xsMachine* the)
{
	Udp* udp = udpOf(the);
	if (xsmcArgc == 0) {
		readNew(the, udp);
		return;
	}
	size_t size;
	void* into = argumentBytes(the, 0, &size, true);
	int count = portUdpRead(udp->port, into, size, NULL);
	xsmcSetInteger(xsResult, count > (int)size ? 0 : count);
}

static void sendBytes(xsMachine* the, Udp* udp, size_t count, const PortPeer* to)
{
	const char* message = NULL;
	size_t size;
	const void* from = argumentBytes(the, 0, &size, false);
	if (!portUdpWrite(udp->port, from, count < size ? count : size, to, &message))
		xsUnknownError("UDP: %s", (char*)(uintptr_t)message);
}

void xs_udp_write(xsMachine* the)
{
	Udp* udp = udpOf(the);
	PortPeer to;
	if (xsmcArgc < 2) {
		if (!udp->hasRemote)
			xsTypeError("address is missing");
		sendBytes(the, udp, SIZE_MAX, NULL);
		return;
	}
	argumentText(the, 1, "address", to.address, sizeof to.address);
	to.port = (uint16_t)argumentInteger(the, 2, "port", 1, 65535);
	sendBytes(the, udp, SIZE_MAX, &to);
}

void xs_udp_send(xsMachine* the)
{
	Udp* udp = udpOf(the);
	size_t size;
	argumentBytes(the, 0, &size, false);
	int32_t count = argumentInteger(the, 1, "count", 0, size > 65535 ? 65535 : (int32_t)size);
	if (!udp->hasRemote)
		xsTypeError("the socket has no peer");
	sendBytes(the, udp, (size_t)count, NULL);
}
