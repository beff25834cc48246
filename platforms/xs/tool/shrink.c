// Makes a program's bytecode smaller, where it need not be debugged: instructions (simplify.c), frames (frame.c), what
// modules share (share.c), and the names that are left.

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

static void findPrivate(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op)
			continue;
		if (code->op == XS_CODE_GET_PRIVATE_1 || code->op == XS_CODE_HAS_PRIVATE_1 || code->op == XS_CODE_NEW_PRIVATE_1
			|| code->op == XS_CODE_SET_PRIVATE_1)
			rootOf(code->slot)->isPrivate = true;
		if (code->body)
			findPrivate(code->body);
	}
}

// A private property is found by its class and then by its name: the first of a module is #0, the next #1. What prepares
// a machine knows by the # what it is.
static uint32_t privateName(Names* names, uint32_t number)
{
	char text[12];
	snprintf(text, sizeof text, "#%u", (unsigned)number);
	return namesAdd(names, XS_SYMBOL_ID_COUNT, text);
}

static void dropNames(Function* function, Names* names, uint32_t* privates)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (code->op == XS_CODE_NEW_CLOSURE)
			code->value = code->slot->isPrivate ? (int32_t)privateName(names, (*privates)++) : XS_NO_ID;
		if (code->op && code->body)
			dropNames(code->body, names, privates);
	}
}

// The key of a name in the program that is left.
static uint32_t keep(Program* program, Names* names, uint32_t key)
{
	return key < program->keyBase ? key : namesAdd(names, XS_SYMBOL_ID_COUNT, program->keys.texts[key]);
}

static void keepNames(Program* program, Names* names, Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (code->op && kindOf(code->op) == KEY && code->op != XS_CODE_NEW_CLOSURE && code->op != XS_CODE_NEW_LOCAL)
			code->value = (int32_t)keep(program, names, (uint32_t)code->value);
		if (code->op && code->body)
			keepNames(program, names, code->body);
	}
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
		uint32_t privates = 0;
		arrows(functions[i]);
		simplifyAll(functions[i]);
		finish(functions[i], hasKey(functions[i], &program->keys, "prototype"));
		findPrivate(functions[i]);
		keepNames(program, &names, functions[i]);
		dropNames(functions[i], &names, &privates);
		for (uint32_t j = 0; j < module->hostsCount; j++)
			module->hosts[j].key = (uint16_t)keep(program, &names, module->hosts[j].key);
		namesAdd(&names, XS_SYMBOL_ID_COUNT, module->name);
		frameLayOut(functions[i]);
		module->code = encode(functions[i], &module->codeBytes);
	}
	program->keys = names;
}
