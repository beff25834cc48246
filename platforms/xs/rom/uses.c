// What a program uses of the language: the instructions and the names in the bytecode of its modules; once they have been
// loaded, in the code that is left.

#include "rom.h"

extern const txS1 gxCodeSizes[];

static bool instructions[XS_CODE_COUNT];
static uint32_t keys[0x8000];

void usesAdd(const uint8_t* instruction)
{
	instructions[*instruction] = true;
	if (gxCodeSizes[*instruction] == 0) {
		txID key;
		memcpy(&key, instruction + 1, sizeof key);
		keys[key]++;
	}
}

void usesForget(void)
{
	memset(instructions, 0, sizeof instructions);
	memset(keys, 0, sizeof keys);
}

bool usesInstruction(int instruction)
{
	return instructions[instruction];
}

bool usesName(txID key)
{
	return usesOf(key) > 0;
}

uint32_t usesOf(txID key)
{
	return keys[key & 0x7fff];
}

void usesWrite(FILE* out)
{
	static const struct { const char* name; int instruction; } features[] = {
		{ "ASYNC", XS_CODE_START_ASYNC },
		{ "GENERATORS", XS_CODE_START_GENERATOR },
		{ "ASYNC_GENERATORS", XS_CODE_START_ASYNC_GENERATOR },
		{ "FOR_AWAIT", XS_CODE_FOR_AWAIT_OF },
		{ "SLOPPY_ARGUMENTS", XS_CODE_ARGUMENTS_SLOPPY },
	};
	for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
		fprintf(out, "#define ROM_USES_%s %d\n", features[i].name, usesInstruction(features[i].instruction));
	fprintf(out, "#define ROM_USES_POWERS %d\n", usesInstruction(XS_CODE_EXPONENTIATION) || usesName(mxID(_pow)));
	fprintf(out, "#define ROM_USES_LOGARITHMS %d\n", staticsHaveLogarithms());
	// for awk, which takes them out of the interpreter's table
	fputs("// unused instructions:", out);
	for (int i = XS_NO_CODE + 1; i < XS_CODE_COUNT; i++)
		if (!usesInstruction(i))
			fprintf(out, " %d", i);
	fputc('\n', out);
	static const struct { const char* name; txID key; } builtins[] = {
		{ "PROXY", mxID(_Proxy) },
		{ "FINALIZATION", mxID(_FinalizationRegistry) },
		{ "BIGINT_ARRAYS", mxID(_BigInt64Array) },
		{ "FLOAT_ARRAYS", mxID(_Float64Array) },
	};
	fprintf(out, "#define ROM_USES_MODULES %d\n#define ROM_USES_PROMISES %d\n", stripKeepsModules(), stripKeepsPromises());
	for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
		fprintf(out, "#define ROM_USES_%s %d\n", builtins[i].name, usesName(builtins[i].key));
}
