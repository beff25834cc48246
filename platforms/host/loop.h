// The host's event loop: descriptors on one epoll instance, and calls that are put off to the next turn.

#ifndef LOOP_H
#define LOOP_H

#include <stdint.h>

typedef struct Watch Watch;

// Watches a descriptor; `events` are EPOLLIN | EPOLLOUT. Callbacks come only from inside portWait(). NULL where the
// descriptor cannot be watched (a regular file) or memory is short.
Watch* watchOpen(int descriptor, uint32_t events, void (*onReady)(void* owner, uint32_t events), void* owner);
void watchChange(Watch* watch, uint32_t events);
// The descriptor stays open. Safe inside callbacks; no callback comes after it.
void watchClose(Watch* watch);

// Calls `run` once, from inside portWait().
void loopDefer(void (*run)(void* owner), void* owner);
// Drops what was put off for an owner.
void loopCancel(void* owner);

// Frees memory at the end of a turn: events of this one may still name it.
void loopFree(void* memory);

#endif
