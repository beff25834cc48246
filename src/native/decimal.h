// Decimal numbers to text and back, for what the engine need not be asked: integers, and numbers with few digits, which
// float64 arithmetic (without x87's longer registers) converts exactly. A part of bytes.c.

#ifndef DECIMAL_H
#define DECIMAL_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	// A sign, 20 digits of an integer; or 16 digits, a point and 6 decimals.
	DECIMAL_BYTES = 24,
	MOST_DECIMALS = 6,
	// Powers of ten up to here are exact as a float64.
	MOST_EXACT_POWER = 22,
	// More than any float64 needs, and far from overflow.
	MOST_EXPONENT = 100000,
};

static const double mostSafe = 9007199254740991.0;
static const uint64_t mostSafeInteger = 9007199254740991u;
static const uint64_t mostDigits = 10000000000000000000u;
// Below 2^64, and so that rounding does not reach it.
static const double mostShortened = 1.8e19;
// Decimals of so many digits are further apart than float64s: each has one of its own.
static const double fifteenDigits = 1e15;

static char* digitsBefore(char* end, uint32_t value, int atLeast)
{
	for (; value > 0 || atLeast > 0; atLeast--) {
		*--end = (char)('0' + value % 10);
		value /= 10;
	}
	return end;
}

// Writes an integer before `end`; the result is where it begins.
static char* integerBefore(char* end, uint64_t value)
{
	// one 64-bit division for nine digits: a small processor has none
	while (value > UINT32_MAX) {
		uint64_t rest = value / 1000000000u;
		end = digitsBefore(end, (uint32_t)(value - rest * 1000000000u), 9);
		value = rest;
	}
	return digitsBefore(end, (uint32_t)value, 1);
}

// The shortest decimal that reads back as an integer of more than 53 bits: zeros for the digits that do not matter. The
// engine's would lie half way to the neighbour at times, because it reads halves rounded up.
static uint64_t shortest(double size)
{
	uint64_t exact = (uint64_t)size;
	for (uint32_t scale = 10000; scale > 1; scale /= 10) {
		uint64_t result = (exact + scale / 2) / scale * scale;
		if ((double)result == size)
			return result;
	}
	return exact;
}

// Writes the shortest decimal of a number before `end`, as JavaScript does; NULL where the number takes more work.
static char* numberBefore(char* end, double value)
{
	double size = fabs(value);
	double scale = 1;
	uint32_t divisor = 1;
	char* at = NULL;
	if (size <= mostShortened && size == (double)(uint64_t)size)
		at = integerBefore(end, size <= mostSafe ? (uint64_t)size : shortest(size));
	for (int decimals = 1; !at && decimals <= MOST_DECIMALS; decimals++) {
		scale *= 10;
		divisor *= 10;
		if (!(size * scale < fifteenDigits))
			return NULL;
		uint64_t digits = (uint64_t)(size * scale + 0.5);
		// the division rounds correctly, so that equal means: reads back as the same number
		if ((double)digits / scale == size) {
			uint64_t whole = digits / divisor;
			at = digitsBefore(end, (uint32_t)(digits - whole * divisor), decimals);
			*--at = '.';
			at = integerBefore(at, whole);
		}
	}
	if (at && value < 0)
		*--at = '-';
	return at;
}

static inline bool isDigit(uint8_t character) { return character >= '0' && character <= '9'; }

// Reads `-?[0-9]{1,20}`; false where it is malformed or takes more than 64 bits (63 and a sign).
static bool parseInteger(const uint8_t* at, const uint8_t* end, bool* isNegative, uint64_t* value)
{
	*isNegative = at < end && *at == '-';
	if (*isNegative)
		at++;
	if (at == end || end - at > 20)
		return false;
	uint64_t result = 0;
	for (; at < end; at++) {
		if (!isDigit(*at))
			return false;
		uint32_t digit = *at - '0';
		if (result >= UINT64_MAX / 10 && (result > UINT64_MAX / 10 || digit > UINT64_MAX % 10))
			return false;
		result = result * 10 + digit;
	}
	*value = result;
	return !*isNegative || result <= (uint64_t)INT64_MAX + 1;
}

typedef enum { NOT_A_DECIMAL, EXACT, NEEDS_ENGINE } Parsed;

// Reads `[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?`; *value is set where it is exact.
static Parsed parseNumber(const uint8_t* at, const uint8_t* end, double* value)
{
	bool isNegative = at < end && *at == '-', isExponentNegative = false;
	uint64_t digits = 0;
	int32_t exponent = 0, shift = 0;
	const uint8_t* start;
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	// more than 64 bits for certain: counted no further, the engine takes over
	bool isLong = false;
	for (start = at; at < end && isDigit(*at); at++) {
		isLong = isLong || digits >= mostDigits / 10;
		digits = isLong ? digits : digits * 10 + (*at - '0');
	}
	if (at == start)
		return NOT_A_DECIMAL;
	if (at < end && *at == '.') {
		for (start = ++at; at < end && isDigit(*at); at++) {
			isLong = isLong || digits >= mostDigits / 10 || shift >= MOST_EXPONENT;
			digits = isLong ? digits : digits * 10 + (*at - '0');
			shift++;
		}
		if (at == start)
			return NOT_A_DECIMAL;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		if (++at < end && (*at == '-' || *at == '+'))
			isExponentNegative = *at++ == '-';
		for (start = at; at < end && isDigit(*at); at++)
			exponent = exponent >= MOST_EXPONENT ? exponent : exponent * 10 + (*at - '0');
		if (at == start)
			return NOT_A_DECIMAL;
	}
	if (at != end)
		return NOT_A_DECIMAL;
	if (isLong)
		return NEEDS_ENGINE;
	exponent = (isExponentNegative ? -exponent : exponent) - shift;
	if (digits == 0)
		exponent = 0;
	// of two exact numbers the product and the quotient round correctly; the digits alone do in any case, which the
	// engine, rounding halves up, would not
	if (exponent != 0 && (digits > mostSafeInteger || exponent > MOST_EXACT_POWER || exponent < -MOST_EXACT_POWER))
		return NEEDS_ENGINE;
	double power = 1;
	for (int32_t i = exponent < 0 ? -exponent : exponent; i > 0; i--)
		power *= 10;
	double result = exponent < 0 ? (double)digits / power : (double)digits * power;
	*value = isNegative ? -result : result;
	return EXACT;
}

#endif
