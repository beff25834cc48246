// Options and arguments of native functions, validated (binding.h).

#include "binding.h"

#include <math.h>
#include <string.h>

// The engine's messages take char*, and do not write to it.
#define NAME(text) ((char*)(uintptr_t)(text))

static void checkNumber(xsMachine* the, xsSlot* value, const char* name)
{
	xsType type = fxTypeOf(the, value);
	if (type != xsIntegerType && type != xsNumberType)
		xsTypeError("%s is not a number", NAME(name));
}

static int32_t toInteger(xsMachine* the, xsSlot* value, const char* name, int32_t least, int32_t most)
{
	checkNumber(the, value, name);
	double number = fxToNumber(the, value);
	if (!(number >= least && number <= most) || number != floor(number))
		xsRangeError("%s is not a whole number from %d to %d", NAME(name), (int)least, (int)most);
	return (int32_t)number;
}

static void toText(xsMachine* the, xsSlot* value, const char* name, char* into, size_t size)
{
	xsType type = fxTypeOf(the, value);
	if (type != xsStringType && type != xsStringXType)
		xsTypeError("%s is not a string", NAME(name));
	const char* text = fxToString(the, value);
	if (strlen(text) >= size)
		xsRangeError("%s is longer than %d bytes", NAME(name), (int)size - 1);
	strcpy(into, text);
}

static bool getOption(xsMachine* the, xsSlot* options, const char* name, xsSlot* value)
{
	_xsGet(the, value, options, xsID(name));
	return fxTypeOf(the, value) != xsUndefinedType;
}

bool optionText(xsMachine* the, xsSlot* options, const char* name, char* into, size_t size)
{
	xsSlot value;
	if (!getOption(the, options, name, &value))
		return false;
	toText(the, &value, name, into, size);
	return true;
}

bool optionInteger(xsMachine* the, xsSlot* options, const char* name, int32_t least, int32_t most, int32_t* result)
{
	xsSlot value;
	if (!getOption(the, options, name, &value))
		return false;
	*result = toInteger(the, &value, name, least, most);
	return true;
}

static xsSlot* argumentAt(xsMachine* the, int index, const char* name)
{
	if (index >= xsmcArgc)
		xsTypeError("%s is missing", NAME(name));
	return &xsArg(index);
}

int32_t argumentInteger(xsMachine* the, int index, const char* name, int32_t least, int32_t most)
{
	return toInteger(the, argumentAt(the, index, name), name, least, most);
}

double argumentNumber(xsMachine* the, int index, const char* name)
{
	xsSlot* value = argumentAt(the, index, name);
	checkNumber(the, value, name);
	return fxToNumber(the, value);
}

void argumentText(xsMachine* the, int index, const char* name, char* into, size_t size)
{
	toText(the, argumentAt(the, index, name), name, into, size);
}

void argumentFunction(xsMachine* the, int index, const char* name)
{
	if (!fxIsCallable(the, argumentAt(the, index, name)))
		xsTypeError("%s is not a function", NAME(name));
}

void* argumentBytes(xsMachine* the, int index, size_t* count, bool isWritten)
{
	void* data;
	xsUnsignedValue length;
	_xsmcGetBuffer(the, argumentAt(the, index, "buffer"), &data, &length, isWritten);
	*count = length;
	return data;
}

void argumentRange(xsMachine* the, int index, size_t count, size_t* start, size_t* end)
{
	int32_t most = count > INT32_MAX ? INT32_MAX : (int32_t)count;
	*start = index < xsmcArgc ? (size_t)argumentInteger(the, index, "start", 0, most) : 0;
	*end = index + 1 < xsmcArgc ? (size_t)argumentInteger(the, index + 1, "end", (int32_t)*start, most) : count;
}
