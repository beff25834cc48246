// The line being typed and those typed before: what stands in them, and on the screen. A terminal that answers the question
// for its width gets lines that wrap repainted right; on a pipe nothing is painted. A part of terminal.c.

#ifndef TERMINAL_LINE_H
#define TERMINAL_LINE_H

#include "terminal-queue.h"

static uint8_t* lineOf(Terminal* t)
{
	return t->bytes + t->line;
}

// True for the bytes of a UTF-8 character behind its first.
static bool isInner(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

// The column of a place in the line: one for each character.
static uint32_t columnOf(Terminal* t, uint32_t at)
{
	uint32_t column = PROMPT_BYTES;
	for (uint32_t i = 0; i < at; i++)
		column += !isInner(lineOf(t)[i]);
	return column;
}

// Where the character before a place begins.
static uint32_t previous(Terminal* t, uint32_t at)
{
	while (at > 0 && isInner(lineOf(t)[--at]))
		;
	return at;
}

// Where the character at a place ends.
static uint32_t next(Terminal* t, uint32_t at)
{
	if (at < t->length)
		at++;
	while (at < t->length && isInner(lineOf(t)[at]))
		at++;
	return at;
}

// Paints the line from `from` on.
static void paint(Terminal* t, uint32_t from, bool isShorter)
{
	if (!t->isTerminal)
		return;
	moveTo(t, columnOf(t, from));
	queue(t, lineOf(t) + from, t->length - from);
	t->column = (uint16_t)columnOf(t, t->length);
	// at the right margin a terminal waits for the next character before it wraps
	if (t->width > 0 && t->column % t->width == 0 && from < t->length)
		raw(t, "\r\n");
	if (isShorter)
		raw(t, "\x1b[J");
	moveTo(t, columnOf(t, t->cursor));
}

static void show(Terminal* t)
{
	raw(t, PROMPT);
	t->column = PROMPT_BYTES;
	t->isShown = true;
	paint(t, 0, false);
}

// Asks the terminal for its width: to the far right, where is the cursor, and back.
static void ask(Terminal* t)
{
	if (t->isTerminal)
		raw(t, "\x1b" "7\x1b[999C\x1b[6n\x1b" "8");
}

static void bell(Terminal* t)
{
	if (t->isTerminal)
		raw(t, "\x07");
}

static void type(Terminal* t, uint8_t byte)
{
	uint8_t* at = lineOf(t) + t->cursor;
	if (t->line + t->length == t->history) {
		t->isTooLong = true;
		bell(t);
		return;
	}
	memmove(at + 1, at, (size_t)(t->length - t->cursor));
	*at = byte;
	t->length++;
	t->cursor++;
	// a character of several bytes appears when it is complete
	uint32_t start = previous(t, t->cursor);
	uint8_t lead = lineOf(t)[start];
	uint32_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	if (t->cursor - start >= size)
		paint(t, start, false);
}

// Takes [start, end) out of the line.
static void removePart(Terminal* t, uint32_t start, uint32_t end)
{
	uint8_t* line = lineOf(t);
	if (start == end)
		return;
	t->isTooLong = false;
	memmove(line + start, line + end, t->length - end);
	t->length = (uint16_t)(t->length - (end - start));
	t->cursor = (uint16_t)start;
	paint(t, start, true);
}

// Empties the line, not the screen; what it held is overwritten, it may have been a key.
static void clear(Terminal* t)
{
	memset(lineOf(t), 0, (size_t)(t->history - t->line));
	t->length = t->cursor = 0;
	t->recalled = t->historyEnd;
	t->isTooLong = false;
}

// Where the entry of the history begins that ends in front of a place.
static uint32_t entryBefore(const Terminal* t, uint32_t at)
{
	if (at > t->history)
		at--;
	while (at > t->history && t->bytes[at - 1] != '\n')
		at--;
	return at;
}

static uint32_t entryAfter(const Terminal* t, uint32_t at)
{
	while (at < t->historyEnd && t->bytes[at++] != '\n')
		;
	return at;
}

// Keeps the line in the history.
static void remember(Terminal* t)
{
	uint32_t size = t->length + 1u;
	uint32_t last = entryBefore(t, t->historyEnd);
	uint32_t from = t->history;
	if (size == 1 || size > (uint32_t)(t->input - t->history))
		return;
	if (t->historyEnd - last == size && memcmp(t->bytes + last, lineOf(t), size - 1) == 0)
		return;
	while (t->historyEnd - from + size > (uint32_t)(t->input - t->history))
		from = entryAfter(t, from);
	memmove(t->bytes + t->history, t->bytes + from, t->historyEnd - from);
	uint32_t at = t->historyEnd - (from - t->history);
	memcpy(t->bytes + at, lineOf(t), size - 1);
	t->bytes[at + size - 1] = '\n';
	t->historyEnd = (uint16_t)(at + size);
}

static void recall(Terminal* t, bool isOlder)
{
	uint32_t at = isOlder ? entryBefore(t, t->recalled) : entryAfter(t, t->recalled);
	if (at == t->recalled) {
		bell(t);
		return;
	}
	clear(t);
	t->recalled = (uint16_t)at;
	if (at < t->historyEnd)
		t->length = t->cursor = (uint16_t)(entryAfter(t, at) - at - 1);
	memcpy(lineOf(t), t->bytes + at, t->length);
	paint(t, 0, true);
}

#endif
