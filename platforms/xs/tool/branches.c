// Rules of simplify.c for branches and ends.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

static uint8_t opposite(uint8_t op)
{
	return op == XS_CODE_BRANCH_ELSE_1 ? XS_CODE_BRANCH_IF_1 : XS_CODE_BRANCH_ELSE_1;
}

static bool isChoice(const Code* code)
{
	return is(code, XS_CODE_BRANCH_ELSE_1) || is(code, XS_CODE_BRANCH_IF_1);
}

static Code* landing(Code* code)
{
	return code->op ? code : after(code);
}

static bool goTo(Code* code, Code* target)
{
	code->target = target;
	target->isTarget = true;
	return true;
}

// a && b in a condition: the value of a is only needed to branch by, so it need not be kept.
static bool logic(Code* code)
{
	Code* branch = then(code);
	Code* pop = then(branch);
	if (!is(code, XS_CODE_DUB) || !isChoice(branch) || !is(pop, XS_CODE_POP))
		return false;
	Code* there = landing(branch->target);
	if (isChoice(there)) {
		goTo(branch, there->op == branch->op ? landing(there->target) : after(there));
		take(pop);
		take(code);
		return true;
	}
	Code* second = then(there);
	if (!is(there, XS_CODE_DUB) || !isChoice(second))
		return false;
	if (second->op == branch->op)
		return goTo(branch, landing(second->target));
	if (!is(then(second), XS_CODE_POP))
		return false;
	goTo(branch, after(then(second)));
	take(pop);
	take(code);
	return true;
}

static bool control(Code* code)
{
	Code* next = then(code);
	if (is(code, XS_CODE_NOT) && isChoice(next)) {
		become(next, opposite(next->op));
		take(code);
		return true;
	}
	if (is(code, XS_CODE_ENVIRONMENT) && is(next, XS_CODE_POP)) {
		take(next);
		take(code);
		return true;
	}
	if (!code->target || code->op == XS_CODE_CATCH_1)
		return false;
	Code* there = landing(code->target);
	if (is(code, XS_CODE_BRANCH_1) && there == after(code)) {
		take(code);
		return true;
	}
	if (is(code, XS_CODE_BRANCH_1) && isEnd(there->op))
		return become(code, there->op);
	if (isChoice(code) && is(next, XS_CODE_BRANCH_1) && there == after(next)) {
		goTo(code, landing(next->target));
		take(next);
		return become(code, opposite(code->op));
	}
	if (is(there, XS_CODE_BRANCH_1) && there != code && landing(there->target) != there)
		return goTo(code, landing(there->target));
	return false;
}

// True where a result is only ever set on the way out: everywhere else it is undefined.
static bool setsResultLast(const Function* function)
{
	for (const Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op == XS_CODE_SET_RESULT && !(after(code) && isEnd(after(code)->op)))
			return false;
	return true;
}

static bool result(const Function* function, Code* code)
{
	Code* set = then(code);
	if (!is(code, XS_CODE_UNDEFINED) || !is(set, XS_CODE_SET_RESULT) || function->isSuspended || !setsResultLast(function))
		return false;
	take(set);
	take(code);
	return true;
}

bool branches(const Function* function, Code* code)
{
	return logic(code) || control(code) || result(function, code);
}
