// Which places of a function's frame an instruction means, and where they lie in the end. The engine's compiler gives
// every local variable its name, a check for use before its definition, and an instruction that makes and one that ends
// it. TypeScript has made the check; so a local variable gets a fixed place behind those that come and go (what is
// captured, closures), which the engine clears when the function begins.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

bool isEnd(uint8_t op)
{
	return op >= XS_CODE_END && op <= XS_CODE_END_DERIVED;
}

bool isWrite(uint8_t op)
{
	switch (op) {
	case XS_CODE_CONST_LOCAL_1:
	case XS_CODE_LET_LOCAL_1:
	case XS_CODE_PULL_LOCAL_1:
	case XS_CODE_SET_LOCAL_1:
	case XS_CODE_VAR_LOCAL_1:
		return true;
	}
	return false;
}

static Slot* newSlot(int kind, Slot* below)
{
	Slot* slot = allocate(sizeof(Slot));
	slot->kind = kind;
	slot->below = below;
	slot->level = below ? below->level + 1 : 0;
	slot->isFixed = kind == LOCAL;
	return slot;
}

static Slot* resolve(Code* code, Slot* top, Slot** captured)
{
	switch (code->op) {
	case XS_CODE_RETRIEVE_1:
		for (int32_t i = 0; i < code->value; i++) {
			top = newSlot(CAPTURED, top);
			top->outer = captured[i];
		}
		return top;
	case XS_CODE_NEW_CLOSURE:
		return code->slot = newSlot(CLOSURE, top);
	case XS_CODE_NEW_LOCAL:
		return code->slot = newSlot(LOCAL, top);
	case XS_CODE_NEW_TEMPORARY:
		return code->slot = newSlot(TEMPORARY, top);
	case XS_CODE_UNWIND_1:
		for (int32_t i = 0; i < code->value; i++)
			top = top->below;
		return top;
	case XS_CODE_WITH:
	case XS_CODE_EVAL_ENVIRONMENT:
	case XS_CODE_FUNCTION_ENVIRONMENT:
	case XS_CODE_PROGRAM_ENVIRONMENT:
		fail("eval, with and sloppy functions cannot be simplified");
	}
	if (kindOf(code->op) == INDEX) {
		Slot* slot = top;
		while (slot && slot->level != (uint32_t)code->value - 1)
			slot = slot->below;
		if (!slot)
			fail("an instruction names a place that is not there");
		code->slot = slot;
	}
	return top;
}

// Follows control from an instruction on. With `captured` it also notes what the frame is like there.
static void follow(Code* code, Slot* top, Slot** captured)
{
	while (code && !code->isReached) {
		code->isReached = true;
		if (captured) {
			code->top = top;
			top = resolve(code, top, captured);
		}
		if (code->target) {
			if (!code->target->op)
				code->target = after(code->target);
			code->target->isTarget = true;
			follow(code->target, top, captured);
		}
		if (isEnd(code->op) || code->op == XS_CODE_BRANCH_1 || code->op == XS_CODE_RETHROW || code->op == XS_CODE_THROW)
			return;
		code = after(code);
	}
	// in front of an end the compiler has left out what would only tidy up
	if (captured && code && code->top != top && !isEnd(code->op))
		fail("the frame depends on the way by which control comes");
}

static void reach(Function* function, Slot** captured)
{
	Code* end = function->codes + function->count;
	for (Code* code = function->codes; code < end; code++)
		code->isReached = code->isTarget = false;
	follow(function->codes->op ? function->codes : after(function->codes), NULL, captured);
	for (Code* code = function->codes; code < end; code++)
		if (!code->isReached)
			code->op = 0;
}

// Takes away what control never comes to, and notes what branches lead to.
void frameReach(Function* function)
{
	reach(function, NULL);
}

void frameResolve(Function* function)
{
	reach(function, function->captured);
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (code->op == XS_CODE_REFRESH_LOCAL_1 || code->op == XS_CODE_RESET_LOCAL_1)
			take(code);
		if (!code->op || !code->body)
			continue;
		Function* body = code->body;
		if (!body->captured) {
			body->captured = allocate((body->storeCount + 1) * sizeof(Slot*));
			for (uint32_t i = 0; i < body->storeCount; i++)
				body->captured[i] = body->stores[i]->slot;
		}
		frameResolve(body);
	}
}

// True where a temporary place is written before control goes different ways: nobody sees what was there before.
static bool isWrittenFirst(const Code* code)
{
	const Slot* slot = code->slot;
	for (code = after(code); code && !code->isTarget && !code->target; code = after(code))
		if (code->slot == slot)
			return isWrite(code->op);
	return false;
}

void frameCount(Function* function)
{
	Code* end = function->codes + function->count;
	for (Code* code = function->codes; code < end; code++)
		if (code->slot)
			code->slot->reads = code->slot->writes = 0;
	for (Code* code = function->codes; code < end; code++)
		if (code->op && kindOf(code->op) == INDEX) {
			if (isWrite(code->op))
				code->slot->writes++;
			else
				code->slot->reads++;
		}
	for (Code* code = function->codes; code < end; code++)
		if (code->op == XS_CODE_NEW_TEMPORARY)
			code->slot->isFixed = code->slot->reads + code->slot->writes == 0 || isWrittenFirst(code);
}

static uint32_t movingBelow(const Slot* slot)
{
	uint32_t count = 0;
	for (; slot; slot = slot->below)
		count += !slot->isFixed;
	return count;
}

static uint32_t fixedBelow(const Slot* slot)
{
	uint32_t count = 0;
	for (; slot; slot = slot->below)
		count += slot->isFixed && slot->kind != CAPTURED && slot->reads + slot->writes > 0;
	return count;
}

// The number of the places of an instruction that come and go.
static int32_t movingOf(const Code* code)
{
	if (code->op == XS_CODE_RETRIEVE_1)
		return (int32_t)(movingBelow(after(code)->top) - movingBelow(code->top));
	const Slot* slot = code->top;
	for (int32_t i = 0; i < code->value; i++)
		slot = slot->below;
	return (int32_t)(movingBelow(code->top) - movingBelow(slot));
}

void frameLayOut(Function* function)
{
	Code* end = function->codes + function->count;
	uint32_t moving = 0, fixed = 0;
	frameCount(function);
	for (Code* code = function->codes; code < end; code++) {
		if (!code->op)
			continue;
		const Slot* slots[] = { code->top, code->slot };
		for (int i = 0; i < 2; i++) {
			if (movingBelow(slots[i]) > moving)
				moving = movingBelow(slots[i]);
			if (fixedBelow(slots[i]) > fixed)
				fixed = fixedBelow(slots[i]);
		}
	}
	for (Code* code = end; code-- > function->codes;) {
		Slot* slot = code->slot;
		if (!code->op)
			continue;
		if (kindOf(code->op) == INDEX)
			code->value = (int32_t)(slot->isFixed ? moving + fixedBelow(slot) : movingBelow(slot));
		else if (code->op == XS_CODE_NEW_LOCAL || (code->op == XS_CODE_NEW_TEMPORARY && slot->isFixed))
			take(code);
		else if (code->op == XS_CODE_RESERVE_1)
			code->value = (int32_t)(moving + fixed);
		else if (code->op == XS_CODE_RETRIEVE_1 || code->op == XS_CODE_UNWIND_1)
			code->value = movingOf(code);
		if ((code->op == XS_CODE_RESERVE_1 || code->op == XS_CODE_RETRIEVE_1 || code->op == XS_CODE_UNWIND_1)
			&& code->value == 0 && after(code)->op != XS_CODE_RETRIEVE_TARGET)
			take(code);
		if (code->body)
			frameLayOut(code->body);
	}
}
