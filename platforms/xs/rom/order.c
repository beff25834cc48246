// Properties are looked for one after the other: those that the program names most come first. Only where the order is
// nobody's affair: in the global object, and in the prototypes of the program's classes.

#include "rom.h"

static bool isHidden(const txSlot* instance)
{
	for (const txSlot* property = instance->next; property; property = property->next)
		if (!(property->flag & XS_DONT_ENUM_FLAG) || (property->flag & XS_INTERNAL_FLAG))
			return false;
	return true;
}

static void sort(txSlot* instance)
{
	if (!isHidden(instance))
		return;
	txSlot* rest = instance->next;
	instance->next = NULL;
	while (rest) {
		txSlot* property = rest;
		txSlot** at = &instance->next;
		rest = rest->next;
		while (*at && usesOf((*at)->ID) >= usesOf(property->ID))
			at = &(*at)->next;
		property->next = *at;
		*at = property;
	}
}

void orderProperties(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
		if (slot->kind != XS_INSTANCE_KIND || !mxIsFunction(slot) || slot->next->kind != XS_CODE_X_KIND)
			continue;
		for (txSlot* property = slot->next; property; property = property->next)
			if (property->ID == mxID(_prototype) && property->kind == XS_REFERENCE_KIND)
				sort(property->value.reference);
	}
	sort(mxGlobal.value.reference);
}
