// See watch.h. The thread sleeps in poll() on the armed sockets and on an eventfd that tells it of changes. What it finds
// it posts to the machine's loop with the entry's generation, so that a socket that was closed meanwhile is passed over.
#include "watch.h"

#include <stdint.h>

#include "board-posix.h"
#include "board.h"

typedef struct {
	void* machine;	// NULL: the entry is free
	WatchReadable onReadable;
	void* context;
	int fd;
	uint16_t generation;
	// POLLIN and POLLOUT, what is waited for; 0: not armed
	short events;
} Entry;

static Entry entries[WATCHED_SOCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int changed = -1;

static void wake(void)
{
	const uint64_t one = 1;
	// it can only fail where the counter is at its end, and then the thread is woken all the same
	if (write(changed, &one, sizeof one) < 0)
		return;
}

static void deliver(void* machine, void* context, uint8_t* message, uint16_t length)
{
	const uintptr_t ticket = (uintptr_t)context;
	Entry* entry = &entries[ticket & 0xff];
	(void)message;
	(void)length;
	// only this thread, the machine's, changes anything but `events`
	if (entry->machine == machine && entry->generation == (uint16_t)(ticket >> 8))
		entry->onReadable(machine, entry->context);
}

static void* run(void* unused)
{
	struct pollfd fds[WATCHED_SOCKETS + 1];
	int indices[WATCHED_SOCKETS + 1];
	(void)unused;
	for (;;) {
		int count = 1;
		fds[0] = (struct pollfd){.fd = changed, .events = POLLIN};
		pthread_mutex_lock(&lock);
		for (int i = 0; i < WATCHED_SOCKETS; i++) {
			if (!entries[i].machine || entries[i].events == 0)
				continue;
			fds[count] = (struct pollfd){.fd = entries[i].fd, .events = entries[i].events};
			indices[count++] = i;
		}
		pthread_mutex_unlock(&lock);
		if (poll(fds, count, -1) <= 0) {
			// too many for the system: not again at once
			posixPause(50);
			continue;
		}
		uint64_t times;
		if (fds[0].revents && read(changed, &times, sizeof times) < 0)
			continue;
		pthread_mutex_lock(&lock);
		for (int at = 1; at < count; at++) {
			Entry* entry = &entries[indices[at]];
			if (!fds[at].revents || !entry->machine || entry->events == 0 || entry->fd != fds[at].fd)
				continue;
			const uintptr_t ticket = (uintptr_t)indices[at] | ((uintptr_t)entry->generation << 8);
			// a post that fails leaves it armed: poll returns at once, and it is tried again
			if (boardPost(entry->machine, deliver, (void*)ticket) == 0)
				entry->events = 0;
		}
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static int isRunning(void)
{
	pthread_t thread;
	if (changed >= 0)
		return 1;
	changed = boardEventfd();
	if (changed < 0)
		return 0;
	if (pthread_create(&thread, NULL, run, NULL) == 0)
		return pthread_detach(thread) == 0;
	close(changed);
	changed = -1;
	return 0;
}

int watchBegin(void* machine, int fd, WatchReadable onReadable, void* context)
{
	if (!isRunning())
		return -1;
	pthread_mutex_lock(&lock);
	int index = WATCHED_SOCKETS - 1;
	while (index >= 0 && entries[index].machine)
		index--;
	if (index >= 0) {
		const uint16_t generation = entries[index].generation + 1;
		entries[index] =
			(Entry){.machine = machine, .onReadable = onReadable, .context = context, .fd = fd, .generation = generation};
	}
	pthread_mutex_unlock(&lock);
	return index;
}

void watchSetContext(int index, void* context)
{
	entries[index].context = context;
}

static void arm(int index, short events)
{
	pthread_mutex_lock(&lock);
	entries[index].events |= events;
	pthread_mutex_unlock(&lock);
	wake();
}

void watchArm(int index)
{
	arm(index, POLLIN);
}

void watchArmWritable(int index)
{
	arm(index, POLLIN | POLLOUT);
}

void watchEnd(int index)
{
	pthread_mutex_lock(&lock);
	entries[index].machine = NULL;
	entries[index].events = 0;
	pthread_mutex_unlock(&lock);
	wake();
}
