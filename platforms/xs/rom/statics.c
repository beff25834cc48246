// Which properties of the engine's classes and namespaces a program uses: `Math.max`, `Object.keys`. Where it only ever says
// a class's name together with a property's, calls the class, makes an object of it or asks whether something is one, the
// class has no use for other properties: `log` and `random` are names of so much else.

#include "rom.h"

enum { MOST_CLASSES = XS_ID_COUNT };

static bool isTaken[MOST_CLASSES]; // the program has the class itself in its hand
static bool* isUsed[MOST_CLASSES]; // by a property's name
static bool hasRadix; // somewhere toString may get an argument

static txID nameAt(const uint8_t* instruction)
{
	txID key;
	memcpy(&key, instruction + 1, sizeof key);
	return key;
}

static void use(txID class, txID property)
{
	if (!isUsed[class])
		isUsed[class] = allocate(XS_ID_COUNT * sizeof(bool));
	if (property < XS_ID_COUNT)
		isUsed[class][property] = true;
}

void staticsForget(void)
{
	memset(isTaken, 0, sizeof isTaken);
	memset(isUsed, 0, sizeof isUsed);
	hasRadix = false;
}

static void noteToString(const uint8_t* next)
{
	if (next[0] != XS_CODE_CALL || (next[1] != XS_CODE_RUN_1 && next[1] != XS_CODE_RUN_TAIL_1) || next[2] != 0)
		hasRadix = true;
}

bool staticsHaveRadix(void)
{
	return hasRadix;
}

bool staticsHaveLogarithms(void)
{
	const bool* used = isUsed[mxID(_Math)];
	return hasRadix || isTaken[mxID(_Math)] || (used && (used[mxID(_log)] || used[mxID(_log2)]));
}

void staticsAdd(const uint8_t* instruction)
{
	if (*instruction == XS_CODE_GET_PROPERTY && nameAt(instruction) == mxID(_toString))
		noteToString(instruction + codeStep(instruction));
	if (*instruction != XS_CODE_GET_VARIABLE || nameAt(instruction) >= XS_ID_COUNT)
		return;
	txID class = nameAt(instruction);
	const uint8_t* next = instruction + codeStep(instruction);
	if (*next == XS_CODE_GET_PROPERTY)
		use(class, nameAt(next));
	else if (*next == XS_CODE_DUB && next[1] == XS_CODE_GET_PROPERTY && next[2 + sizeof(txID)] == XS_CODE_CALL)
		use(class, nameAt(next + 1));
	else if (*next != XS_CODE_CALL && *next != XS_CODE_NEW && *next != XS_CODE_INSTANCEOF)
		isTaken[class] = true;
}

// A subclass has the properties of the class that it extends.
static bool isSaid(txMachine* the, txSlot* instance, txID class, txID property)
{
	for (txSlot* other = mxGlobal.value.reference->next; other; other = other->next)
		if (other->kind == XS_REFERENCE_KIND && other->value.reference->value.instance.prototype == instance && staticsKeep(the, other->value.reference, property))
			return true;
	return class != XS_NO_ID && (isTaken[class] || (isUsed[class] && isUsed[class][property]));
}

bool staticsKeep(txMachine* the, txSlot* instance, txID property)
{
	txID class = XS_NO_ID;
	if (property < XS_SYMBOL_ID_COUNT || property >= XS_ID_COUNT || usesName(mxID(_constructor)))
		return true;
	for (txSlot* global = mxGlobal.value.reference->next; global; global = global->next)
		if (global->kind == XS_REFERENCE_KIND && global->value.reference == instance)
			class = global->ID;
	if (class == mxID(_global) || class == mxID(_globalThis) || (class == XS_NO_ID && instance != mxTypedArrayConstructor.value.reference))
		return true;
	return isSaid(the, instance, class, property);
}
