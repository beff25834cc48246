// Host names to addresses: a thread of its own asks, because getaddrinfo() waits for the answer.
#include "xsmc.h"

#include <stdlib.h>
#include <string.h>

#include "board-posix.h"
#include "board.h"

typedef struct {
	xsMachine* the;
	xsSlot onResult;
	char address[INET6_ADDRSTRLEN];
	char name[];
} Query;

static void answer(void* machine, void* context, uint8_t* message, uint16_t length)
{
	xsMachine* the = machine;
	Query* query = context;
	(void)message;
	(void)length;
	xsBeginHost(the);
	xsmcVars(3);
	xsVar(0) = query->onResult;
	xsForget(query->onResult);
	if (query->address[0]) {
		xsmcSetString(xsVar(1), query->address);
		free(query);
		(void)xsCallFunction1(xsVar(0), xsGlobal, xsVar(1));
	} else {
		free(query);
		xsmcSetString(xsVar(2), "the name cannot be resolved");
		(void)xsCallFunction2(xsVar(0), xsGlobal, xsUndefined, xsVar(2));
	}
	xsEndHost(the);
}

static void* ask(void* context)
{
	Query* query = context;
	struct addrinfo hints;
	struct addrinfo* found = NULL;
	memset(&hints, 0, sizeof hints);
	hints.ai_socktype = SOCK_DGRAM;
	if (getaddrinfo(query->name, NULL, &hints, &found) == 0 && found) {
		const void* address = found->ai_family == AF_INET6
			? (void*)&((struct sockaddr_in6*)(void*)found->ai_addr)->sin6_addr
			: (void*)&((struct sockaddr_in*)(void*)found->ai_addr)->sin_addr;
		if (!inet_ntop(found->ai_family, address, query->address, sizeof query->address))
			query->address[0] = 0;
		freeaddrinfo(found);
	}
	// a full queue empties: the answer is worth the wait
	while (boardPost(query->the, answer, query) != 0)
		posixPause(50);
	return NULL;
}

void xs_sdk_resolve(xsMachine* the)
{
	pthread_t thread;
	const size_t size = strlen(xsmcToString(xsArg(0))) + 1;
	Query* query = calloc(1, sizeof *query + size);
	if (!query)
		xsUnknownError("no memory");
	memcpy(query->name, xsmcToString(xsArg(0)), size);
	query->the = the;
	query->onResult = xsArg(1);
	xsRemember(query->onResult);
	if (pthread_create(&thread, NULL, ask, query) != 0) {
		xsForget(query->onResult);
		free(query);
		xsUnknownError("no thread");
	}
	pthread_detach(thread);
}
