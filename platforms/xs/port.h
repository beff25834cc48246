// The seam in C: what a port (platforms/host, platforms/qemu) gives to the modules of platforms/xs.
//
// Rules for every port: a callback comes only from inside portWait(); none comes after the matching close; an opened
// object stays valid until it is closed, also inside its own callbacks. Functions that can fail return NULL or false
// and set *message to a constant text or to one that lives until the next call.

#ifndef PORT_H
#define PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Numeric IPv4 or IPv6 address with an optional scope, `fe80::1%eth0`.
enum { PORT_ADDRESS_BYTES = 64 };

typedef struct {
	char address[PORT_ADDRESS_BYTES];
	uint16_t port;
} PortPeer;

// ---- process

// Milliseconds since some fixed moment; never goes back.
double portNow(void);
// Seconds since 1970; NaN where the port has no such clock.
double portTime(void);
void portRandom(void* into, size_t count);
// One line without its end.
void portLog(const char* line);
// True where the log goes to a terminal, and so perhaps to the one that the shell is on.
bool portIsLogOnTerminal(void);
_Noreturn void portRestart(void);
_Noreturn void portExit(int status);
int portArgumentCount(void);
const char* portArgument(int index);
// A whole file in memory that the caller frees; NULL where the port has no files or cannot read this one.
void* portReadFile(const char* path, size_t* count, const char** message);
// Calls back when the operator asks the program to end. NULL: end it at once.
void portOnTerminate(void (*onTerminate)(void* owner), void* owner);

// Sleeps until `untilMs` of portNow() (INFINITY: for ever) or until something was called back, whichever is first.
void portWait(double untilMs);

// ---- names

// Calls back once with a numeric address, or with NULL and a message. `name` is copied.
void portResolve(const char* name, void (*onResult)(void* owner, const char* address, const char* message), void* owner);

// ---- UDP

typedef struct PortUdp PortUdp;

typedef struct {
	// Called while datagrams wait, as long as each call reads one.
	void (*onReadable)(void* owner);
	void (*onError)(void* owner, const char* message);
} PortUdpEvents;

// `local` has an empty address for any and port 0 for any free one. With `remote` only that peer is heard.
PortUdp* portUdpOpen(const PortPeer* local, const PortPeer* remote, const PortUdpEvents* events, void* owner, const char** message);
uint16_t portUdpLocalPort(PortUdp* udp);
// Length of the datagram that waits; -1 where none does.
int portUdpPeek(PortUdp* udp);
// Takes a datagram. Its length (which may exceed `size`: the rest is lost), or -1 where none waits. `from` may be NULL.
int portUdpRead(PortUdp* udp, void* into, size_t size, PortPeer* from);
// `to` is NULL for the remote peer. False only where it can never work (bad address, too long); a full queue drops.
bool portUdpWrite(PortUdp* udp, const void* from, size_t count, const PortPeer* to, const char** message);
void portUdpClose(PortUdp* udp);

// ---- TCP and serial: byte streams

typedef struct PortStream PortStream;

typedef struct {
	void (*onReadable)(void* owner, size_t count);
	void (*onWritable)(void* owner, size_t count);
	// The other side ended (NULL) or the stream broke. Nothing further is called.
	void (*onClose)(void* owner, const char* message);
} PortStreamEvents;

PortStream* portTcpOpen(const PortPeer* remote, const PortStreamEvents* events, void* owner, const char** message);
// `device`: what the port offers, on the host `stdio`, `pty` and `tcp` (listens on 127.0.0.1:`number`).
PortStream* portSerialOpen(const char* device, uint32_t number, const PortStreamEvents* events, void* owner, const char** message);
size_t portStreamReadable(PortStream* stream);
size_t portStreamWritable(PortStream* stream);
size_t portStreamRead(PortStream* stream, void* into, size_t size);
size_t portStreamWrite(PortStream* stream, const void* from, size_t count);
bool portStreamIsTerminal(PortStream* stream);
// Where a terminal program finds it: `/dev/pts/3`, `127.0.0.1:2323`; empty for stdio.
const char* portStreamName(PortStream* stream);
void portStreamClose(PortStream* stream);

// ---- key-value storage

typedef struct PortStore PortStore;

enum { PORT_STORE_VALUE_BYTES = 4000 };

PortStore* portStoreOpen(const char* path, const char** message);
// The value in memory that the caller frees; NULL and *message NULL where there is none.
void* portStoreRead(PortStore* store, const char* key, size_t* count, const char** message);
bool portStoreWrite(PortStore* store, const char* key, const void* value, size_t count, const char** message);
bool portStoreDelete(PortStore* store, const char* key, const char** message);
// Calls `onKey` for each entry, in no certain order. It must not change the store.
bool portStoreKeys(PortStore* store, void (*onKey)(void* owner, const char* key), void* owner, const char** message);
void portStoreClose(PortStore* store);

// ---- firmware: the slot that downloads go to, and the trial of the image that runs (boot-record.h)

// To be called before the functions below it. False where the port has nowhere to put an image.
bool portFirmwareOpen(const char** message);
uint32_t portFirmwareCapacity(void);
// Forgets what the slot holds. Refused on trial: the slot then has the image that would come back.
bool portFirmwareErase(const char** message);
// In order: `offset` is at most what has been written.
bool portFirmwareWrite(uint32_t offset, const void* from, size_t count, const char** message);
// How many bytes there were.
size_t portFirmwareRead(uint32_t offset, void* into, size_t size);
// What the slot holds, `bytes` long, starts on trial at the next restart.
bool portFirmwareInstall(uint32_t bytes, const char** message);
bool portFirmwareConfirm(const char** message);
// These two at any time, without opening anything.
bool portFirmwareIsTrial(void);
bool portFirmwareIsReverted(void);

#endif
