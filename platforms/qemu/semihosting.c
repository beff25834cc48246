// Calls to the debugger (Arm semihosting 2.0): command line, wall clock, files, end of the emulation. No product has
// these; what leans on them says so.

#include "board.h"

#include <string.h>

enum { OPEN = 0x01, CLOSE = 0x02, READ = 0x06, OPEN_BINARY = 1 };

int semihostingCall(int operation, const void* parameters)
{
	register int r0 __asm("r0") = operation;
	register const void* r1 __asm("r1") = parameters;
	__asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
	return r0;
}

int semihostingOpen(const char* path)
{
	const uintptr_t parameters[] = { (uintptr_t)path, OPEN_BINARY, strlen(path) };
	return semihostingCall(OPEN, parameters);
}

size_t semihostingRead(int file, void* into, size_t count)
{
	const uintptr_t parameters[] = { (uintptr_t)file, (uintptr_t)into, count };
	// the answer is what was not read
	int left = semihostingCall(READ, parameters);
	return left < 0 || (size_t)left > count ? 0 : count - (size_t)left;
}

void semihostingClose(int file)
{
	const uintptr_t parameters[] = { (uintptr_t)file };
	semihostingCall(CLOSE, parameters);
}
