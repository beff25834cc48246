// One thread that waits until sockets become readable, or writable, and tells the machine's loop: no polling, no thread a socket.
#ifndef SDK_WATCH_H
#define SDK_WATCH_H

/** Servers, a bootstrap server, and the downloads of firmware. */
#define WATCHED_SOCKETS 8

typedef void (*WatchReadable)(void* machine, void* context);

/** Takes a socket into the list, not armed. @return its index, -1 where the list is full or the thread cannot be had */
int watchBegin(void* machine, int fd, WatchReadable onReadable, void* context);
void watchSetContext(int index, void* context);
/** The next datagram is told, once. */
void watchArm(int index);
/** The next bytes, or room for some of ours, whichever comes first, once. */
void watchArmWritable(int index);
/** Nothing is told any more. */
void watchEnd(int index);

#endif
