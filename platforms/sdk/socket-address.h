// Numeric addresses as the sockets of POSIX have them. For files that have included board-posix.h.
#ifndef SDK_SOCKET_ADDRESS_H
#define SDK_SOCKET_ADDRESS_H

#include <stdint.h>
#include <string.h>

/** @param text IPv4 or IPv6 @return the size of what is filled in, 0 where the text is no numeric address */
static inline socklen_t socketAddress(const char* text, uint16_t port, struct sockaddr_storage* into)
{
	struct sockaddr_in* v4 = (struct sockaddr_in*)into;
	struct sockaddr_in6* v6 = (struct sockaddr_in6*)into;
	memset(into, 0, sizeof *into);
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		return sizeof *v4;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		return sizeof *v6;
	}
	return 0;
}

#endif
