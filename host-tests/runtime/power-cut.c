// For tests: a library that is loaded before the C library and kills the process at its Nth step on the storage.
// POWER_CUT_AT says which; a write is cut in half.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// The descriptor of the file that is being written.
static int stored = -1;

static int isLast(void)
{
	static int steps;
	const char* at = getenv("POWER_CUT_AT");
	return at && ++steps == atoi(at);
}

static void cut(void)
{
	kill(getpid(), SIGKILL);
	pause();
}

int openat(int directory, const char* name, int flags, ...)
{
	static int (*next)(int, const char*, int, ...);
	va_list arguments;
	va_start(arguments, flags);
	int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
	va_end(arguments);
	if (!next)
		next = (int (*)(int, const char*, int, ...))dlsym(RTLD_NEXT, "openat");
	if (!(flags & O_CREAT))
		return next(directory, name, flags);
	if (isLast())
		cut();
	return stored = next(directory, name, flags, mode);
}

ssize_t write(int descriptor, const void* from, size_t count)
{
	static ssize_t (*next)(int, const void*, size_t);
	if (!next)
		next = (ssize_t (*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write");
	if (descriptor == stored && isLast()) {
		next(descriptor, from, count / 2);
		cut();
	}
	return next(descriptor, from, count);
}

int fsync(int descriptor)
{
	static int (*next)(int);
	if (!next)
		next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	if (isLast())
		cut();
	return next(descriptor);
}

int renameat(int from, const char* name, int to, const char* newName)
{
	static int (*next)(int, const char*, int, const char*);
	if (!next)
		next = (int (*)(int, const char*, int, const char*))dlsym(RTLD_NEXT, "renameat");
	if (isLast())
		cut();
	stored = -1;
	return next(from, name, to, newName);
}
