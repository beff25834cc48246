// Arguments and results of the native byte helpers. A part of bytes.c.

#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "xsmc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decimal.h"

// Of the engine (xsAll.h), not in its public header. fxFromBigInt64(), which is in the SDK's, makes no -2^63 in XS 13.
void fxBigInt(xsMachine* the, xsSlot* slot, uint8_t sign, uint16_t size, uint32_t* words);

// A position of a writer may lie beyond its buffer: so far, that a sum cannot overflow.
enum { MOST_POSITION = 0x3fffffff };

// ---- arguments

// The first argument; the others lie before it in memory: `first - 1`, … This is xsArg() with one check for all.
static inline xsSlot* argumentsOf(xsMachine* the, int count)
{
	if (xsmcArgc < count)
		xsTypeError("%d arguments are needed", count);
	return &xsArg(0);
}

static double numberOf(xsMachine* the, xsSlot* argument)
{
	xsType type = fxTypeOf(the, argument);
	if (type != xsIntegerType && type != xsNumberType)
		xsTypeError("not a number");
	return fxToNumber(the, argument);
}

static int32_t integerOf(xsMachine* the, xsSlot* argument, int32_t least, int32_t most)
{
	int32_t value = least - 1;
	if (fxTypeOf(the, argument) == xsIntegerType)
		value = fxToInteger(the, argument);
	else {
		// a whole number may be the result of a division
		double number = numberOf(the, argument);
		if (number >= least && number <= most && number == (double)(int32_t)number)
			value = (int32_t)number;
	}
	if (value < least || value > most)
		xsRangeError("not a whole number from %d to %d", (int)least, (int)most);
	return value;
}

static const uint8_t* textOf(xsMachine* the, xsSlot* argument, size_t* size)
{
	if (fxTypeOf(the, argument) != xsStringType)
		xsTypeError("not a string");
	const char* text = fxToString(the, argument);
	*size = strlen(text);
	return (const uint8_t*)text;
}

// The bytes that `buffer, at` name, `count` of them; NULL where the buffer ends before.
static uint8_t* bytesAt(xsMachine* the, xsSlot* argument, int32_t count, bool isWritten)
{
	void* data;
	xsUnsignedValue length;
	uint32_t at = (uint32_t)integerOf(the, argument - 1, 0, MOST_POSITION);
	_xsmcGetBuffer(the, argument, &data, &length, isWritten);
	return at + (uint32_t)count <= length ? (uint8_t*)data + at : NULL;
}

static const uint8_t* readableAt(xsMachine* the, xsSlot* argument, int32_t count)
{
	const uint8_t* from = bytesAt(the, argument, count, false);
	if (!from)
		xsRangeError("%d bytes are not in the buffer", (int)count);
	return from;
}

// The bytes that `buffer, start, end` name.
static const uint8_t* rangeOf(xsMachine* the, xsSlot* argument, size_t* count)
{
	void* data;
	xsUnsignedValue length;
	int32_t start = integerOf(the, argument - 1, 0, INT32_MAX);
	int32_t end = integerOf(the, argument - 2, start, INT32_MAX);
	_xsmcGetBuffer(the, argument, &data, &length, false);
	if ((uint32_t)end > length)
		xsRangeError("%d to %d is not in a buffer of %u bytes", (int)start, (int)end, (unsigned)length);
	*count = (size_t)(end - start);
	return (const uint8_t*)data + start;
}

// ---- results

// Where `count` bytes go that are written to `into, at`; NULL where there is no room. The result is the position after.
static uint8_t* roomFor(xsMachine* the, xsSlot* argument, size_t count)
{
	if (count > MOST_POSITION)
		xsRangeError("%u bytes are too many", (unsigned)count);
	uint8_t* into = bytesAt(the, argument, (int32_t)count, true);
	// a whole number: bytesAt() has checked it
	xsmcSetInteger(xsResult, fxToInteger(the, argument - 1) + (int32_t)count);
	return into;
}

static void setInteger(xsMachine* the, bool isNegative, uint64_t size)
{
	if (size <= INT32_MAX)
		xsmcSetInteger(xsResult, isNegative ? -(int32_t)size : (int32_t)size);
	else if (size <= mostSafeInteger)
		xsmcSetNumber(xsResult, isNegative ? -(double)size : (double)size);
	else {
		uint32_t words[2] = { (uint32_t)size, (uint32_t)(size >> 32) };
		fxBigInt(the, &xsResult, isNegative, 2, words);
	}
}

static void writeBytes(xsMachine* the, xsSlot* argument, const void* from, size_t count)
{
	uint8_t* into = roomFor(the, argument, count);
	if (into)
		memcpy(into, from, count);
}

#endif
