// The board's part (../sdk/board.h) on Linux.
#define _GNU_SOURCE
#include "../sdk/board.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>

static double wallOffset;

double boardNow(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1000 + floor((double)at.tv_nsec / 1000000);
}

double boardTime(void)
{
	struct timespec at;
	clock_gettime(CLOCK_REALTIME, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9 + wallOffset;
}

void boardSetTime(double seconds)
{
	// the machine's own clock is not the device's to set
	wallOffset += seconds - boardTime();
}

int boardRandom(void* into, size_t size)
{
	uint8_t* at = into;
	while (size > 0) {
		const ssize_t count = getrandom(at, size, 0);
		if (count <= 0)
			return 1;
		at += count;
		size -= (size_t)count;
	}
	return 0;
}

int boardEventfd(void)
{
	return eventfd(0, 0);
}

typedef struct {
	void* machine;
	BoardDeliver deliver;
	void* context;
} Post;

static gboolean run(void* data)
{
	Post* post = data;
	post->deliver(post->machine, post->context, NULL, 0);
	return G_SOURCE_REMOVE;
}

int boardPost(void* machine, BoardDeliver deliver, void* context)
{
	Post* post = g_new(Post, 1);
	*post = (Post){.machine = machine, .deliver = deliver, .context = context};
	g_idle_add_full(G_PRIORITY_DEFAULT, run, post, g_free);
	return 0;
}
