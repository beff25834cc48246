// Short instructions in the place of long ones that do the same. Each rule looks at a few instructions in a row, none of
// which but the first may be branched to.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

static bool isLocal(const Code* code, uint8_t op)
{
	return is(code, op) && (code->slot->kind == LOCAL || code->slot->kind == TEMPORARY);
}

// A value that is pushed and does nothing else.
static bool isPush(const Code* code)
{
	if (!code)
		return false;
	switch (code->op) {
	case XS_CODE_ARGUMENT:
	case XS_CODE_FALSE:
	case XS_CODE_GET_LOCAL_1:
	case XS_CODE_INTEGER_1:
	case XS_CODE_NULL:
	case XS_CODE_NUMBER:
	case XS_CODE_STRING_ARCHIVE_1:
	case XS_CODE_THIS:
	case XS_CODE_TRUE:
	case XS_CODE_UNDEFINED:
		return true;
	}
	return false;
}

static bool local(Function* function, Code* code)
{
	Code* next = then(code);
	switch (code->op) {
	case XS_CODE_CONST_LOCAL_1:
	case XS_CODE_LET_LOCAL_1:
	case XS_CODE_VAR_LOCAL_1:
		return become(code, XS_CODE_SET_LOCAL_1);
	case XS_CODE_SET_CLOSURE_1:
		if (!is(next, XS_CODE_POP))
			return false;
		take(next);
		return become(code, XS_CODE_PULL_CLOSURE_1);
	case XS_CODE_SET_LOCAL_1:
		if (code->slot->reads == 0) {
			take(code);
			return true;
		}
		if (!is(next, XS_CODE_POP))
			return false;
		take(next);
		return become(code, XS_CODE_PULL_LOCAL_1);
	case XS_CODE_PULL_LOCAL_1:
		if (code->slot->reads == 0)
			return become(code, XS_CODE_POP);
		if (!is(next, XS_CODE_GET_LOCAL_1) || next->slot != code->slot)
			return false;
		take(next);
		code->slot->reads--;
		return become(code, XS_CODE_SET_LOCAL_1);
	case XS_CODE_ARGUMENT:
		// what is never written again is read where the caller has put it
		if (function->isSuspended || !isLocal(next, XS_CODE_PULL_LOCAL_1) || next->slot->writes != 1)
			return false;
		for (Code* read = function->codes; read < function->codes + function->count; read++)
			if (read->op == XS_CODE_GET_LOCAL_1 && read->slot == next->slot) {
				read->bytes = code->bytes;
				read->length = code->length;
				become(read, XS_CODE_ARGUMENT);
			}
		take(next);
		take(code);
		return true;
	}
	if (isPush(code) && is(next, XS_CODE_POP)) {
		take(next);
		take(code);
		return true;
	}
	return false;
}

// const { a, b } = object: the object stays on the stack instead of in a place of its own.
static bool destructuring(Code* code)
{
	Code* guard = then(code);
	if (!is(code, XS_CODE_DUB) || !is(guard, XS_CODE_TO_INSTANCE))
		return false;
	Code* keep = then(guard);
	const Slot* object = isLocal(keep, XS_CODE_SET_LOCAL_1) ? keep->slot : NULL;
	Code* get = object ? then(keep) : keep;
	Code* last = NULL; // the read of the object for the last property
	for (uint32_t reads = 0;;) {
		Code* put = is(get, XS_CODE_GET_PROPERTY) ? then(get) : NULL;
		if (!put)
			return false;
		if (put->op == XS_CODE_CONST_CLOSURE_1 || put->op == XS_CODE_VAR_CLOSURE_1 || put->op == XS_CODE_LET_CLOSURE_1)
			put = is(then(put), XS_CODE_POP) ? then(put) : NULL;
		else if (put->op != XS_CODE_PULL_LOCAL_1)
			return false;
		Code* next = then(put);
		if (isLocal(next, XS_CODE_GET_LOCAL_1) && next->slot == object) {
			last = next;
			reads++;
			get = then(next);
			continue;
		}
		if (is(next, XS_CODE_UNWIND_1))
			next = then(next);
		if (!is(next, XS_CODE_POP) || (object && (object->reads != reads || object->writes != 1)))
			return false;
		take(next);
		break;
	}
	take(guard);
	if (object) {
		for (Code* read = keep; last && read < last; read++)
			if (read->op == XS_CODE_GET_LOCAL_1 && read->slot == object)
				become(read, XS_CODE_DUB);
		take(keep);
	}
	take(last ? last : code);
	return true;
}

// How many values an instruction leaves on the stack more than it finds. False where it is not known here.
static bool deltaOf(const Code* code, int32_t* delta)
{
	*delta = 0;
	if (isPush(code) || code->op == XS_CODE_GET_CLOSURE_1) {
		*delta = 1;
		return true;
	}
	switch (code->op) {
	case XS_CODE_CALL:
	case XS_CODE_DUB:
	case XS_CODE_GLOBAL:
		*delta = 1;
		return true;
	case XS_CODE_NEW:
		*delta = 2;
		return true;
	case XS_CODE_RUN_1:
		*delta = -2 - code->value;
		return true;
	case XS_CODE_ADD:
	case XS_CODE_BIT_AND:
	case XS_CODE_DIVIDE:
	case XS_CODE_GET_PROPERTY_AT:
	case XS_CODE_LESS:
	case XS_CODE_MODULO:
	case XS_CODE_MORE:
	case XS_CODE_MULTIPLY:
	case XS_CODE_POP:
	case XS_CODE_SIGNED_RIGHT_SHIFT:
	case XS_CODE_STRICT_EQUAL:
	case XS_CODE_STRICT_NOT_EQUAL:
	case XS_CODE_SUBTRACT:
	case XS_CODE_UNSIGNED_RIGHT_SHIFT:
		*delta = -1;
		return true;
	case XS_CODE_AT:
	case XS_CODE_DECREMENT:
	case XS_CODE_GET_PRIVATE_1:
	case XS_CODE_GET_PROPERTY:
	case XS_CODE_GET_VARIABLE:
	case XS_CODE_INCREMENT:
	case XS_CODE_MINUS:
	case XS_CODE_NOT:
	case XS_CODE_SWAP:
	case XS_CODE_TO_STRING:
		return true;
	}
	return false;
}

static bool isEmptyText(const Code* code)
{
	return is(code, XS_CODE_STRING_ARCHIVE_1) && code->length == 1;
}

// `${value}`: the empty string in front of a value that is made a string anyway, and the one behind it.
static bool template(Code* code)
{
	Code* add = then(code);
	if (is(code, XS_CODE_TO_STRING)) {
		Code* text = is(add, XS_CODE_ADD) ? then(add) : add;
		if (!isEmptyText(text) || !is(then(text), XS_CODE_ADD))
			return false;
		take(then(text));
		take(text);
		return true;
	}
	if (!isEmptyText(code))
		return false;
	const Code* last = code;
	int32_t depth = 0, delta; // of the stack above the empty string
	for (Code* next = then(code); next && !next->target; next = then(next)) {
		if (is(next, XS_CODE_ADD) && depth == 1) {
			if (!is(last, XS_CODE_TO_STRING))
				return false;
			take(next);
			take(code);
			return true;
		}
		if (!deltaOf(next, &delta))
			return false;
		depth += delta;
		if (depth < 1)
			return false;
		last = next;
	}
	return false;
}

static bool variable(Code* code)
{
	Code* next = then(code);
	if (!is(code, XS_CODE_PROGRAM_REFERENCE) || !next || next->value != code->value
		|| (next->op != XS_CODE_GET_VARIABLE && next->op != XS_CODE_GET_THIS_VARIABLE))
		return false;
	become(code, XS_CODE_GLOBAL);
	return become(next, XS_CODE_GET_VARIABLE);
}

bool simplify(Function* function)
{
	bool hasChanged = false;
	frameCount(function);
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op)
			continue;
		if (local(function, code) || destructuring(code) || template(code) || variable(code) || constants(code)
			|| branches(function, code) || literals(function, code)) {
			hasChanged = true;
			frameCount(function);
		}
	}
	return hasChanged;
}
