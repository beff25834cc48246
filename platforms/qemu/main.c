// The emulated device: the program image that is linked into the firmware, on the Cortex-M4F port.

#include "board.h"

#include "network.h"
#include "runtime.h"

// Placed by the build.
extern const uint8_t programImage[];
extern const uint8_t programImageEnd[];

// The engine leaves that much for a host function that it calls.
enum { STACK_RESERVE_BYTES = 1536 };

char* fxCStackLimit(void);

char* fxCStackLimit(void)
{
	return stackLimit + STACK_RESERVE_BYTES;
}

int main(void)
{
	processStart();
	networkStart();
	runtimeRun(programImage, (size_t)(programImageEnd - programImage));
}
