// The engine's own figures, which its public headers do not give.
#include "xsAll.h"

#include "memory.h"

double engineMemory(void* machine, int figure)
{
	const txMachine* the = machine;
	switch (figure) {
	case 0: return (double)sizeof(txSlot);
	case 1: return (double)the->currentHeapCount;
	case 2: return (double)the->peakHeapCount;
	case 3: return (double)the->currentChunksSize;
	case 4: return (double)the->peakChunksSize;
	default: return 0;
	}
}
