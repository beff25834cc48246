// Base64 of both alphabets (RFC 4648, sections 4 and 5). A part of bytes.c.

#ifndef BASE64_H
#define BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static size_t base64Size(size_t count, bool isUrl)
{
	return isUrl ? count / 3 * 4 + (count % 3 * 4 + 2) / 3 : (count + 2) / 3 * 4;
}

static void base64Encode(uint8_t* into, const uint8_t* from, size_t count, bool isUrl)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	while (count > 0) {
		size_t taken = count < 3 ? count : 3;
		uint32_t group = (uint32_t)from[0] << 16;
		if (taken > 1)
			group |= (uint32_t)from[1] << 8;
		if (taken > 2)
			group |= from[2];
		for (size_t i = 0; i <= taken; i++) {
			uint32_t digit = group >> (18 - 6 * i) & 63;
			*into++ = (uint8_t)(digit < 62 ? digits[digit] : digit == 62 ? (isUrl ? '-' : '+') : (isUrl ? '_' : '/'));
		}
		for (size_t i = taken; i < 3 && !isUrl; i++)
			*into++ = '=';
		from += taken;
		count -= taken;
	}
}

// Takes the padding off; false where it, or the count of digits, cannot be right.
static bool base64Trim(const uint8_t* from, size_t* count)
{
	size_t padding = 0;
	while (padding < 2 && *count > 0 && from[*count - 1] == '=') {
		--*count;
		padding++;
	}
	return *count % 4 != 1 && (padding == 0 || (*count + padding) % 4 == 0);
}

static int base64Digit(uint8_t character)
{
	if (character >= 'A' && character <= 'Z')
		return character - 'A';
	if (character >= 'a' && character <= 'z')
		return character - 'a' + 26;
	if (character >= '0' && character <= '9')
		return character - '0' + 52;
	return character == '+' || character == '-' ? 62 : character == '/' || character == '_' ? 63 : -1;
}

// `into` may be NULL, to check only, and may be `from` or before it in the same buffer. False where it is malformed.
static bool base64Decode(uint8_t* into, const uint8_t* from, size_t count)
{
	uint32_t group = 0;
	int bits = 0;
	for (const uint8_t* end = from + count; from < end; from++) {
		int digit = base64Digit(*from);
		if (digit < 0)
			return false;
		group = group << 6 | (uint32_t)digit;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (into)
				*into++ = (uint8_t)(group >> bits);
		}
	}
	// bits that belong to no byte are zero
	return (group & ((1u << bits) - 1)) == 0;
}

#endif
