// OMA's names and units of objects and resources are there for those who read the definitions: no module asks for them when
// the program runs, and they leave the machine.

#include "rom.h"

static txSlot** find(txSlot* instance, txID key)
{
	txSlot** at = &instance->next;
	while (*at && (((*at)->flag & XS_INTERNAL_FLAG) || (*at)->ID != key))
		at = &(*at)->next;
	return at;
}

static void drop(txSlot* instance, txID key)
{
	txSlot** at = find(instance, key);
	if (*at && key != XS_NO_ID)
		*at = (*at)->next;
}

void labelsDrop(txMachine* the)
{
	txID operations = fxFindName(the, "operations"), versions = fxFindName(the, "versions"), units = fxFindName(the, "units");
	if (operations == XS_NO_ID || versions == XS_NO_ID)
		return;
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
		if (slot->kind != XS_INSTANCE_KIND || (!*find(slot, operations) && !*find(slot, versions)))
			continue;
		drop(slot, mxID(_name));
		if (!usesName(units))
			drop(slot, units);
	}
}
