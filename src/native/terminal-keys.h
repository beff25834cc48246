// What the bytes of the serial port do to the line: characters, keys, sequences of a VT100, ends of lines. A part of
// terminal.c.

#ifndef TERMINAL_KEYS_H
#define TERMINAL_KEYS_H

#include "terminal-line.h"

// What `feed` has come to: nothing is left to take; go on; a complete line; Tab at its end; Ctrl-C during an answer.
enum { IDLE, MORE, COMPLETE, TABBED, LEFT };

// What the byte before leads to: nothing; the LF of CRLF; a sequence of the terminal; its parameters.
enum { NONE, RETURNED, ESCAPED, PARAMETERS };

// The most that a key makes the editor paint beside prompt and line: five movements.
enum { MOVE_BYTES = 45 };

// A key of the cursor by the final byte of its sequence; DEL stands for Delete.
static void key(Terminal* t, uint8_t final)
{
	if (final == 'A' || final == 'B')
		recall(t, final == 'A');
	else if (final == 'D')
		t->cursor = (uint16_t)previous(t, t->cursor);
	else if (final == 'C')
		t->cursor = (uint16_t)next(t, t->cursor);
	else if (final == 'H')
		t->cursor = 0;
	else if (final == 'F')
		t->cursor = t->length;
	else if (final == 0x7f)
		removePart(t, t->cursor, next(t, t->cursor));
	moveTo(t, columnOf(t, t->cursor));
}

// ESC [ parameters final, or ESC O final; of the parameters the last one counts. ECMA-48 5.4.
static void sequence(Terminal* t, uint8_t before, uint8_t byte)
{
	// what ESC [ n ~ means
	static const char numbered[] = "-H-\x7f" "F--HF";
	uint32_t parameter = t->parameter;
	if (before == ESCAPED) {
		if (byte == '[' || byte == 'O')
			t->before = PARAMETERS;
		t->parameter = 0;
	}
	else if (byte >= '0' && byte <= ';') {
		t->before = PARAMETERS;
		t->parameter = byte > '9' ? 0 : (uint16_t)((parameter * 10 + byte - '0') % 10000);
	}
	else if (byte == 'R' && parameter > PROMPT_BYTES)
		t->width = (uint16_t)parameter;
	else if (byte != '~')
		key(t, byte);
	else if (parameter < sizeof numbered)
		key(t, (uint8_t)numbered[parameter]);
}

static int control(Terminal* t, uint8_t byte)
{
	enum { C = 3, BACKSPACE = 8, TAB, K = 11, L, U = 21, ESCAPE = 27, DELETE = 127 };
	// what Ctrl-A to Ctrl-P mean, as a key of the cursor
	static const char keys[] = "-H---F--------B-A";
	if (byte == ESCAPE)
		t->before = ESCAPED;
	else if (byte == TAB)
		return t->cursor == t->length ? TABBED : MORE;
	else if (byte == BACKSPACE || byte == DELETE)
		removePart(t, previous(t, t->cursor), t->cursor);
	else if (byte == U) {
		t->cursor = t->length;
		removePart(t, 0, t->length);
	}
	else if (byte == K)
		removePart(t, t->cursor, t->length);
	else if (byte == C || byte == L) {
		if (byte == C) {
			key(t, 'F');
			raw(t, "^C\r\n");
			clear(t);
		}
		else {
			// a clean screen, which may be another one
			raw(t, "\x1b[H\x1b[2J");
			ask(t);
		}
		t->isShown = false;
	}
	else if (byte < sizeof keys)
		key(t, (uint8_t)keys[byte]);
	return MORE;
}

static int complete(Terminal* t)
{
	if (t->isTerminal)
		moveTo(t, columnOf(t, t->length));
	endLine(t);
	t->isShown = false;
	return COMPLETE;
}

static int feedByte(Terminal* t, uint8_t byte)
{
	uint8_t before = t->before;
	t->before = NONE;
	if (before > RETURNED)
		sequence(t, before, byte);
	else if (byte == '\r' || byte == '\n') {
		if (byte == '\r')
			t->before = RETURNED;
		else if (before == RETURNED)
			return MORE;
		return complete(t);
	}
	else if (byte >= ' ' && byte != 0x7f)
		type(t, byte);
	else if (t->isTerminal)
		return control(t, byte);
	else if (byte == '\t')
		type(t, ' ');
	return MORE;
}

// Takes input while there is room to paint what it leads to.
// `count`: how many bytes have been read, where all before were taken; -1: the end, and the last line may lack its own.
static int feed(Terminal* t, int32_t count, bool isAnswering)
{
	uint32_t most = PROMPT_BYTES + MOVE_BYTES + (uint32_t)(t->history - t->line);
	int result = IDLE;
	if (t->taken == t->read) {
		t->taken = 0;
		t->read = (uint8_t)(count < 0 ? 0 : count > INPUT_BYTES ? INPUT_BYTES : count);
	}
	if (isAnswering) {
		// Ctrl-C ends an answer that is on its way; what was typed before it is dropped
		for (int i = t->read; t->isTerminal && i-- > t->taken;)
			if (t->bytes[t->input + i] == 3) {
				t->taken = (uint8_t)(i + 1);
				t->textAt = 0;
				raw(t, "^C\r\n");
				return LEFT;
			}
		return t->taken < t->read ? MORE : IDLE;
	}
	if (!t->isShown) {
		show(t);
		return MORE;
	}
	while (t->taken < t->read && result < COMPLETE) {
		result = MORE;
		if (room(t) < most || !t->isShown)
			return result;
		result = feedByte(t, t->bytes[t->input + t->taken++]);
	}
	return result == IDLE && count < 0 && t->length > 0 ? complete(t) : result;
}

// False where the buffer has no room for a line and a queue in which it is painted.
static bool openTerminal(Terminal* t, uint32_t size, int32_t line, int32_t history, bool isTerminal)
{
	int64_t least = (int64_t)sizeof(Terminal) + PROMPT_BYTES + MOVE_BYTES + INPUT_BYTES + 2 * (int64_t)line + history;
	if (size > UINT16_MAX || line < 1 || history < 0 || least > size)
		return false;
	memset(t, 0, size);
	t->input = (uint16_t)(size - sizeof(Terminal) - INPUT_BYTES);
	t->history = t->historyEnd = t->recalled = (uint16_t)(t->input - history);
	t->line = (uint16_t)(t->history - line);
	t->isTerminal = isTerminal;
	ask(t);
	return true;
}

static bool isOpen(const Terminal* t, uint32_t size)
{
	return size > sizeof(Terminal) && sizeof(Terminal) + t->input + INPUT_BYTES == size;
}

// Puts a text in at the cursor, as if it had been typed.
static bool insert(Terminal* t, const uint8_t* text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		type(t, text[i]);
	return !t->isTooLong;
}

// Ends the line.
static void acceptLine(Terminal* t, bool isKept)
{
	if (isKept)
		remember(t);
	clear(t);
}

#endif
