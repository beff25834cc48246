// Bytecode to instructions and back (code.h).

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

extern const txS1 gxCodeSizes[];

// Instructions of which there are forms for operands of 1, 2 and 4 bytes, one opcode after the other.
static const struct {
	uint8_t op;
	uint8_t forms;
	uint8_t kind;
} FORMS[] = {
	{ XS_CODE_BIGINT_1, 2, TEXT },
	{ XS_CODE_BRANCH_1, 3, BRANCH },
	{ XS_CODE_BRANCH_CHAIN_1, 3, BRANCH },
	{ XS_CODE_BRANCH_COALESCE_1, 3, BRANCH },
	{ XS_CODE_BRANCH_ELSE_1, 3, BRANCH },
	{ XS_CODE_BRANCH_IF_1, 3, BRANCH },
	{ XS_CODE_BRANCH_STATUS_1, 3, BRANCH },
	{ XS_CODE_CATCH_1, 3, BRANCH },
	{ XS_CODE_CODE_ARCHIVE_1, 3, BODY },
	{ XS_CODE_CONST_CLOSURE_1, 2, INDEX },
	{ XS_CODE_CONST_LOCAL_1, 2, INDEX },
	{ XS_CODE_GET_CLOSURE_1, 2, INDEX },
	{ XS_CODE_GET_LOCAL_1, 2, INDEX },
	{ XS_CODE_GET_PRIVATE_1, 2, INDEX },
	{ XS_CODE_HAS_PRIVATE_1, 2, INDEX },
	{ XS_CODE_INTEGER_1, 3, INTEGER },
	{ XS_CODE_LET_CLOSURE_1, 2, INDEX },
	{ XS_CODE_LET_LOCAL_1, 2, INDEX },
	{ XS_CODE_NEW_PRIVATE_1, 2, INDEX },
	{ XS_CODE_PULL_CLOSURE_1, 2, INDEX },
	{ XS_CODE_PULL_LOCAL_1, 2, INDEX },
	{ XS_CODE_REFRESH_CLOSURE_1, 2, INDEX },
	{ XS_CODE_REFRESH_LOCAL_1, 2, INDEX },
	{ XS_CODE_RESERVE_1, 2, COUNT },
	{ XS_CODE_RESET_CLOSURE_1, 2, INDEX },
	{ XS_CODE_RESET_LOCAL_1, 2, INDEX },
	{ XS_CODE_RETRIEVE_1, 2, COUNT },
	{ XS_CODE_RUN_1, 3, INTEGER },
	{ XS_CODE_RUN_TAIL_1, 3, INTEGER },
	{ XS_CODE_SET_CLOSURE_1, 2, INDEX },
	{ XS_CODE_SET_LOCAL_1, 2, INDEX },
	{ XS_CODE_SET_PRIVATE_1, 2, INDEX },
	{ XS_CODE_STORE_1, 2, INDEX },
	{ XS_CODE_STRING_ARCHIVE_1, 3, TEXT },
	{ XS_CODE_UNWIND_1, 2, COUNT },
	{ XS_CODE_VAR_CLOSURE_1, 2, INDEX },
	{ XS_CODE_VAR_LOCAL_1, 2, INDEX },
};

static struct {
	uint8_t shortest;
	uint8_t kind;
} table[256];

static void prepare(void)
{
	if (table[XS_CODE_END].shortest)
		return;
	for (int op = 1; op < XS_CODE_COUNT; op++) {
		table[op].shortest = (uint8_t)op;
		table[op].kind = gxCodeSizes[op] == 1 ? PLAIN : gxCodeSizes[op] == 0 ? KEY : RAW;
	}
	table[PROPERTY_FLAG].kind = RAW;
	for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
		for (int form = 0; form < FORMS[i].forms; form++) {
			table[FORMS[i].op + form].shortest = FORMS[i].op;
			table[FORMS[i].op + form].kind = FORMS[i].kind;
		}
}

int kindOf(uint8_t op)
{
	return table[op].kind;
}

Code* after(const Code* code)
{
	do
		code++;
	while (code->op == 0 && code->size > 0);
	return code->op ? (Code*)code : NULL;
}

void take(Code* code)
{
	Code* next = after(code);
	if (code->isTarget && next)
		next->isTarget = true;
	code->op = 0;
}

Code* then(const Code* code)
{
	Code* next = code ? after(code) : NULL;
	return next && !next->isTarget ? next : NULL;
}

bool is(const Code* code, uint8_t op)
{
	return code && code->op == op;
}

bool become(Code* code, uint8_t op)
{
	code->op = op;
	return true;
}

Slot* rootOf(Slot* slot)
{
	while (slot->outer)
		slot = slot->outer;
	return slot;
}

static int32_t number(const uint8_t* p, uint32_t bytes, bool isSigned)
{
	if (bytes == 1)
		return isSigned ? (int8_t)p[0] : p[0];
	if (bytes == 2)
		return isSigned ? (int16_t)(p[0] | p[1] << 8) : p[0] | p[1] << 8;
	return (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24);
}

static uint32_t decodeOne(Code* code, const uint8_t* bytes, uint32_t at)
{
	uint8_t op = bytes[at];
	const uint8_t* operand = bytes + at + 1;
	uint32_t width = 1u << (op - table[op].shortest);
	*code = (Code) { .op = table[op].shortest, .at = at, .size = 1 + width };
	switch (table[op].kind) {
	case PLAIN:
		code->size = 1;
		break;
	case KEY:
		code->value = number(operand, 2, false);
		code->size = 3;
		break;
	case TEXT:
		code->length = (uint32_t)number(operand, width, false);
		code->bytes = operand + width;
		code->size += code->length;
		break;
	case RAW:
		code->bytes = operand;
		code->length = (uint32_t)gxCodeSizes[op] - 1;
		code->size = (uint32_t)gxCodeSizes[op];
		break;
	case BODY:
		code->length = (uint32_t)number(operand, width, false);
		code->body = decode(operand + width, code->length);
		code->size += code->length;
		break;
	default:
		code->value = number(operand, width, table[op].kind == INTEGER || table[op].kind == BRANCH);
	}
	return at + code->size;
}

static bool isFunction(uint8_t op)
{
	return op == XS_CODE_FUNCTION || op == XS_CODE_CONSTRUCTOR_FUNCTION;
}

static bool makesProperty(uint8_t op)
{
	return op == XS_CODE_NEW_PROPERTY || op == XS_CODE_NEW_PROPERTY_AT || op == XS_CODE_NEW_PRIVATE_1;
}

Function* decode(const uint8_t* bytes, uint32_t size)
{
	prepare();
	Function* function = allocate(sizeof(Function));
	function->codes = allocate((size + 1) * sizeof(Code));
	Function* latest = NULL;
	for (uint32_t at = 0; at < size;) {
		Code* code = &function->codes[function->count++];
		at = decodeOne(code, bytes, at);
		if (code->op == XS_CODE_INTEGER_1 && code > function->codes && makesProperty(code[-1].op)) {
			code->op = PROPERTY_FLAG;
			code->bytes = bytes + code->at + 1;
			code->length = 1;
		}
		if (code->body) {
			latest = code->body;
			latest->isSuspended = !isFunction(code[-1].op);
			latest->stores = allocate(size * sizeof(Code*));
		}
		else if (code->op == XS_CODE_STORE_1)
			latest->stores[latest->storeCount++] = code;
	}
	for (uint32_t i = 0; i < function->count; i++) {
		Code* code = &function->codes[i];
		if (kindOf(code->op) != BRANCH)
			continue;
		uint32_t to = (uint32_t)((int32_t)(code->at + code->size) + code->value);
		for (Code* candidate = function->codes; candidate < function->codes + function->count; candidate++)
			if (candidate->at == to)
				code->target = candidate;
		if (!code->target) {
			// The compiler lets what takes a parameter apart go where the function around it returns. That never happens.
			code->op = XS_CODE_RETHROW;
			if (code > function->codes && code[-1].op == XS_CODE_UNWIND_1)
				code[-1].op = XS_CODE_RETHROW;
		}
	}
	return function;
}

static uint32_t widthOf(const Code* code)
{
	int32_t value = code->value;
	switch (kindOf(code->op)) {
	case BRANCH:
	case INTEGER:
		return value >= -128 && value <= 127 ? 1 : value >= -32768 && value <= 32767 ? 2 : 4;
	case TEXT:
	case BODY:
		value = (int32_t)code->length;
		break;
	}
	// the engine reads a function's length as a signed number
	return value < (code->body ? 128 : 256) ? 1 : value < (code->body ? 32768 : 65536) ? 2 : 4;
}

static uint32_t sizeOf(const Code* code)
{
	switch (kindOf(code->op)) {
	case PLAIN:
		return 1;
	case KEY:
		return 3;
	case RAW:
		return 1 + code->length;
	case TEXT:
	case BODY:
		return 1 + widthOf(code) + code->length;
	}
	return 1 + widthOf(code);
}

// Gives every instruction its position. Branches begin short and only grow, so this ends.
static uint32_t layOut(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (kindOf(code->op) == BRANCH)
			code->value = 0;
		code->size = code->op ? sizeOf(code) : 0;
	}
	for (;;) {
		bool isStable = true;
		uint32_t at = 0;
		for (Code* code = function->codes; code < function->codes + function->count; code++) {
			code->at = at;
			at += code->size;
		}
		for (Code* code = function->codes; code < function->codes + function->count; code++) {
			if (!code->op || kindOf(code->op) != BRANCH)
				continue;
			code->value = (int32_t)code->target->at - (int32_t)(code->at + code->size);
			if (sizeOf(code) > code->size) {
				code->size = sizeOf(code);
				isStable = false;
			}
		}
		if (isStable)
			return at;
	}
}

uint8_t* encode(Function* function, uint32_t* size)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op && code->body)
			code->bytes = encode(code->body, &code->length);
	*size = layOut(function);
	uint8_t* result = allocate(*size);
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op)
			continue;
		uint8_t* p = result + code->at;
		int kind = kindOf(code->op);
		uint32_t width = kind == PLAIN || kind == RAW ? 0 : kind == KEY ? 2 : kind == BRANCH ? code->size - 1 : widthOf(code);
		int32_t value = kind == TEXT || kind == BODY ? (int32_t)code->length : code->value;
		uint8_t op = code->op == PROPERTY_FLAG ? XS_CODE_INTEGER_1 : code->op;
		*p++ = (uint8_t)(op + (kind == KEY || width < 2 ? 0 : width / 2));
		for (uint32_t i = 0; i < width; i++)
			*p++ = (uint8_t)(value >> (8 * i));
		if (kind == TEXT || kind == BODY || kind == RAW)
			memcpy(p, code->bytes, code->length);
	}
	return result;
}
