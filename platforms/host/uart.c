// What takes the place of a UART on a computer: the terminal, a pseudo terminal, a TCP connection (../xs/port.h).

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "process.h"
#include "channel.h"

static struct termios terminalFound;

static void restoreTerminal(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &terminalFound);
}

// Every key reaches the program as it is typed, and the program echoes it. Ctrl-C still interrupts.
static void takeTerminal(void)
{
	if (tcgetattr(STDIN_FILENO, &terminalFound) < 0)
		return;
	struct termios raw = terminalFound;
	raw.c_lflag &= (tcflag_t)~(ICANON | ECHO);
	// the shell ends its lines as on a UART
	raw.c_oflag &= (tcflag_t)~OPOST;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	processOnRestore(restoreTerminal);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

// A description of our own of the same pipe or terminal: not blocking, without making it so for whoever shares it with
// us. A file keeps the shared one, because its position belongs to that; a socket is told with each call.
static int reopen(int descriptor, int flags)
{
	char path[32];
	struct stat status;
	if (fstat(descriptor, &status) < 0 || !(S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode)))
		return descriptor;
	snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
	int own = open(path, flags | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	return own >= 0 ? own : descriptor;
}

static void openStdio(PortStream* stream)
{
	stream->isTerminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
	if (stream->isTerminal)
		takeTerminal();
	channelAttach(stream, reopen(STDIN_FILENO, O_RDONLY), reopen(STDOUT_FILENO, O_WRONLY), false);
}

static bool openPty(PortStream* stream)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (master < 0)
		return false;
	struct termios raw;
	// our own hold on the other side: without one, reading fails while no terminal program is there
	int slave = -1;
	if (grantpt(master) == 0 && unlockpt(master) == 0 && ptsname_r(master, stream->name, sizeof stream->name) == 0)
		slave = open(stream->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || tcgetattr(slave, &raw) < 0) {
		close(master);
		return false;
	}
	cfmakeraw(&raw);
	tcsetattr(slave, TCSANOW, &raw);
	stream->isTerminal = true;
	channelAttach(stream, master, master, false);
	return true;
}

static void onConnection(void* owner, uint32_t events)
{
	(void)events;
	PortStream* stream = owner;
	int peer = accept4(stream->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (peer < 0)
		return;
	if (stream->in >= 0) {
		// one at a time, as a cable has one other end
		close(peer);
		return;
	}
	channelAttach(stream, peer, peer, false);
	stream->events->onWritable(stream->owner, CHANNEL_OUTPUT_BYTES);
}

static bool openTcp(PortStream* stream, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int one = 1;
	stream->hasManyPeers = true;
	stream->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (stream->listener < 0)
		return false;
	setsockopt(stream->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(stream->listener, (struct sockaddr*)&address, sizeof address) < 0 || listen(stream->listener, 1) < 0 || getsockname(stream->listener, (struct sockaddr*)&address, &size) < 0)
		return false;
	snprintf(stream->name, sizeof stream->name, "127.0.0.1:%u", ntohs(address.sin_port));
	stream->watchListener = watchOpen(stream->listener, EPOLLIN, onConnection, stream);
	return stream->watchListener != NULL;
}

PortStream* portSerialOpen(const char* device, uint32_t number, const PortStreamEvents* events, void* owner, const char** message)
{
	PortStream* stream = channelNew(events, owner, message);
	if (!stream)
		return NULL;
	bool isOpen = true;
	if (strcmp(device, "stdio") == 0)
		openStdio(stream);
	else if (strcmp(device, "pty") == 0)
		isOpen = openPty(stream);
	else if (strcmp(device, "tcp") == 0)
		isOpen = openTcp(stream, (uint16_t)number);
	else {
		isOpen = false;
		errno = ENODEV;
	}
	if (!isOpen) {
		*message = strerror(errno);
		portStreamClose(stream);
		return NULL;
	}
	return stream;
}
