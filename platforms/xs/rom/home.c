// A function's home: the object that `super` and a stack trace go by, the module that import() and import.meta go by, and a
// number for profiles. All get one module, the program, where nobody asks for another: homes become alike, and nothing refers
// to the preloaded modules any more, which are seven slots each.

#include "rom.h"

static bool asksForModules(void)
{
	return usesInstruction(XS_CODE_IMPORT) || usesInstruction(XS_CODE_IMPORT_META);
}

void homesShare(txMachine* the)
{
	txSlot* limit = the->firstHeap->value.reference;
	for (txSlot* slot = the->firstHeap + 1; slot < limit; slot++) {
		if (slot->kind != XS_INSTANCE_KIND || !mxIsFunction(slot))
			continue;
		txSlot* home = mxFunctionInstanceHome(slot);
		home->ID = XS_NO_ID;
		if (!asksForModules())
			home->value.home.module = mxProgram.value.reference;
	}
}
