// The event loop that platforms/host/channel.c and uart.c want (../host/loop.h), on GLib's, which the SDK's timers and sockets
// are on. Its conditions are those of poll(), and so are epoll's.
#include "../host/loop.h"

#include <glib.h>
#include <sys/stat.h>

struct Watch {
	GSource source;
	gpointer tag;
	void (*onReady)(void* owner, uint32_t events);
	void* owner;
};

typedef struct {
	void (*run)(void* owner);
	void* owner;
	guint id;
} Deferred;

static GSList* deferred;

static gboolean dispatch(GSource* source, GSourceFunc unused, gpointer context)
{
	Watch* watch = (Watch*)source;
	(void)unused;
	(void)context;
	watch->onReady(watch->owner, g_source_query_unix_fd(source, watch->tag));
	return G_SOURCE_CONTINUE;
}

Watch* watchOpen(int descriptor, uint32_t events, void (*onReady)(void* owner, uint32_t events), void* owner)
{
	static GSourceFuncs functions = {.dispatch = dispatch};
	struct stat status;
	// as epoll has it
	if (fstat(descriptor, &status) != 0 || S_ISREG(status.st_mode))
		return NULL;
	GSource* source = g_source_new(&functions, sizeof(Watch));
	Watch* watch = (Watch*)source;
	watch->onReady = onReady;
	watch->owner = owner;
	watch->tag = g_source_add_unix_fd(source, descriptor, (GIOCondition)events);
	g_source_attach(source, NULL);
	return watch;
}

void watchChange(Watch* watch, uint32_t events)
{
	g_source_modify_unix_fd(&watch->source, watch->tag, (GIOCondition)events);
}

void watchClose(Watch* watch)
{
	if (!watch || g_source_is_destroyed(&watch->source))
		return;
	// inside its own callback the loop holds it as well
	g_source_destroy(&watch->source);
	g_source_unref(&watch->source);
}

static gboolean runDeferred(void* data)
{
	Deferred* one = data;
	deferred = g_slist_remove(deferred, one);
	one->run(one->owner);
	return G_SOURCE_REMOVE;
}

void loopDefer(void (*run)(void* owner), void* owner)
{
	Deferred* one = g_new(Deferred, 1);
	*one = (Deferred){.run = run, .owner = owner};
	deferred = g_slist_prepend(deferred, one);
	one->id = g_idle_add_full(G_PRIORITY_DEFAULT, runDeferred, one, g_free);
}

void loopCancel(void* owner)
{
	for (GSList* at = deferred; at;) {
		Deferred* one = at->data;
		at = at->next;
		if (one->owner != owner)
			continue;
		deferred = g_slist_remove(deferred, one);
		g_source_remove(one->id);
	}
}

static gboolean release(void* memory)
{
	g_free(memory);
	return G_SOURCE_REMOVE;
}

void loopFree(void* memory)
{
	g_idle_add(release, memory);
}
