// The simulated device: the program image that is linked into this executable, on the Linux port.

#include <stddef.h>
#include <stdint.h>

#include "process.h"
#include "runtime.h"

// Placed by the build (image.S).
extern const uint8_t programImage[];
extern const uint8_t programImageEnd[];

int main(int count, char** values)
{
	processStart(count, values);
	runtimeRun(programImage, (size_t)(programImageEnd - programImage));
}
