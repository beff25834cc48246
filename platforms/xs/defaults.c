// What the engine calls through tables, in place of its xsDefaults.c, for programs whose machine is prepared (prepared.c):
// without what no module of the program uses (rom.h, by the build). Functions have no `name` and no `length`, which take
// two slots each and which nobody asks for; there is no eval, and nothing atomic.
//
// The tool that prepares the machine has the same tables, with all of the language.

#include "xsAll.h"

#ifdef ROM_TOOL
	#define ROM_USES_ASYNC 1
	#define ROM_USES_GENERATORS 1
	#define ROM_USES_ASYNC_GENERATORS 1
	#define ROM_USES_FOR_AWAIT 1
	#define ROM_USES_SLOPPY_ARGUMENTS 1
	#define ROM_USES_PROXY 1
	#define ROM_USES_FINALIZATION 1
	#define ROM_USES_BIGINT_ARRAYS 1
	#define ROM_USES_MODULES 1
	#define ROM_USES_POWERS 1
	#define ROM_USES_LOGARITHMS 1
#else
	#include "rom.h"
#endif

#define IF(isUsed, what) ((isUsed) ? (what) : C_NULL)
#define IF_NUMBER(isUsed, what) ((isUsed) ? (what) : C_NAN)

extern void noParser(txMachine* the);

void noParser(txMachine* the)
{
	mxSyntaxError("no parser on the device");
}

#ifndef __linux__
double enginePower(double base, double exponent)
{
	return IF_NUMBER(ROM_USES_POWERS, pow(base, exponent));
}

double engineLogarithm(double value)
{
	// the engine itself asks for that of ten alone, to know how many digits a bigint has
	return ROM_USES_LOGARITHMS ? log(value) : value == 10 ? M_LN10 : C_NAN;
}
#endif

// Number.prototype.toString where no radix is given.
extern void numberToText(txMachine* the);

void numberToText(txMachine* the)
{
	txSlot* slot = mxThis;
	if (slot->kind == XS_REFERENCE_KIND)
		slot = slot->value.reference->next;
	if (!slot || (slot->kind != XS_INTEGER_KIND && slot->kind != XS_NUMBER_KIND))
		mxTypeError("this is no number");
	mxResult->kind = slot->kind;
	mxResult->value = slot->value;
	fxToString(the, mxResult);
}

const txDefaults gxDefaults = {
	IF(ROM_USES_ASYNC, fxNewAsyncInstance),
	IF(ROM_USES_ASYNC, fxRunAsync),
	IF(ROM_USES_GENERATORS, fxNewGeneratorInstance),
	IF(ROM_USES_GENERATORS, fxNewGeneratorFunctionInstance),
	IF(ROM_USES_ASYNC_GENERATORS, fxNewAsyncGeneratorInstance),
	IF(ROM_USES_ASYNC_GENERATORS, fxNewAsyncGeneratorFunctionInstance),
	IF(ROM_USES_FOR_AWAIT, fxRunForAwaitOf),
	IF(ROM_USES_SLOPPY_ARGUMENTS, fxNewArgumentsSloppyInstance),
	fxNewArgumentsStrictInstance,
	noParser,
	noParser,
	noParser,
	C_NULL,
	C_NULL,
	C_NULL,
	C_NULL,
	IF(ROM_USES_MODULES, fxRunImport),
	fxDefinePrivateProperty,
	fxGetPrivateProperty,
	fxSetPrivateProperty,
	IF(ROM_USES_FINALIZATION, fxCleanupFinalizationRegistries),
	fxCaptureErrorStack,
};

const txBehavior* gxBehaviors[XS_BEHAVIOR_COUNT] = {
	&gxOrdinaryBehavior,
	IF(ROM_USES_SLOPPY_ARGUMENTS, &gxArgumentsSloppyBehavior),
	&gxOrdinaryBehavior,
	&gxArrayBehavior,
	&gxEnvironmentBehavior,
	&gxGlobalBehavior,
	IF(ROM_USES_MODULES, &gxModuleBehavior),
	IF(ROM_USES_PROXY, &gxProxyBehavior),
	&gxStringBehavior,
	&gxTypedArrayBehavior,
};

#define DISPATCH(type, size, shift, coerce) { size, shift, fx##type##Getter, fx##type##Setter, coerce, fx##type##Compare, _get##type, _set##type, _##type##Array }
#define NO_DISPATCH(type, size, shift) { size, shift, C_NULL, C_NULL, C_NULL, C_NULL, _get##type, _set##type, _##type##Array }

const txTypeDispatch gxTypeDispatches[mxTypeArrayCount] = {
#if ROM_USES_BIGINT_ARRAYS
	DISPATCH(BigInt64, 8, 3, fxBigIntCoerce),
	DISPATCH(BigUint64, 8, 3, fxBigIntCoerce),
#else
	NO_DISPATCH(BigInt64, 8, 3),
	NO_DISPATCH(BigUint64, 8, 3),
#endif
	DISPATCH(Float32, 4, 2, fxNumberCoerce),
	DISPATCH(Float64, 8, 3, fxNumberCoerce),
	DISPATCH(Int8, 1, 0, fxIntCoerce),
	DISPATCH(Int16, 2, 1, fxIntCoerce),
	DISPATCH(Int32, 4, 2, fxIntCoerce),
	DISPATCH(Uint8, 1, 0, fxUintCoerce),
	DISPATCH(Uint16, 2, 1, fxUintCoerce),
	DISPATCH(Uint32, 4, 2, fxUintCoerce),
	{ 1, 0, fxUint8Getter, fxUint8ClampedSetter, fxNumberCoerce, fxUint8Compare, _getUint8, _setUint8, _Uint8ClampedArray },
};

const txTypeAtomics gxTypeAtomics[mxTypeArrayCount];

const txTypeBigInt gxTypeBigInt = {
	fxBigIntCompare,
	fxBigIntDecode,
	fxBigintToArrayBuffer,
	fxBigIntToInstance,
	fxBigIntToNumber,
	fxBigintToString,
	fxBigInt_add,
	fxBigInt_and,
	fxBigInt_dec,
	fxBigInt_div,
	IF(ROM_USES_POWERS, fxBigInt_exp),
	fxBigInt_inc,
	fxBigInt_lsl,
	fxBigInt_lsr,
	fxBigInt_mul,
	fxBigInt_neg,
	fxBigInt_nop,
	fxBigInt_not,
	fxBigInt_or,
	fxBigInt_rem,
	fxBigInt_sub,
	fxBigInt_xor,
};
