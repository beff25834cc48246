// UTF-8, and the engine's own form of it: U+0000 is C0 80, because a zero byte ends a text, and a surrogate is encoded
// like any other character. A part of bytes.c.

#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPLACEMENT = 0xfffd };

static inline bool isHighSurrogate(uint32_t code) { return code >= 0xd800 && code < 0xdc00; }
static inline bool isLowSurrogate(uint32_t code) { return code >= 0xdc00 && code < 0xe000; }

// The length of the character at `at`; 0 where it is malformed: overlong, truncated, above U+10FFFF.
static size_t utf8Decode(const uint8_t* at, const uint8_t* end, uint32_t* code)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t lead = *at;
	size_t extra = lead < 0x80 ? 0 : lead < 0xc2 ? 4 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 4;
	if (extra > 3 || (size_t)(end - at) <= extra)
		return 0;
	uint32_t value = extra == 0 ? lead : lead & (0x3fu >> extra);
	for (size_t i = 1; i <= extra; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < least[extra] || value > 0x10ffff)
		return 0;
	*code = value;
	return extra + 1;
}

// `code` is no more than U+10FFFF. The result is the position after it.
static uint8_t* utf8Encode(uint8_t* into, uint32_t code)
{
	if (code < 0x80)
		*into++ = (uint8_t)code;
	else {
		int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
		*into++ = (uint8_t)((0xff00u >> (extra + 1) & 0xff) | code >> (6 * extra));
		while (--extra >= 0)
			*into++ = (uint8_t)(0x80 | (code >> (6 * extra) & 0x3f));
	}
	return into;
}

// Takes one character of an engine's text, which never fails: what is not a character counts as U+FFFD.
static const uint8_t* engineDecode(const uint8_t* at, const uint8_t* end, uint32_t* code)
{
	uint32_t low;
	size_t length = utf8Decode(at, end, code), lowLength;
	if (length == 0) {
		bool isZero = at[0] == 0xc0 && end - at > 1 && at[1] == 0x80;
		*code = isZero ? 0 : REPLACEMENT;
		return at + (isZero ? 2 : 1);
	}
	at += length;
	if (isHighSurrogate(*code) && at < end && (lowLength = utf8Decode(at, end, &low)) > 0 && isLowSurrogate(low)) {
		*code = 0x10000 + ((*code & 0x3ff) << 10) + (low & 0x3ff);
		return at + lowLength;
	}
	if (isHighSurrogate(*code) || isLowSurrogate(*code))
		*code = REPLACEMENT;
	return at;
}

static size_t utf8Length(uint32_t code)
{
	return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

// What an engine's text of `size` bytes takes as UTF-8; `*isSame` where that is the same, byte for byte.
static size_t engineMeasure(const uint8_t* text, size_t size, bool* isSame)
{
	const uint8_t* end = text + size;
	size_t count = 0;
	*isSame = true;
	while (text < end) {
		if (*text < 0x80) {
			text++;
			count++;
			continue;
		}
		uint32_t code;
		const uint8_t* next = engineDecode(text, end, &code);
		count += utf8Length(code);
		// of the same length and another text: a lone surrogate
		if (code == REPLACEMENT || (size_t)(next - text) != utf8Length(code))
			*isSame = false;
		text = next;
	}
	return count;
}

// What UTF-8 takes as an engine's text; -1 where it is malformed.
static ptrdiff_t utf8Measure(const uint8_t* from, size_t size)
{
	const uint8_t* end = from + size;
	ptrdiff_t count = (ptrdiff_t)size;
	while (from < end) {
		if (*from >= 0x80) {
			uint32_t code;
			size_t length = utf8Decode(from, end, &code);
			if (length == 0 || isHighSurrogate(code) || isLowSurrogate(code))
				return -1;
			from += length;
		}
		else if (*from++ == 0)
			count++;
	}
	return count;
}

#endif
