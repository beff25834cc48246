// TCP connections of the Linux port (../xs/port.h).

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "channel.h"

PortStream* portTcpOpen(const PortPeer* remote, const PortStreamEvents* events, void* owner, const char** message)
{
	Address address;
	if (!addressParse(&address, remote, message))
		return NULL;
	int descriptor = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;
	if (descriptor < 0 || (connect(descriptor, &address.any, address.size) < 0 && errno != EINPROGRESS)) {
		*message = strerror(errno);
		if (descriptor >= 0)
			close(descriptor);
		return NULL;
	}
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	PortStream* stream = channelNew(events, owner, message);
	if (!stream) {
		close(descriptor);
		return NULL;
	}
	channelAttach(stream, descriptor, descriptor, true);
	return stream;
}
