// The shell's terminal (src/native/terminal-*.h) among random bytes, with sanitizers: whatever comes in and goes out, it
// stays within its buffer, and every position within its part.

#include <stdio.h>
#include <stdlib.h>

#include "../../src/native/terminal-keys.h"
#include "../../src/native/terminal-words.h"

enum { ROUNDS = 400, STEPS = 2000 };

static uint32_t state = 2463534242;

static uint32_t below(uint32_t limit)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % limit;
}

static uint8_t anyByte(void)
{
	return (uint8_t)(below(4) ? 32 + below(95) : below(256));
}

// On the heap and of its own size, so that a byte too far is found.
static uint8_t* anyText(size_t size)
{
	uint8_t* text = malloc(size ? size : 1);
	for (size_t i = 0; i < size; i++)
		text[i] = anyByte();
	return text;
}

static void readWords(Terminal* t)
{
	char message[MESSAGE_BYTES], quote;
	int32_t size = 0, again;
	if (isWrong(t, message) && isBehindSpace(t) && message[0] == 0)
		exit(1);
	for (uint32_t at = 0; size >= 0;) {
		word(t, at, NULL, &size, &quote);
		char* text = malloc(size > 0 ? (size_t)size : 1);
		at = word(t, at, text, &again, &quote);
		free(text);
		if (again != size)
			exit(1);
	}
}

static void typeKeys(Terminal* t)
{
	static const char* const keys[] = { "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1bOF", "\x1b[3~", "\x1b[31R",
		"\r", "\n", "\t", "\x03", "\x0b", "\x0c", "\x15", "\x7f", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\"", "'", "\\" };
	if (t->taken < t->read) {
		feed(t, 0, below(6) == 0);
		return;
	}
	uint32_t count = 0, most = below(INPUT_BYTES + 1);
	uint8_t* input = t->bytes + t->input;
	while (count < most)
		if (below(3) > 0)
			input[count++] = anyByte();
		else
			for (const char* key = keys[below(sizeof keys / sizeof keys[0])]; *key && count < most; key++)
				input[count++] = (uint8_t)*key;
	if (feed(t, below(10) ? (int32_t)count : -1, below(6) == 0) == COMPLETE)
		acceptLine(t, below(2));
}

static void step(Terminal* t)
{
	size_t size = below(400);
	uint8_t* text = anyText(size);
	switch (below(8)) {
	case 0:
		while (!answer(t, text, size))
			sent(t, below(300));
		break;
	case 1:
		report(t, text, size);
		break;
	case 2:
		readWords(t);
		break;
	case 3:
		insert(t, text, size % 12);
		break;
	case 4:
		sent(t, below(300));
		break;
	default:
		sent(t, UINT32_MAX);
		typeKeys(t);
	}
	free(text);
}

int main(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t line = 1 + below(180), history = below(120);
		uint32_t size = (uint32_t)sizeof(Terminal) + PROMPT_BYTES + MOVE_BYTES + INPUT_BYTES + 2 * line + history + below(100);
		Terminal* t = malloc(size);
		if (!openTerminal(t, size, (int32_t)line, (int32_t)history, below(4) > 0) || !isOpen(t, size))
			return 1;
		for (int i = 0; i < STEPS; i++) {
			step(t);
			if (t->queued > t->line || t->length > line || t->cursor > t->length || t->historyEnd > t->input
				|| t->recalled < t->history || t->recalled > t->historyEnd)
				return 1;
		}
		free(t);
	}
	puts("whole");
	return 0;
}
