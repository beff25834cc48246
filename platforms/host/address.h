// Socket addresses of the Linux port and their texts.

#ifndef ADDRESS_H
#define ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "port.h"

typedef struct {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage storage;
	};
	socklen_t size;
} Address;

// False and a message where the text is no numeric address.
bool addressParse(Address* address, const PortPeer* peer, const char** message);
void addressFormat(const Address* address, PortPeer* peer);

#endif
