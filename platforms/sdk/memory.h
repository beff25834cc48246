// The engine's own figures.
#ifndef SDK_MEMORY_H
#define SDK_MEMORY_H

/** @param figure 0 bytes a slot, 1 slots, 2 their peak, 3 bytes of chunks, 4 their peak */
double engineMemory(void* machine, int figure);

#endif
