// The simulated device: the program image of the firmware slot in use, or the one that is linked into this executable, on
// the Linux port.

#include <stddef.h>
#include <stdint.h>

#include "firmware.h"
#include "process.h"
#include "runtime.h"

// Placed by the build (image.S).
extern const uint8_t programImage[];
extern const uint8_t programImageEnd[];

int main(int count, char** values)
{
	processStart(count, values);
	size_t size;
	const uint8_t* image = firmwareChoose(programImage, (size_t)(programImageEnd - programImage), &size);
	runtimeRun(image, size);
}
