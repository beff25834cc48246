// What newlib asks of the system: a heap between the static data and the end of RAM, and nothing else.

#include "board.h"

#include <errno.h>
#include <sys/stat.h>

#include "port.h"

static char* heapNow;

void* _sbrk(ptrdiff_t count);
int _write(int file, const char* from, int count);
int _read(int file, char* into, int count);
int _close(int file);
int _lseek(int file, int offset, int whence);
int _fstat(int file, struct stat* status);
int _isatty(int file);
int _kill(int process, int signal);
int _getpid(void);
_Noreturn void _exit(int status);
int _gettimeofday(void* value, void* zone);

void* _sbrk(ptrdiff_t count)
{
	if (!heapNow)
		heapNow = heapStart;
	if (count > heapEnd - heapNow) {
		errno = ENOMEM;
		return (void*)-1;
	}
	char* result = heapNow;
	heapNow += count;
	return result;
}

size_t heapPeak(void)
{
	return heapNow ? (size_t)(heapNow - heapStart) : 0;
}

int _write(int file, const char* from, int count)
{
	(void)file;
	uartLog(from, (size_t)count);
	return count;
}

int _read(int file, char* into, int count)
{
	(void)file, (void)into, (void)count;
	return 0;
}

int _close(int file)
{
	(void)file;
	return -1;
}

int _lseek(int file, int offset, int whence)
{
	(void)file, (void)offset, (void)whence;
	return 0;
}

int _fstat(int file, struct stat* status)
{
	(void)file;
	status->st_mode = S_IFCHR;
	return 0;
}

int _isatty(int file)
{
	(void)file;
	return 1;
}

int _kill(int process, int signal)
{
	(void)process, (void)signal;
	errno = EINVAL;
	return -1;
}

int _getpid(void)
{
	return 1;
}

void _exit(int status)
{
	portExit(status);
}

// The engine takes the time from clockGetTimeOfDay().
int _gettimeofday(void* value, void* zone)
{
	(void)value, (void)zone;
	errno = ENOSYS;
	return -1;
}
