// What the XS engine needs to know about its surroundings. Every engine file and every file of ours that includes
// xs.h or xsAll.h gets it through -DINCLUDE_XSPLATFORM -DXSPLATFORM="engine.h".

#ifndef ENGINE_H
#define ENGINE_H

#undef mxLittleEndian
#define mxLittleEndian 1
#ifdef __linux__
	#undef mxLinux
	#define mxLinux 1
#endif
#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/time.h>
#ifdef __linux__
	#include <arpa/inet.h>
	#include <pthread.h>
	#include <unistd.h>
#else
	static inline uint32_t htonl(uint32_t value) { return __builtin_bswap32(value); }
	static inline uint32_t ntohl(uint32_t value) { return __builtin_bswap32(value); }
	static inline uint16_t htons(uint16_t value) { return __builtin_bswap16(value); }
	static inline uint16_t ntohs(uint16_t value) { return __builtin_bswap16(value); }
	// The engine's default checks nothing there: the port supplies fxCStackLimit().
	#define mxUseDefaultCStackLimit 0
	// The library's pow() and log() are 4 kB: a program that has no use for them does without (defaults.c).
	double enginePower(double base, double exponent);
	double engineLogarithm(double value);
	#define c_log(VALUE) (__builtin_constant_p(VALUE) ? log(VALUE) : engineLogarithm(VALUE))
	#define c_pow(BASE, EXPONENT) (__builtin_constant_p(BASE) ? pow(BASE, EXPONENT) : enginePower(BASE, EXPONENT))
#endif

// To the compiler setjmp() is a function that returns twice, so that it keeps every variable of the function around it in
// memory. The interpreter (run.c) reads all that it goes on with from the jump's buffer, and what else lives on there
// never changes: for it setjmp() is a call like others, and its variables stay in registers.
#ifdef SETJMP_AS_A_CALL
	int setJump(jmp_buf buffer) __asm__("setjmp");
	#define c_setjmp setJump
#endif

// Date follows the device's clock (clock.c), which a server may set and a test may speed up.
extern int clockGetTimeOfDay(struct timeval* value, void* zone);
typedef struct timeval c_timeval;
#define c_timezone timezone
#define c_gettimeofday clockGetTimeOfDay

// The engine prints nothing by itself: standard output is the shell's.
#define mxNoConsole 1

#define mxMachinePlatform \
	uint8_t hasPromiseJobs;

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultSharedChunks 1
#ifdef mxDebug
	#define mxUseDefaultDebug 1
#endif

#endif
