// The functions of bytes.js for numbers. A part of bytes.c.

#ifndef NUMBERS_H
#define NUMBERS_H

#include <math.h>

#include "arguments.h"
#include "decimal.h"

// In the SDK's xs.h, and of the engine (xsAll.h) in XS 13: the low 64 bits of a bigint.
int64_t fxToBigInt64(xsMachine* the, xsSlot* slot);

// ---- decimal

// Also writeInteger: an integer's text is a number's.
void xs_bytes_writeNumber(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	char text[DECIMAL_BYTES];
	char* end = text + sizeof text;
	char* start;
	xsType type = fxTypeOf(the, first - 2);
	if (type == xsIntegerType) {
		int32_t value = fxToInteger(the, first - 2);
		start = digitsBefore(end, value < 0 ? 0u - (uint32_t)value : (uint32_t)value, 1);
		if (value < 0)
			*--start = '-';
	}
	else
		start = type == xsBigIntType ? NULL : numberBefore(end, numberOf(the, first - 2));
	if (start)
		writeBytes(the, first, start, (size_t)(end - start));
	else {
		start = fxToString(the, first - 2);
		writeBytes(the, first, start, strlen(start));
	}
}

void xs_bytes_readInteger(xsMachine* the)
{
	size_t count;
	const uint8_t* from = rangeOf(the, argumentsOf(the, 3), &count);
	bool isNegative;
	uint64_t size;
	if (parseInteger(from, from + count, &isNegative, &size))
		setInteger(the, isNegative, size);
}

void xs_bytes_readNumber(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	size_t count;
	const uint8_t* from = rangeOf(the, first, &count);
	double value = NAN;
	switch (parseNumber(from, from + count, &value)) {
	case EXACT:
		break;
	case NEEDS_ENGINE:
		xsmcSetStringBuffer(xsResult, NULL, (xsIntegerValue)count);
		// the text's memory may have moved the buffer's
		from = rangeOf(the, first, &count);
		memcpy(xsmcToString(xsResult), from, count);
		value = xsmcToNumber(xsResult);
		break;
	case NOT_A_DECIMAL:
		break;
	}
	xsmcSetNumber(xsResult, value);
}

// ---- big-endian integers

// The low 64 bits of a whole number, two's complement.
static uint64_t bitsOf(xsMachine* the, xsSlot* argument)
{
	xsType type = fxTypeOf(the, argument);
	if (type == xsIntegerType)
		return (uint64_t)(int64_t)fxToInteger(the, argument);
	if (type == xsBigIntType)
		return (uint64_t)fxToBigInt64(the, argument);
	double value = numberOf(the, argument);
	if (!isfinite(value) || value != trunc(value))
		xsRangeError("not a whole number");
	uint64_t size = (uint64_t)fmod(fabs(value), 18446744073709551616.0);
	return value < 0 ? 0 - size : size;
}

static void bigStore(uint8_t* into, uint64_t bits, int size)
{
	while (--size >= 0) {
		into[size] = (uint8_t)bits;
		bits >>= 8;
	}
}

static uint64_t bigLoad(const uint8_t* from, int size)
{
	uint64_t bits = 0;
	for (int i = 0; i < size; i++)
		bits = bits << 8 | from[i];
	return bits;
}

void xs_bytes_writeBig(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 4);
	int32_t size = integerOf(the, first - 3, 1, 8);
	uint64_t bits = bitsOf(the, first - 2);
	uint8_t* into = roomFor(the, first, (size_t)size);
	if (into)
		bigStore(into, bits, size);
}

void xs_bytes_readUnsigned(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	int32_t size = integerOf(the, first - 2, 0, 8);
	setInteger(the, false, bigLoad(readableAt(the, first, size), size));
}

void xs_bytes_readSigned(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	int32_t size = integerOf(the, first - 2, 1, 8);
	uint64_t bits = bigLoad(readableAt(the, first, size), size);
	uint64_t sign = (uint64_t)1 << (8 * size - 1);
	bool isNegative = (bits & sign) != 0;
	// of a negative number the bits above are ones
	setInteger(the, isNegative, isNegative ? (sign - 1 - (bits & (sign - 1))) + 1 : bits);
}

// ---- floats

static uint32_t singleBits(double value)
{
	float single = (float)value;
	uint32_t bits;
	memcpy(&bits, &single, sizeof bits);
	return bits;
}

// The half float that a float32, not NaN, is exactly; -1 where none is.
static int32_t halfBits(uint32_t single)
{
	uint32_t sign = single >> 16 & 0x8000, significand = (single & 0x7fffff) | 0x800000;
	int32_t exponent = (int32_t)(single >> 23 & 0xff) - 127;
	if ((single & 0x7fffffff) == 0)
		return (int32_t)sign;
	if (exponent == 128)
		return (int32_t)(sign | 0x7c00);
	if (exponent > 15 || exponent < -24)
		return -1;
	// a half has 10 bits below the leading one, fewer where it is subnormal
	int lost = exponent < -14 ? -1 - exponent : 13;
	if (significand & ((1u << lost) - 1))
		return -1;
	if (exponent < -14)
		return (int32_t)(sign | significand >> lost);
	return (int32_t)(sign | (uint32_t)(exponent + 15) << 10 | (significand & 0x7fffff) >> lost);
}

static int sizeOfFloat(double value)
{
	if (isnan(value))
		return 2;
	if ((double)(float)value != value)
		return 8;
	return halfBits(singleBits(value)) >= 0 ? 2 : 4;
}

void xs_bytes_floatSize(xsMachine* the)
{
	xsmcSetInteger(xsResult, sizeOfFloat(numberOf(the, argumentsOf(the, 1))));
}

static int32_t floatSizeOf(xsMachine* the, xsSlot* argument)
{
	int32_t size = integerOf(the, argument, 2, 8);
	if (size != 2 && size != 4 && size != 8)
		xsRangeError("a float has 2, 4 or 8 bytes");
	return size;
}

void xs_bytes_writeFloat(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 4);
	int32_t size = floatSizeOf(the, first - 3);
	double value = numberOf(the, first - 2);
	uint64_t bits;
	if (isnan(value))
		bits = size == 2 ? 0x7e00 : size == 4 ? 0x7fc00000 : 0x7ff8000000000000u;
	else if (size == 8)
		memcpy(&bits, &value, sizeof bits);
	else if (size == 4)
		bits = singleBits(value);
	else if (sizeOfFloat(value) == 2)
		bits = (uint64_t)halfBits(singleBits(value));
	else
		xsRangeError("not a half float");
	uint8_t* into = roomFor(the, first, (size_t)size);
	if (into)
		bigStore(into, bits, size);
}

static double halfValue(uint32_t half)
{
	int exponent = (int)(half >> 10 & 0x1f);
	double fraction = half & 0x3ff;
	double size;
	if (exponent == 31)
		size = fraction != 0 ? NAN : INFINITY;
	else
		size = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
	return half & 0x8000 ? -size : size;
}

void xs_bytes_readFloat(xsMachine* the)
{
	xsSlot* first = argumentsOf(the, 3);
	int32_t size = floatSizeOf(the, first - 2);
	uint64_t bits = bigLoad(readableAt(the, first, size), size);
	double value;
	if (size == 8)
		memcpy(&value, &bits, sizeof value);
	else if (size == 4) {
		uint32_t low = (uint32_t)bits;
		float single;
		memcpy(&single, &low, sizeof single);
		value = single;
	}
	else
		value = halfValue((uint32_t)bits);
	xsmcSetNumber(xsResult, value);
}

#endif
