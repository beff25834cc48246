// The engine's modules, in place of its xsModule.c, with a namespace object (`import * as`) that knows of the variables of
// preloaded modules that have changed. Such a variable lies in flash; once it has been written its copy is in a table of
// the machine, which the engine's bytecode looks into and its namespace does not.
//
// Without modules that are loaded or are objects, in a prepared program, the interpreter's own instructions for them are left.

#ifdef IS_PREPARED
	#include "rom.h"
#else
	#define ROM_USES_MODULES 1
#endif

#if ROM_USES_MODULES

#define gxModuleBehavior engineModuleBehavior
#include "xsModule.c"
#undef gxModuleBehavior

static txSlot* current(txMachine* the, txID id, txSlot* variable)
{
	if (!variable || !variable->ID || variable == &mxModuleAccessor || fxIsKeySymbol(the, id))
		return variable;
	txSlot* copy = the->aliasArray[variable->ID];
	return copy ? copy : variable;
}

static txSlot* namespaceGetProperty(txMachine* the, txSlot* instance, txID id, txIndex index, txFlag flag)
{
	return current(the, id, fxModuleGetProperty(the, instance, id, index, flag));
}

static txBoolean namespaceGetPropertyValue(txMachine* the, txSlot* instance, txID id, txIndex index, txSlot* receiver, txSlot* value)
{
	(void)receiver;
	txSlot* variable = current(the, id, fxModuleFindProperty(the, instance, id, index));
	if (variable) {
		value->kind = variable->kind;
		value->value = variable->value;
	}
	else
		value->kind = XS_UNDEFINED_KIND;
	return variable != C_NULL;
}

extern const txBehavior gxModuleBehavior;
const txBehavior gxModuleBehavior = {
	namespaceGetProperty,
	fxModuleSetProperty,
	fxOrdinaryCall,
	fxOrdinaryConstruct,
	fxModuleDefineOwnProperty,
	fxModuleDeleteProperty,
	fxModuleGetOwnProperty,
	namespaceGetPropertyValue,
	fxModuleGetPrototype,
	fxModuleHasProperty,
	fxModuleIsExtensible,
	fxModuleOwnKeys,
	fxModulePreventExtensions,
	fxModuleSetPropertyValue,
	fxModuleSetPrototype,
};

#else

#include "xsAll.h"

void fxPrepareModule(txMachine* the, txFlag flag)
{
	(void)flag;
	mxSyntaxError("no modules on the device");
}

void fxPrepareTransfer(txMachine* the)
{
	mxSyntaxError("no modules on the device");
}

#endif
