// Socket addresses of the Linux port and their texts (address.h), and name resolution.

#define _GNU_SOURCE
#include "address.h"

#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop.h"

bool addressParse(Address* address, const PortPeer* peer, const char** message)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM }, *found;
	char port[8];
	snprintf(port, sizeof port, "%u", peer->port);
	if (getaddrinfo(peer->address, port, &hints, &found) != 0) {
		*message = "not a numeric address";
		return false;
	}
	memset(address, 0, sizeof *address);
	memcpy(&address->storage, found->ai_addr, found->ai_addrlen);
	address->size = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

void addressFormat(const Address* address, PortPeer* peer)
{
	if (getnameinfo(&address->any, address->size, peer->address, sizeof peer->address, NULL, 0, NI_NUMERICHOST) != 0)
		peer->address[0] = 0;
	peer->port = ntohs(address->any.sa_family == AF_INET6 ? address->v6.sin6_port : address->v4.sin_port);
}

// A query runs in a thread of its own, because getaddrinfo() blocks; its end is a byte in a pipe.
typedef struct {
	char name[256];
	void (*onResult)(void* owner, const char* address, const char* message);
	void* owner;
	int pipe[2];
	Watch* watch;
	int status;
	PortPeer peer;
} Query;

static void* ask(void* argument)
{
	Query* query = argument;
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM }, *found = NULL;
	query->status = getaddrinfo(query->name, NULL, &hints, &found);
	if (query->status == 0) {
		Address address;
		// An IPv4 address where there is one: the client tries a single address, and a datagram into the void tells
		// nothing, so the one that works in more networks is the better guess.
		struct addrinfo* best = found;
		while (best && best->ai_family != AF_INET)
			best = best->ai_next;
		if (!best)
			best = found;
		memcpy(&address.storage, best->ai_addr, best->ai_addrlen);
		address.size = best->ai_addrlen;
		addressFormat(&address, &query->peer);
		freeaddrinfo(found);
	}
	if (write(query->pipe[1], "", 1) < 0)
		return NULL;
	return NULL;
}

static void finish(Query* query)
{
	watchClose(query->watch);
	close(query->pipe[0]);
	close(query->pipe[1]);
	if (query->status == 0)
		query->onResult(query->owner, query->peer.address, NULL);
	else
		query->onResult(query->owner, NULL, gai_strerror(query->status));
	free(query);
}

static void onAnswer(void* owner, uint32_t events)
{
	(void)events;
	finish(owner);
}

static void onNumeric(void* owner)
{
	Query* query = owner;
	query->onResult(query->owner, query->peer.address, NULL);
	free(query);
}

static void onFailure(void* owner)
{
	Query* query = owner;
	query->onResult(query->owner, NULL, "cannot ask for the name");
	free(query);
}

void portResolve(const char* name, void (*onResult)(void* owner, const char* address, const char* message), void* owner)
{
	Query* query = calloc(1, sizeof *query);
	if (!query) {
		portLog("out of memory");
		portExit(1);
	}
	snprintf(query->name, sizeof query->name, "%s", name);
	query->onResult = onResult;
	query->owner = owner;
	Address address;
	PortPeer numeric = { .port = 0 };
	const char* message;
	if (strlen(name) < sizeof numeric.address) {
		strcpy(numeric.address, name);
		if (addressParse(&address, &numeric, &message)) {
			addressFormat(&address, &query->peer);
			loopDefer(onNumeric, query);
			return;
		}
	}
	pthread_t thread;
	if (pipe2(query->pipe, O_CLOEXEC) < 0) {
		loopDefer(onFailure, query);
		return;
	}
	query->watch = watchOpen(query->pipe[0], EPOLLIN, onAnswer, query);
	if (!query->watch || pthread_create(&thread, NULL, ask, query) != 0) {
		watchClose(query->watch);
		close(query->pipe[0]);
		close(query->pipe[1]);
		loopDefer(onFailure, query);
		return;
	}
	pthread_detach(thread);
}
