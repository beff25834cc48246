// Rules of simplify.c for values that are known.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

// Number.POSITIVE_INFINITY and the like are what they are.
static bool constant(Code* code)
{
	static const struct { txID key; txNumber value; } numbers[] = {
		{ mxID(_EPSILON), 2.220446049250313e-16 },
		{ mxID(_MAX_SAFE_INTEGER), 9007199254740991 },
		{ mxID(_MIN_SAFE_INTEGER), -9007199254740991 },
		{ mxID(_NEGATIVE_INFINITY), -INFINITY },
		{ mxID(_NaN), NAN },
		{ mxID(_POSITIVE_INFINITY), INFINITY },
	};
	Code* object = then(code);
	Code* name = then(object);
	if (!is(code, XS_CODE_GLOBAL) || !is(object, XS_CODE_GET_VARIABLE) || object->value != mxID(_Number) || !is(name, XS_CODE_GET_PROPERTY))
		return false;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (numbers[i].key == name->value) {
			take(name);
			take(object);
			code->bytes = (const uint8_t*)&numbers[i].value;
			code->length = sizeof(txNumber);
			return become(code, XS_CODE_NUMBER);
		}
	return false;
}

static bool fold(const Code* left, const Code* right, uint8_t op, int64_t* result)
{
	int64_t a = left->value, b = right->value;
	switch (op) {
	case XS_CODE_ADD:
		*result = a + b;
		break;
	case XS_CODE_SUBTRACT:
		*result = a - b;
		break;
	case XS_CODE_MULTIPLY:
		// never a negative zero
		if (a < 0 || b < 0)
			return false;
		*result = a * b;
		break;
	case XS_CODE_LEFT_SHIFT:
		if (a < 0 || b < 0 || b > 30)
			return false;
		*result = a << b;
		break;
	case XS_CODE_SIGNED_RIGHT_SHIFT:
		if (b < 0 || b > 31)
			return false;
		*result = a >> b;
		break;
	case XS_CODE_BIT_AND:
		*result = a & b;
		break;
	case XS_CODE_BIT_OR:
		*result = a | b;
		break;
	default:
		return false;
	}
	return *result >= INT32_MIN && *result <= INT32_MAX;
}

static bool arithmetic(Code* code)
{
	Code* next = then(code);
	Code* third = then(next);
	int64_t result;
	if (!is(code, XS_CODE_INTEGER_1))
		return false;
	if (is(next, XS_CODE_MINUS) && code->value > 0) {
		code->value = -code->value;
		take(next);
		return true;
	}
	if (is(next, XS_CODE_SUBTRACT) && code->value == 1) {
		take(next);
		return become(code, XS_CODE_DECREMENT);
	}
	if (is(next, XS_CODE_INTEGER_1) && third && fold(code, next, third->op, &result)) {
		code->value = (int32_t)result;
		take(next);
		take(third);
		return true;
	}
	return false;
}

bool constants(Code* code)
{
	return constant(code) || arithmetic(code);
}
