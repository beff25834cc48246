// The clock by Zephyr's SNTP client (RFC 4330), which waits for its answer: a thread of its own asks, and the machine's sets
// the clock.
#include "xsmc.h"

#include <stdlib.h>
#include <string.h>

#include <board-posix.h>
#include <zephyr/kernel.h>
#include <zephyr/net/sntp.h>

#include "../sdk/board.h"

enum { ANSWER_MS = 5000, RETRY_SECONDS = 60, AGAIN_SECONDS = 86400 };

static void* machine;
static char* server;
// of the answer, while it is on its way to the machine's thread
static double answeredSeconds, answeredAt;

static void set(void* the, void* context, uint8_t* message, uint16_t length)
{
	(void)the;
	(void)context;
	(void)message;
	(void)length;
	boardSetTime(answeredSeconds + (boardNow() - answeredAt) / 1000);
}

static void* ask(void* unused)
{
	struct sntp_time time;
	(void)unused;
	for (;;) {
		int isAnswered = sntp_simple(server, ANSWER_MS, &time) == 0;
		if (isAnswered) {
			answeredSeconds = (double)time.seconds + (double)time.fraction / 4294967296.0;
			answeredAt = boardNow();
			isAnswered = boardPost(machine, set, NULL) == 0;
		}
		k_sleep(K_SECONDS(isAnswered ? AGAIN_SECONDS : RETRY_SECONDS));
	}
	return NULL;
}

void xs_zephyr_keepClock(xsMachine* the)
{
	pthread_t thread;
	const char* name = xsmcToString(xsArg(0));
	const size_t size = strlen(name) + 1;
	if (server)
		return;
	server = malloc(size);
	if (!server)
		xsUnknownError("no memory");
	memcpy(server, name, size);
	machine = the;
	if (pthread_create(&thread, NULL, ask, NULL) != 0)
		xsUnknownError("no thread");
	pthread_detach(thread);
}
