// Takes away what nobody looks at, and marks what nobody changes. An instance in flash that could be written has an entry in a table in RAM, for the copy that
// a write would make; a frozen one has none, and a write to it throws.

#include "rom.h"

static void freeze(txSlot* instance)
{
	instance->flag |= XS_DONT_PATCH_FLAG;
	for (txSlot* property = instance->next; property; property = property->next) {
		property->flag |= XS_DONT_DELETE_FLAG;
		if (property->kind != XS_ACCESSOR_KIND)
			property->flag |= XS_DONT_SET_FLAG;
		if (property->kind != XS_ARRAY_KIND)
			continue;
		txSlot* item = property->value.array.address;
		for (txIndex count = fxGetIndexSize(NULL, property); count > 0; count--, item++)
			item->flag |= XS_DONT_DELETE_FLAG | XS_DONT_SET_FLAG;
	}
}

static bool isInternalTo(const txSlot* instance, txKind kind)
{
	return instance->next && instance->next->kind == kind;
}

typedef void (*Visit)(txMachine* the, txSlot* instance);

static void eachInstance(txMachine* the, Visit visit)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++)
		if (slot->kind == XS_INSTANCE_KIND)
			visit(the, slot);
}

static void freezeBuiltin(txMachine* the, txSlot* instance)
{
	// the program's own bookkeeping changes, and the global object is one that programs add to
	if (instance == mxGlobal.value.reference || isInternalTo(instance, XS_PROGRAM_KIND) || isInternalTo(instance, XS_MODULE_KIND))
		return;
	if (mxIsFunction(instance) || instance->value.instance.prototype)
		freeze(instance);
}

// A plain function has an object for what `new` would make with it, which nobody does: classes are for that.
static void dropPrototype(txSlot* function)
{
	txSlot* code = function->next;
	if ((code->kind != XS_CODE_X_KIND && code->kind != XS_CODE_KIND) || (code->flag & (XS_BASE_FLAG | XS_DERIVED_FLAG)))
		return;
	for (txSlot** at = &function->next; *at; at = &(*at)->next)
		if ((*at)->ID == mxID(_prototype) && (*at)->kind == XS_REFERENCE_KIND && !((*at)->flag & XS_INTERNAL_FLAG)) {
			*at = (*at)->next;
			return;
		}
}

static void freezeFunction(txMachine* the, txSlot* instance)
{
	(void)the;
	if (!mxIsFunction(instance))
		return;
	dropPrototype(instance);
	freeze(instance);
	for (txSlot* property = instance->next; property; property = property->next)
		if (property->ID == mxID(_prototype) && property->kind == XS_REFERENCE_KIND)
			freeze(property->value.reference);
}

// A variable that is the only one with a function or a class is where that is declared, where modules have no variables of
// their own: in flash it needs no place for another value, and who assigns to it gets a TypeError.
static void freezeDeclarations(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	txSlot** variables = allocate((size_t)(limit - the->firstHeap) * sizeof *variables); // by the function's place
	for (int pass = 0; pass < 2; pass++)
		for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
			txSlot* variable = slot->kind == XS_CLOSURE_KIND ? slot->value.closure : NULL;
			if (!variable || variable->kind != XS_REFERENCE_KIND || !mxIsFunction(variable->value.reference))
				continue;
			txSlot** first = &variables[variable->value.reference - the->firstHeap];
			if (pass == 0)
				*first = *first && *first != variable ? limit : variable;
			else if (*first == variable)
				variable->flag |= XS_DONT_SET_FLAG;
		}
}

void freezeBuiltins(txMachine* the)
{
	eachInstance(the, freezeBuiltin);
	freeze(mxObjectPrototype.value.reference);
}

void freezeFunctions(txMachine* the, bool hasVariables)
{
	eachInstance(the, freezeFunction);
	if (!hasVariables)
		freezeDeclarations(the);
}
