// memset, memcpy and memmove a word at a time: those of the small C library go byte by byte, and the engine clears and
// moves slots of 16 bytes all the time. The compiler must not take these loops for calls of what they are.

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NOT_A_CALL __attribute__((optimize("no-tree-loop-distribute-patterns", "O2")))

enum { WORD = sizeof(uint32_t) };

// At any address: the processor reads and writes single words so.
typedef uint32_t __attribute__((may_alias, aligned(1))) Word;
typedef uint32_t __attribute__((may_alias)) Aligned;

static inline int isAligned(const void* at)
{
	return ((uintptr_t)at & (WORD - 1)) == 0;
}

NOT_A_CALL void* memset(void* into, int value, size_t count)
{
	uint8_t* to = into;
	while (count > 0 && !isAligned(to))
		*to++ = (uint8_t)value, count--;
	Aligned word = (uint8_t)value * 0x01010101u;
	for (; count >= 4 * WORD; count -= 4 * WORD, to += 4 * WORD)
		for (int i = 0; i < 4; i++)
			((Aligned*)to)[i] = word;
	while (count > 0)
		*to++ = (uint8_t)value, count--;
	return into;
}

// Also where the two overlap and `to` is the lower one.
static inline __attribute__((always_inline)) void forward(uint8_t* to, const uint8_t* from, size_t count)
{
	if (isAligned(to) && isAligned(from))
		for (; count >= WORD; count -= WORD, to += WORD, from += WORD)
			*(Aligned*)to = *(const Aligned*)from;
	for (; count >= WORD; count -= WORD, to += WORD, from += WORD)
		*(Word*)to = *(const Word*)from;
	while (count-- > 0)
		*to++ = *from++;
}

NOT_A_CALL void* memcpy(void* restrict into, const void* restrict from, size_t count)
{
	forward(into, from, count);
	return into;
}

NOT_A_CALL void* memmove(void* into, const void* from, size_t count)
{
	uint8_t* to = into;
	const uint8_t* bytes = from;
	if (to <= bytes || to >= bytes + count) {
		forward(to, bytes, count);
		return into;
	}
	for (; count >= WORD; count -= WORD)
		*(Word*)(to + count - WORD) = *(const Word*)(bytes + count - WORD);
	while (count-- > 0)
		to[count] = bytes[count];
	return into;
}
