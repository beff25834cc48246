// What the common part (platforms/sdk) asks of a board's own C file. Beside it the common part uses only the sockets, poll
// and pthreads of POSIX, which Linux, ESP-IDF and Zephyr share; the board's "board-posix.h" says where they are.
#ifndef SDK_BOARD_H
#define SDK_BOARD_H

#include <stddef.h>
#include <stdint.h>

/** Milliseconds since the start; never goes back. */
double boardNow(void);
/** Seconds since 1970; NaN while the clock has not been set. */
double boardTime(void);
void boardSetTime(double seconds);
/** From the hardware's generator, or the system's. @return 0, or something else where it failed */
int boardRandom(void* into, size_t size);
/** One line, its end not included. */
void boardLog(const char* line);
void boardRestart(void) __attribute__((noreturn));
/** Why the board started: "power", "software", "watchdog", "brownout", "pin", "exception", "unknown". */
const char* boardResetReason(void);

/** An eventfd that poll() can wait for. @return it, or -1. Called once. */
int boardEventfd(void);

typedef void (*BoardDeliver)(void* machine, void* context, uint8_t* message, uint16_t length);
/** Calls `deliver` from the machine's loop; from any thread. @return 0, or something else where it will not be called */
int boardPost(void* machine, BoardDeliver deliver, void* context);

#endif
