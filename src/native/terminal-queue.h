// The shell's buffer and what goes out of it: a bounded queue of bytes in front of the serial port, in which VT100 sequences
// move the cursor and texts that others wrote cannot. A part of terminal.c.

#ifndef TERMINAL_QUEUE_H
#define TERMINAL_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PROMPT "uart:~$ "

enum { PROMPT_BYTES = sizeof PROMPT - 1, INPUT_BYTES = 16 };

// The buffer: this, then the queue, the line being typed, the history (entries each ended by LF, the oldest first), and
// what has been read of the port. Positions count from `bytes`.
typedef struct {
	uint32_t textAt; // how much of the answer's text has gone
	uint16_t line; // where the queue ends as well
	uint16_t history;
	uint16_t input;
	uint16_t queued;
	uint16_t length; // of the line
	uint16_t cursor;
	uint16_t historyEnd;
	uint16_t recalled; // where the entry begins that is shown
	uint16_t width; // columns of the terminal; 0: not known, nothing wraps
	uint16_t column; // where the terminal's cursor is, from the start of the prompt
	uint16_t parameter; // the last one of a sequence
	uint8_t taken; // of the input
	uint8_t read;
	uint8_t before; // what the byte before leads to
	bool isTerminal;
	bool isShown; // the prompt
	bool isTooLong; // bytes were refused since the line was last shortened: what is there is not what was meant
	uint8_t bytes[];
} Terminal;

_Static_assert(sizeof(Terminal) == 32, "terminal.js says so");

static uint32_t room(const Terminal* t)
{
	return t->line - t->queued;
}

// What finds no room is lost: callers look at `room`.
static void queue(Terminal* t, const void* bytes, uint32_t count)
{
	if (count > room(t))
		return;
	memcpy(t->bytes + t->queued, bytes, count);
	t->queued = (uint16_t)(t->queued + count);
}

static void raw(Terminal* t, const char* text)
{
	queue(t, text, (uint32_t)strlen(text));
}

static void endLine(Terminal* t)
{
	raw(t, t->isTerminal ? "\r\n" : "\n");
}

static void move(Terminal* t, uint32_t count, char direction)
{
	char text[8];
	char* at = text + sizeof text;
	*--at = direction;
	if (count == 0)
		return;
	for (; count > 0; count /= 10)
		*--at = (char)('0' + count % 10);
	raw(t, "\x1b[");
	queue(t, at, (uint32_t)(text + sizeof text - at));
}

static void moveTo(Terminal* t, uint32_t column)
{
	uint32_t width = t->width ? t->width : UINT16_MAX;
	int32_t rows = (int32_t)(column / width) - (int32_t)(t->column / width);
	if (column == t->column)
		return;
	move(t, (uint32_t)(rows < 0 ? -rows : rows), rows < 0 ? 'A' : 'B');
	raw(t, "\r");
	move(t, column % width, 'C');
	t->column = (uint16_t)column;
}

// Takes prompt and line off the screen, if they are there.
static void hide(Terminal* t)
{
	if (!t->isShown)
		return;
	t->isShown = false;
	if (!t->isTerminal)
		endLine(t);
	else {
		moveTo(t, 0);
		raw(t, "\x1b[J");
	}
}

// Queues the next bytes of an engine's text; in the place of what would steer the terminal (C0, DEL, C1) dots.
static const uint8_t* queueText(Terminal* t, const uint8_t* at, const uint8_t* end)
{
	uint8_t byte = *at++;
	if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
		byte = '.';
	// U+0000 is C0 80 there
	else if (at < end && (byte == 0xc0 || (byte == 0xc2 && *at < 0xa0))) {
		at++;
		if (byte == 0xc2)
			raw(t, ".");
		byte = '.';
	}
	queue(t, &byte, 1);
	return at;
}

// Queues of an answer what there is room for. True where all of it is in the queue, and the end of its last line.
static bool answer(Terminal* t, const uint8_t* text, size_t size)
{
	const uint8_t* at = text + t->textAt;
	const uint8_t* end = text + size;
	bool isOver = false;
	hide(t);
	while (!isOver && room(t) >= 4) {
		isOver = at >= end;
		if (isOver || *at == '\n') {
			endLine(t);
			// the last line may have its end
			isOver = ++at >= end;
		}
		else
			at = queueText(t, at, end);
	}
	t->textAt = isOver ? 0 : (uint32_t)(at - text);
	return isOver;
}

// Queues a line, cut where it is too long, if there is room now and no answer is on its way.
static bool report(Terminal* t, const uint8_t* text, size_t size)
{
	enum { BESIDE = 20 }; // what takes the prompt away and ends the line
	size_t most = t->line - 56u;
	if (size > most)
		for (size = most; size > 0 && (text[size] & 0xc0) == 0x80;)
			size--;
	if (t->textAt > 0 || room(t) < size + BESIDE)
		return false;
	hide(t);
	for (const uint8_t* end = text + size; text < end;)
		text = queueText(t, text, end);
	endLine(t);
	return true;
}

// The first `count` bytes of the queue have gone. The result is where it ends.
static uint32_t sent(Terminal* t, uint32_t count)
{
	if (count > t->queued)
		count = t->queued;
	t->queued = (uint16_t)(t->queued - count);
	memmove(t->bytes, t->bytes + count, t->queued);
	return (uint32_t)sizeof(Terminal) + t->queued;
}

#endif
