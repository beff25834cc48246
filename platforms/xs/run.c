// The engine's interpreter with the ways in that a program takes most: a property of an ordinary object or of those
// before it in its chain of prototypes, an element or the length of an array, an element of an array of bytes. All else
// goes the engine's own way.

#include "xsAll.h"

// What is read and has no slot of its own.
static txSlot* number(txMachine* the, txInteger value)
{
	the->scratch.kind = XS_INTEGER_KIND;
	the->scratch.value.integer = value;
	return &the->scratch;
}

static txSlot* elementOf(txMachine* the, txSlot* instance, txIndex index)
{
	txSlot* internal = instance->next;
	if (internal->kind == XS_ARRAY_KIND) {
		txSlot* items = internal->value.array.address;
		if (items && index < internal->value.array.length && fxGetIndexSize(the, internal) == internal->value.array.length)
			return items + index;
	}
	else if (internal->kind == XS_TYPED_ARRAY_KIND && internal->value.typedArray.dispatch->getter == fxUint8Getter) {
		txSlot* view = internal->next;
		txSlot* buffer = view->next;
		if ((txInteger)index >= 0 && (txInteger)index < fxGetDataViewSize(the, view, buffer))
			return number(the, ((uint8_t*)buffer->value.reference->next->value.arrayBuffer.address)[view->value.dataView.offset + (txInteger)index]);
	}
	return (*gxBehaviors[internal->ID]->getProperty)(the, instance, XS_NO_ID, index, XS_ANY);
}

static __attribute__((noinline)) txSlot* propertyOf(txMachine* the, txSlot* instance, txID id, txIndex index)
{
	do {
		if (instance->ID && the->aliasArray[instance->ID])
			instance = the->aliasArray[instance->ID];
		if (instance->flag & XS_EXOTIC_FLAG) {
			if (!id)
				return elementOf(the, instance, index);
			if (id != mxID(_length) || instance->next->kind != XS_ARRAY_KIND)
				return (*gxBehaviors[instance->next->ID]->getProperty)(the, instance, id, index, XS_ANY);
			if (instance->next->value.array.length <= 0x7fffffff)
				return number(the, (txInteger)instance->next->value.array.length);
		}
		if (!id)
			return fxOrdinaryGetProperty(the, instance, id, index, XS_ANY);
		for (txSlot* property = instance->next; property; property = property->next)
			if (property->ID == id && !(property->flag & XS_INTERNAL_FLAG))
				return property;
		instance = instance->value.instance.prototype;
	} while (instance);
	return C_NULL;
}

// Where the object has none of that name the engine finds out what to do.
static __attribute__((noinline)) txSlot* ownPropertyOf(txMachine* the, txSlot* instance, txID id, txIndex index)
{
	if (id && !instance->ID && !(instance->flag & XS_EXOTIC_FLAG))
		for (txSlot* property = instance->next; property; property = property->next)
			if (property->ID == id && !(property->flag & XS_INTERNAL_FLAG))
				return property;
	return (*mxBehavior(instance)->setProperty)(the, instance, id, index, XS_ANY);
}

#undef mxBehaviorSetProperty
#define mxBehaviorSetProperty(THE, INSTANCE, ID, INDEX, FLAG) \
	((FLAG) == XS_ANY ? ownPropertyOf(THE, INSTANCE, ID, INDEX) : (*mxBehavior(INSTANCE)->setProperty)(THE, INSTANCE, ID, INDEX, FLAG))
#undef mxBehaviorGetProperty
#define mxBehaviorGetProperty(THE, INSTANCE, ID, INDEX, FLAG) \
	((FLAG) == XS_ANY ? propertyOf(THE, INSTANCE, ID, INDEX) : (*mxBehavior(INSTANCE)->getProperty)(THE, INSTANCE, ID, INDEX, FLAG))

// A function's places are cleared when it begins, and those of its last call moved up over its own: always whole slots.
static inline __attribute__((always_inline)) void clearSlots(txSlot* slot, size_t bytes)
{
	static const txSlot none;
	for (txSlot* limit = slot + bytes / sizeof none; slot < limit; slot++)
		*slot = none;
}

static inline __attribute__((always_inline)) void moveSlots(txSlot* to, const txSlot* from, size_t bytes)
{
	size_t count = bytes / sizeof *to;
	if (to < from)
		for (size_t i = 0; i < count; i++)
			to[i] = from[i];
	else
		while (count-- > 0)
			to[count] = from[count];
}

#undef c_memset
#define c_memset(SLOT, ZERO, BYTES) clearSlots(SLOT, BYTES)
#undef c_memmove
#define c_memmove(TO, FROM, BYTES) moveSlots(TO, FROM, BYTES)
#include "xsRun.c"
