// xsbc RECIPE: compiles the JavaScript modules that a recipe lists into one program image.
//
// A recipe has one directive a line, words separated by tabs:
//   out PATH            where the image goes
//   debug               keep lines and names, and the code as the engine's compiler makes it
//   set INDEX NUMBER    a field of the header, counted from IMAGE_AT_STATIC_BYTES
//   main NAME           the module that runs first
//   module NAME PATH    a module and the JavaScript file it is in

#include "xsbc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char programName[] = "xsbc";

uint32_t namesAdd(Names* names, uint32_t from, const char* text)
{
	for (uint32_t i = from; i < names->count; i++)
		if (strcmp(names->texts[i], text) == 0)
			return i;
	if (names->count == names->room) {
		names->room = names->room * 2 + 256;
		names->texts = realloc(names->texts, names->room * sizeof(*names->texts));
		if (!names->texts)
			fail("out of memory");
	}
	names->texts[names->count] = strdup(text);
	return names->count++;
}

static const char* nextWord(void)
{
	const char* word = strtok(NULL, "\t\n");
	if (!word)
		fail("the recipe is incomplete");
	return word;
}

int main(int argc, char** argv)
{
	static char line[8192];
	Program program = { 0 };
	const char* out = NULL;
	bool isDebug = false;
	FILE* recipe = argc == 2 ? fopen(argv[1], "r") : NULL;
	if (!recipe)
		fail("usage: xsbc RECIPE");
	programStart(&program);
	while (fgets(line, sizeof line, recipe)) {
		const char* word = strtok(line, "\t\n");
		if (!word)
			continue;
		if (strcmp(word, "out") == 0)
			out = strdup(nextWord());
		else if (strcmp(word, "debug") == 0)
			isDebug = true;
		else if (strcmp(word, "main") == 0)
			program.main = strdup(nextWord());
		else if (strcmp(word, "set") == 0) {
			unsigned long index = strtoul(nextWord(), NULL, 10);
			if (index >= sizeof(program.settings) / sizeof(program.settings[0]))
				fail("no field %lu", index);
			program.settings[index] = (uint32_t)strtoul(nextWord(), NULL, 10);
		}
		else if (strcmp(word, "module") == 0) {
			const char* name = nextWord();
			programCompile(&program, name, nextWord(), isDebug);
		}
		else
			fail("unknown directive %s", word);
	}
	fclose(recipe);
	if (!out || !program.main || program.moduleCount == 0)
		fail("the recipe is incomplete");
	if (!isDebug)
		programShrink(&program);
	programWrite(&program, out);
	return 0;
}
