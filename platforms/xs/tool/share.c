// What modules share: constants, put in where they are used, and imports that are not needed any more.

#include "xsAll.h"
#include "xsScript.h"

#include "unit.h"

static bool isLiteral(const Code* code, const Slot* variable)
{
	switch (code->op) {
	case XS_CODE_FALSE:
	case XS_CODE_INTEGER_1:
	case XS_CODE_NULL:
	case XS_CODE_TRUE:
	case XS_CODE_UNDEFINED:
		return true;
	case XS_CODE_NUMBER:
		return variable->reads < 2;
	case XS_CODE_STRING_ARCHIVE_1:
		return variable->reads < 2 || code->length < 4;
	}
	return false;
}

// Calls a function for every instruction.
static void each(Units* all, Function* function, void (*visit)(Units*, Function*, Code*))
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op)
			continue;
		visit(all, function, code);
		if (code->body)
			each(all, code->body, visit);
	}
}

static void eachUnit(Units* all, void (*visit)(Units*, Function*, Code*))
{
	for (uint32_t i = 0; i < all->count; i++)
		each(all, all->units[i].top, visit);
}

static void count(Units* all, Function* function, Code* code)
{
	(void)function;
	if (code->op == XS_CODE_IMPORT)
		all->isDynamic = true;
	if (kindOf(code->op) != INDEX || code->slot->kind != CAPTURED || code->op == XS_CODE_STORE_1)
		return;
	Slot* root = rootOf(code->slot);
	if (code->op == XS_CODE_GET_CLOSURE_1)
		root->reads++;
	else
		root->writes += code->op == XS_CODE_CONST_CLOSURE_1 ? 1 : 2;
}

static void findLiteral(Units* all, Function* function, Code* code)
{
	(void)all;
	if (code->op != XS_CODE_CONST_CLOSURE_1 || code->slot->kind != CAPTURED)
		return;
	Slot* root = rootOf(code->slot);
	Code* value = before(function, code);
	if (root->writes == 1 && value && !code->isTarget && after(code)->op == XS_CODE_POP && isLiteral(value, root))
		root->literal = value;
}

static void putLiteral(Units* all, Function* function, Code* code)
{
	(void)function;
	if (code->op != XS_CODE_GET_CLOSURE_1 || code->slot->kind != CAPTURED)
		return;
	const Code* literal = rootOf(code->slot)->literal;
	if (!literal)
		return;
	code->op = literal->op;
	code->value = literal->value;
	code->bytes = literal->bytes;
	code->length = literal->length;
	code->slot = NULL;
	all->hasChanged = true;
}

static void recount(Units* all)
{
	for (uint32_t i = 0; i < all->count; i++)
		for (uint32_t j = 0; j < all->units[i].transferCount; j++)
			if (all->units[i].transfers[j].variable)
				all->units[i].transfers[j].variable->reads = all->units[i].transfers[j].variable->writes = 0;
	eachUnit(all, count);
}

// Takes away the definitions of constants that nobody reads.
static void dropDefinitions(Unit* unit, bool isOpen)
{
	for (uint32_t i = 0; i < unit->transferCount; i++) {
		Transfer* transfer = &unit->transfers[i];
		Slot* variable = transfer->variable;
		bool isExported = transfer->last - transfer->first > 4;
		if (!variable || variable->outer || !variable->literal || variable->reads > 0 || (isOpen && isExported))
			continue;
		for (Code* code = unit->execute->codes; code < unit->execute->codes + unit->execute->count; code++)
			if (code->op == XS_CODE_CONST_CLOSURE_1 && code->slot->outer == variable) {
				take(after(code));
				take(before(unit->execute, code));
				take(code);
			}
	}
}

void share(Program* program, Function** functions, void (*simplifyAll)(Function*))
{
	Units all = { .units = allocate(program->moduleCount * sizeof(Unit)), .count = program->moduleCount };
	for (uint32_t i = 0; i < all.count; i++)
		unitRead(&all.units[i], program->modules[i].name, functions[i]);
	for (uint32_t i = 0; i < all.count; i++) {
		unitLink(&all, &all.units[i]);
		frameResolve(functions[i]);
	}
	do {
		for (uint32_t i = 0; i < all.count; i++)
			simplifyAll(functions[i]);
		all.hasChanged = false;
		recount(&all);
		eachUnit(&all, findLiteral);
		eachUnit(&all, putLiteral);
	} while (all.hasChanged);
	for (uint32_t i = 0; i < all.count; i++)
		dropDefinitions(&all.units[i], all.isDynamic || all.units[i].isOpen);
	for (uint32_t i = 0; i < all.count; i++) {
		unitDropCaptured(functions[i]);
		unitDropTransfers(&all.units[i]);
	}
	captureOrder(&all);
}
