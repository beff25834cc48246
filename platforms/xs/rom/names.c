// Which names the machine needs: those of properties, and those that the code that is kept asks for. The names of a
// function's own variables are nothing that runs: they are taken out of the code. A name that is missing is made anew
// where native code asks for it by its text.

#include "rom.h"

extern const txS1 gxCodeSizes[];

static bool isNeeded[0x8000];

static void need(int32_t key)
{
	if (key > 0 && key < (int32_t)sizeof isNeeded)
		isNeeded[key] = true;
}

// A class's private members are told apart by the names of the variables that stand for them.
static bool isPrivate(txMachine* the, txID key)
{
	return key > 0 && key < the->keyIndex && the->keyArray[key] && the->keyArray[key]->value.key.string[0] == '#';
}

static bool isVariable(uint8_t instruction)
{
	return instruction == XS_CODE_NEW_LOCAL || instruction == XS_CODE_NEW_CLOSURE || instruction == XS_CODE_FILE;
}

// `isChanged`: the code is written anew, without what only describes it.
void namesInstruction(txMachine* the, uint8_t* instruction, bool isChanged)
{
	txID key;
	if (gxCodeSizes[*instruction] != 0)
		return;
	memcpy(&key, instruction + 1, sizeof key);
	if (isChanged && isVariable(*instruction) && !isPrivate(the, key))
		memset(instruction + 1, 0, sizeof key);
	else
		need(key);
}

void namesSlot(txMachine* the, txSlot* slot)
{
	if (slot->kind == XS_CLOSURE_KIND && !isPrivate(the, slot->ID)) {
		// a place among others to the function's code
		slot->ID = XS_NO_ID;
		return;
	}
	if (slot->kind == XS_KEY_KIND || slot->kind == XS_KEY_X_KIND)
		return;
	if (!isAlias(the, slot) && slot->kind != XS_INSTANCE_KIND)
		need(slot->ID);
	if (slot->kind == XS_SYMBOL_KIND)
		need(slot->value.symbol);
	else if (slot->kind == XS_MODULE_KIND || slot->kind == XS_PROGRAM_KIND)
		need(slot->value.module.id);
}

static txMachine* machine;

static void needName(const char* name)
{
	need(fxFindName(machine, (txString)(uintptr_t)name));
}

void namesModules(txMachine* the)
{
	machine = the;
	modulesNames(needName);
}

bool namesKeep(txID key)
{
	return isNeeded[key] || key < XS_SYMBOL_ID_COUNT || (key < XS_ID_COUNT && stripKeeps(key));
}
