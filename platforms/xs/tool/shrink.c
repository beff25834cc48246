// Makes a program's bytecode smaller, where it need not be debugged: instructions (simplify.c), frames (frame.c), what
// modules share (share.c), and the names that are left (names.c).

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

static void simplifyAll(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op && code->body)
			simplifyAll(code->body);
	do
		frameReach(function);
	while (simplify(function));
}

static bool hasKey(const Function* function, const Names* names, const char* text)
{
	for (const Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op && ((kindOf(code->op) == KEY && strcmp(names->texts[code->value], text) == 0)
				|| (code->body && hasKey(code->body, names, text))))
			return true;
	return false;
}

// What would hide other rules from each other, so it comes last. A function that is no class is never constructed, where
// nobody speaks of prototypes: it need not have one.
static void finish(Function* function, bool hasPrototypes)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!hasPrototypes && code->op == XS_CODE_CONSTRUCTOR_FUNCTION && after(code)->body->codes->op == XS_CODE_BEGIN_STRICT)
			code->op = XS_CODE_FUNCTION;
		// what is added to a string becomes one
		if (code->op == XS_CODE_TO_STRING && after(code)->op == XS_CODE_ADD)
			take(code);
		if (code->op && code->body)
			finish(code->body, hasPrototypes);
	}
}

void programShrink(Program* program)
{
	Function** functions = allocate(program->moduleCount * sizeof(Function*));
	Names names = { 0 };
	for (uint32_t i = 0; i < program->keyBase; i++)
		namesAdd(&names, names.count, program->keys.texts[i]);
	for (uint32_t i = 0; i < program->moduleCount; i++)
		functions[i] = decode(program->modules[i].code, program->modules[i].codeBytes);
	share(program, functions, simplifyAll);
	for (uint32_t i = 0; i < program->moduleCount; i++) {
		Module* module = &program->modules[i];
		arrows(functions[i]);
		simplifyAll(functions[i]);
		finish(functions[i], hasKey(functions[i], &program->keys, "prototype"));
		namesKeep(program, &names, functions[i]);
		for (uint32_t j = 0; j < module->hostsCount; j++)
			module->hosts[j].key = (uint16_t)nameKeep(program, &names, module->hosts[j].key);
		namesAdd(&names, XS_SYMBOL_ID_COUNT, module->name);
		frameLayOut(functions[i]);
		module->code = encode(functions[i], &module->codeBytes);
	}
	program->keys = names;
}
