// Leaves out what the engine offers and no module of the program names: a property whose name occurs in no bytecode can
// only be asked for by a name made at run time, and is not there then. What the engine's own C looks for stays.

#include "rom.h"

static const txID engineNames[] = {
	mxID(_constructor), mxID(_prototype), mxID(_length), mxID(_name), mxID(_message), mxID(_cause), mxID(_errors), mxID(_stack),
	mxID(_toString), mxID(_valueOf), mxID(_toJSON), mxID(_toISOString), mxID(_join),
	mxID(_next), mxID(_return), mxID(_throw), mxID(_done), mxID(_value), mxID(_then), mxID(_resolve), mxID(_status), mxID(_reason),
	mxID(_add), mxID(_get), mxID(_set), mxID(_writable), mxID(_enumerable), mxID(_configurable),
	mxID(_byteLength), mxID(_maxByteLength), mxID(_callee), mxID(_index), mxID(_default), mxID(_global), mxID(_globalThis),
	mxID(_Infinity), mxID(_NaN), mxID(_undefined),
};

// The same where regular expressions are used.
static const txID patternNames[] = {
	mxID(_dotAll), mxID(_exec), mxID(_flags), mxID(_global), mxID(_groups), mxID(_hasIndices), mxID(_ignoreCase), mxID(_index),
	mxID(_indices), mxID(_input), mxID(_lastIndex), mxID(_multiline), mxID(_source), mxID(_sticky), mxID(_unicode), mxID(_RegExp),
};

// What the engine makes by itself, for literals, conversions and errors.
static const txID engineClasses[] = {
	mxID(_Array), mxID(_ArrayBuffer), mxID(_BigInt), mxID(_Boolean), mxID(_Error), mxID(_Function), mxID(_Number), mxID(_Object),
	mxID(_RangeError), mxID(_ReferenceError), mxID(_String), mxID(_Symbol), mxID(_SyntaxError), mxID(_TypeError),
	mxID(_TypedArray), mxID(_Infinity), mxID(_NaN), mxID(_undefined),
};

#define CONTAINS(list, key) contains(list, sizeof list / sizeof list[0], key)

static bool contains(const txID* list, size_t count, txID key)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == key)
			return true;
	return false;
}

// By its place in the heap: an object that the engine has made, and no module.
static bool* isBuiltin;
static bool isAlone, isLoaded;

static bool usesPatterns(void)
{
	return usesName(mxID(_RegExp)) || usesInstruction(XS_CODE_REGEXP);
}

bool stripKeepsModules(void)
{
	return !isAlone || modulesAreObjects() || usesInstruction(XS_CODE_IMPORT);
}

// The engine's own loading of modules makes promises.
bool stripKeepsPromises(void)
{
	return !isAlone || usesName(mxID(_Promise)) || usesInstruction(XS_CODE_IMPORT) || usesInstruction(XS_CODE_START_ASYNC) ||
		usesInstruction(XS_CODE_START_ASYNC_GENERATOR) || usesInstruction(XS_CODE_FOR_AWAIT_OF);
}

bool stripKeeps(txID key)
{
	if (key < XS_SYMBOL_ID_COUNT || key >= XS_ID_COUNT || usesName(key))
		return true;
	if (key == mxID(_Promise))
		return stripKeepsPromises();
	return CONTAINS(engineNames, key) || CONTAINS(engineClasses, key) || (usesPatterns() && CONTAINS(patternNames, key));
}

// All but what the engine keeps for itself.
static void empty(txSlot* instance)
{
	for (txSlot** at = &instance->next; *at;)
		if ((*at)->flag & XS_INTERNAL_FLAG)
			at = &(*at)->next;
		else
			*at = (*at)->next;
}

static txSlot* findProperty(txSlot* instance, txID key)
{
	for (txSlot* property = instance->next; property; property = property->next)
		if (!(property->flag & XS_INTERNAL_FLAG) && property->ID == key)
			return property;
	return NULL;
}

static void clear(txSlot* slot)
{
	slot->kind = XS_UNDEFINED_KIND;
}

// A class or a namespace that the engine keeps at hand: its prototype stays, where the engine has a place for it, empty.
static void dropIntrinsic(txSlot* slot)
{
	if (slot->kind == XS_REFERENCE_KIND) {
		txSlot* prototype = findProperty(slot->value.reference, mxID(_prototype));
		if (prototype && prototype->kind == XS_REFERENCE_KIND)
			empty(prototype->value.reference);
	}
	clear(slot);
}

static bool keeps(txMachine* the, txSlot* instance, txID key)
{
	return stripKeeps(key) && (!isLoaded || CONTAINS(engineNames, key) || staticsKeep(the, instance, key));
}

static void replace(txMachine* the, txCallback from, txCallback to)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++)
		if (slot->kind == XS_CALLBACK_KIND && slot->value.callback.address == from)
			slot->value.callback.address = to;
}

// What would compile a text throws on a device, and is one function there; numbers are mostly written in decimal.
static void replaceFunctions(txMachine* the)
{
	replace(the, fx_Function, noParser);
	replace(the, fx_AsyncFunction, noParser);
	replace(the, fx_GeneratorFunction, noParser);
	replace(the, fx_AsyncGeneratorFunction, noParser);
	if (!staticsHaveRadix())
		replace(the, fx_Number_prototype_toString, numberToText);
}

static void stripProperties(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* instance = the->firstHeap + 1; instance < limit; instance++) {
		if (instance->kind != XS_INSTANCE_KIND || !isBuiltin[instance - the->firstHeap])
			continue;
		for (txSlot** at = &instance->next; *at;)
			if (((*at)->flag & XS_INTERNAL_FLAG) || keeps(the, instance, (*at)->ID))
				at = &(*at)->next;
			else
				*at = (*at)->next;
	}
}

static void findBuiltins(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	isBuiltin = allocate((size_t)(limit - the->firstHeap) * sizeof *isBuiltin);
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++)
		isBuiltin[slot - the->firstHeap] = slot->kind == XS_INSTANCE_KIND;
}

void strip(txMachine* the)
{
	findBuiltins(the);
	for (txID key = XS_SYMBOL_ID_COUNT; key < XS_INTRINSICS_COUNT; key++)
		if (!stripKeeps(key))
			dropIntrinsic(&the->stackTop[-1 - key]);
	if (!usesInstruction(XS_CODE_START_GENERATOR))
		empty(mxGeneratorPrototype.value.reference);
	if (!usesInstruction(XS_CODE_START_ASYNC_GENERATOR))
		empty(mxAsyncGeneratorPrototype.value.reference);
	if (!usesInstruction(XS_CODE_FOR_AWAIT_OF))
		empty(mxAsyncFromSyncIteratorPrototype.value.reference);
	if (!usesName(mxID(_Proxy)))
		clear(&mxProxyAccessor);
	if (!usesPatterns()) {
		empty(mxRegExpStringIteratorPrototype.value.reference);
		clear(&mxExecuteRegExpFunction);
		clear(&mxInitializeRegExpFunction);
	}
	stripProperties(the);
}

void stripAgain(txMachine* the, bool isAlone_)
{
	isAlone = isAlone_;
	isLoaded = true;
	if (!stripKeepsPromises()) {
		dropIntrinsic(&mxPromiseConstructor);
		clear(&mxOnRejectedPromiseFunction);
		clear(&mxOnResolvedPromiseFunction);
		clear(&mxOnThenableFunction);
	}
	if (!stripKeepsModules())
		clear(&mxModuleAccessor);
	if (!usesInstruction(XS_CODE_FOR_IN))
		clear(&mxEnumeratorFunction);
	if (!usesInstruction(XS_CODE_COPY_OBJECT))
		clear(&mxCopyObjectFunction);
	clear(&mxAssignObjectFunction);
	replaceFunctions(the);
	stripProperties(the);
}
