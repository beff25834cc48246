// TCP connections over lwIP (../xs/port.h), as byte streams.

#include "network.h"
#include "port.h"

PortStream* portTcpOpen(const PortPeer* remote, const PortStreamEvents* events, void* owner, const char** message)
{
	(void)remote, (void)events, (void)owner;
	*message = "this firmware has no TCP";
	return NULL;
}

bool tcpRun(void)
{
	return false;
}
