// The names of a program that are left: the engine's own, and those that an instruction says. Variables have none.

#include "xsAll.h"
#include "xsScript.h"

#include "unit.h"

// A private member's (lexical.c), told from that of a template's strings.
static bool isPrivate(const char* text)
{
	return text[0] == '#' && !isdigit((unsigned char)text[1]);
}

uint32_t nameKeep(Program* program, Names* names, uint32_t key)
{
	return key < program->keyBase ? key : namesAdd(names, XS_SYMBOL_ID_COUNT, program->keys.texts[key]);
}

// Private members only have to differ from others of the same object: the first of a module is #0, the next #1, so that
// modules share their keys.
static uint32_t privateKeep(Names* names, Names* privates, const char* text)
{
	char number[12];
	snprintf(number, sizeof number, "#%u", (unsigned)namesAdd(privates, 0, text));
	return namesAdd(names, XS_SYMBOL_ID_COUNT, number);
}

// `#name in object` reads like a variable of that name: it is the name itself.
static void ask(Code* code, Code* global, const char* text)
{
	take(global);
	become(code, XS_CODE_STRING_ARCHIVE_1);
	code->bytes = (const uint8_t*)text;
	code->length = (uint32_t)strlen(text) + 1;
}

static void keepAll(Program* program, Names* names, Names* privates, Function* function)
{
	static const uint8_t hidden = XS_DONT_ENUM_FLAG;
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op)
			continue;
		if (code->body)
			keepAll(program, names, privates, code->body);
		if (kindOf(code->op) != KEY)
			continue;
		const char* text = program->keys.texts[code->value];
		if (code->op == XS_CODE_NEW_CLOSURE)
			code->value = isPrivate(text) ? (int32_t)nameKeep(program, names, (uint32_t)code->value) : XS_NO_ID;
		else if (code->op != XS_CODE_NEW_LOCAL && isPrivate(text)) {
			if (is(after(code), PROPERTY_FLAG) && after(code)->bytes[0] == 0)
				after(code)->bytes = &hidden;
			code->value = (int32_t)privateKeep(names, privates, text);
			if (code->op == XS_CODE_GET_VARIABLE)
				ask(code, before(function, code), names->texts[code->value]);
		}
		else if (code->op != XS_CODE_NEW_LOCAL)
			code->value = (int32_t)nameKeep(program, names, (uint32_t)code->value);
	}
}

void namesKeep(Program* program, Names* names, Function* function)
{
	Names privates = { 0 };
	keepAll(program, names, &privates, function);
}
