// Rules of simplify.c for array and object literals, which keep what they make in a place of its own.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

enum { ITEMS = 32 }; // of an array: the most that wait on the stack at a time

static bool isOf(const Code* code, uint8_t op, const Slot* slot)
{
	return is(code, op) && code->slot == slot;
}

static Code* behind(Code* code, int count)
{
	while (count-- > 0)
		code = then(code);
	return code;
}

// The end of an item: SET_PROPERTY_AT and POP in front of `next`.
static Code* itemEnd(Code* from, Code* next)
{
	Code* end = NULL;
	Code* last = NULL;
	for (Code* code = after(from); code != next; code = after(code)) {
		end = last;
		last = code;
	}
	return is(end, XS_CODE_SET_PROPERTY_AT) && is(last, XS_CODE_POP) ? end : NULL;
}

// [a, b]: as Array.of(a, b).
static bool array(Code* code)
{
	Code* parts[12];
	Code* items[ITEMS + 1];
	if (!is(code, XS_CODE_ARRAY))
		return false;
	for (int i = 0; i < 12; i++)
		parts[i] = behind(code, i);
	const Slot* slot = is(parts[1], XS_CODE_SET_LOCAL_1) ? parts[1]->slot : NULL;
	if (!slot || !isOf(parts[2], XS_CODE_GET_LOCAL_1, slot) || !is(parts[3], XS_CODE_INTEGER_1)
		|| !is(parts[4], XS_CODE_SET_PROPERTY) || !isOf(parts[6], XS_CODE_GET_LOCAL_1, slot)
		|| !is(parts[8], XS_CODE_GET_PROPERTY) || !is(parts[10], XS_CODE_RUN_1) || !is(parts[11], XS_CODE_POP))
		return false;
	int32_t count = parts[3]->value;
	if (count < 1 || count > ITEMS || slot->reads != (uint32_t)count + 2)
		return false;
	int32_t found = 0;
	Code* next = after(parts[11]);
	for (; next && !(is(next, XS_CODE_UNWIND_1) && next->top == slot && found == count); next = after(next))
		if (isOf(next, XS_CODE_GET_LOCAL_1, slot)) {
			if (!is(then(next), XS_CODE_INTEGER_1) || then(next)->value != found || !is(behind(next, 2), XS_CODE_AT))
				return false;
			items[found++] = next;
		}
	items[count] = next;
	if (!next || items[0] != after(parts[11]))
		return false;
	for (int32_t i = 0; i < count; i++)
		if (!itemEnd(items[i], items[i + 1]))
			return false;
	for (int32_t i = 0; i < count; i++) {
		Code* end = itemEnd(items[i], items[i + 1]);
		if (i < count - 1)
			take(after(end));
		else {
			after(end)->value = count;
			become(after(end), XS_CODE_RUN_1);
		}
		take(end);
		take(behind(items[i], 2));
		take(then(items[i]));
		take(items[i]);
	}
	become(code, XS_CODE_GLOBAL);
	parts[4]->value = mxID(_Array);
	become(parts[4], XS_CODE_GET_VARIABLE);
	parts[8]->value = mxID(_of);
	for (int i = 11; i > 0; i--)
		if (i != 4 && i != 7 && i != 8 && i != 9)
			take(parts[i]);
	return true;
}

// { a, b }: the object is on the stack before each of its properties.
static bool object(Function* function, Code* code)
{
	Code* set = then(code);
	Code* get = then(set);
	if (!is(code, XS_CODE_OBJECT) || !is(set, XS_CODE_SET_LOCAL_1) || !isOf(get, XS_CODE_GET_LOCAL_1, set->slot))
		return false;
	become(get, XS_CODE_DUB);
	for (; code < function->codes + function->count; code++)
		if (is(code, PROPERTY_FLAG) && isOf(then(code), XS_CODE_GET_LOCAL_1, set->slot))
			become(then(code), XS_CODE_DUB);
	return true;
}

bool literals(Function* function, Code* code)
{
	return array(code) || object(function, code);
}
