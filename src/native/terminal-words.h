// The words of the line. A part of terminal.c.

#ifndef TERMINAL_WORDS_H
#define TERMINAL_WORDS_H

#include "terminal-line.h"

// The word from `at` on, as Zephyr's shell finds it: spaces part words, quotes and backslashes keep them together. Quotes
// around a word go, quotes within one stay, so that an argument list can be typed as it is: 0='a b',1.
// Its bytes go to `into`, unless that is NULL; `*size` is their number, -1 where there is no word; `*quote` one that is open.
static uint32_t word(Terminal* t, uint32_t at, char* into, int32_t* size, char* quote)
{
	const uint8_t* line = lineOf(t);
	bool isWhole = false;
	while (at < t->length && line[at] == ' ')
		at++;
	*size = at < t->length ? 0 : -1;
	*quote = 0;
	for (uint32_t start = at; at < t->length; at++) {
		char byte = (char)line[at];
		if (*quote && byte == *quote) {
			*quote = 0;
			if (isWhole)
				continue;
		}
		else if (byte == '\\') {
			if (++at == t->length)
				break;
			byte = (char)line[at];
		}
		else if (!*quote && (byte == '\'' || byte == '"')) {
			*quote = byte;
			isWhole = at == start;
			if (isWhole)
				continue;
		}
		else if (!*quote && byte == ' ')
			break;
		if (into)
			into[*size] = byte;
		++*size;
	}
	return at;
}

// True behind a space and at the beginning: there a word may begin.
static bool isBehindSpace(Terminal* t)
{
	return t->length == 0 || lineOf(t)[t->length - 1] == ' ';
}

// RFC 3629: nothing overlong, no surrogate, nothing above U+10FFFF.
static bool isText(const uint8_t* at, const uint8_t* end)
{
	while (at < end) {
		uint32_t code = *at++;
		if (code < 0x80)
			continue;
		int extra = code < 0xe0 ? 1 : code < 0xf0 ? 2 : 3;
		if (code < 0xc2 || code > 0xf4 || end - at < extra)
			return false;
		code &= 0x3fu >> extra;
		for (int i = 0; i < extra; i++, at++) {
			if (!isInner(*at))
				return false;
			code = code << 6 | (*at & 0x3f);
		}
		if ((extra == 2 && (code < 0x800 || code >> 11 == 0x1b)) || (extra == 3 && (code < 0x10000 || code > 0x10ffff)))
			return false;
	}
	return true;
}

enum { MESSAGE_BYTES = 24 };

// What is wrong with the line, if something is.
static bool isWrong(Terminal* t, char message[MESSAGE_BYTES])
{
	int32_t size;
	char quote = 0;
	if (!isText(lineOf(t), lineOf(t) + t->length)) {
		strcpy(message, "the line is not UTF-8");
		return true;
	}
	for (uint32_t at = 0; at < t->length;)
		at = word(t, at, NULL, &size, &quote);
	strcpy(message, "not terminated: ");
	message[16] = quote;
	message[17] = 0;
	return quote != 0;
}

#endif
