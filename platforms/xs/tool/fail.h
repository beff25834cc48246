// What the build's own programs, xsbc and xsrom, share.

#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

// The program's.
extern const char programName[];

// One line on standard error, exit status 1.
_Noreturn void fail(const char* format, ...) __attribute__((format(printf, 1, 2)));
// Zeroed; never NULL.
void* allocate(size_t count);

#endif
