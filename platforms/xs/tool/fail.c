// How the build's own programs end early, and memory that is there.

#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fail(const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fprintf(stderr, "%s: ", programName);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(1);
}

void* allocate(size_t count)
{
	void* result = calloc(1, count ? count : 1);
	if (!result)
		fail("out of memory");
	return result;
}
