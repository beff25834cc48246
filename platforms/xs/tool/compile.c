// JavaScript to bytecode that runs in place: the engine's own parser, then the keys numbered for the whole program.

#include "xsAll.h"
#include "xsScript.h"

#include "../image.h"
#include "xsbc.h"

extern const txS1 gxCodeSizes[];
extern const txString gxIDStrings[];

// What the parser expects of its surroundings and xsbc does not need.
txID fxGenerateProfileID(void* console)
{
	(void)console;
	return XS_NO_ID;
}

// The name under which the machine keeps a template's strings: one for each template of the program.
void fxGenerateTag(void* console, txString buffer, txInteger size, txString path)
{
	static unsigned count;
	(void)console, (void)path;
	snprintf(buffer, (size_t)size, "#%u", count++);
}

void fxVReportError(void* console, txString path, txInteger line, txString format, c_va_list arguments)
{
	(void)console;
	fprintf(stderr, "%s:%d: error: ", path ? path : "?", (int)line);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void fxVReportWarning(void* console, txString path, txInteger line, txString format, c_va_list arguments)
{
	(void)console;
	fprintf(stderr, "%s:%d: warning: ", path ? path : "?", (int)line);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void programStart(Program* program)
{
	for (uint32_t i = 0; i < XS_ID_COUNT; i++) {
		// One entry a key, also where two symbols have the same description.
		namesAdd(&program->keys, program->keys.count, gxIDStrings[i] ? gxIDStrings[i] : "");
	}
	program->keyBase = XS_ID_COUNT;
	program->engine = (uint32_t)IMAGE_LAYOUT << 24 | XS_MAJOR_VERSION << 16 | XS_MINOR_VERSION << 8 | XS_PATCH_VERSION;
}

// Symbols come first among the engine's keys and are never found by name.
static txID keyOf(Program* program, const char* name)
{
	uint32_t key = namesAdd(&program->keys, XS_SYMBOL_ID_COUNT, name);
	if (key >= 0x7fff)
		fail("too many names");
	return (txID)key;
}

// Length of an instruction.
static uint32_t stepOf(const txByte* p)
{
	txS1 length = gxCodeSizes[*(const txU1*)p];
	uint32_t count = 0;
	if (length > 0)
		return (uint32_t)length;
	if (length == 0)
		return 1 + sizeof(txID);
	memcpy(&count, p + 1, (size_t)-length);
	return 1 + (uint32_t)-length + count;
}

// Two passes in one over the instructions: a module's own key numbers become the program's, and the instructions
// that would copy a text or a function into the heap become those that refer to it where it is.
static void relocate(txByte* code, txSize size, const txID* keys)
{
	for (txByte *p = code, *end = code + size, *next; p < end; p = next) {
		txU1 instruction = *(txU1*)p;
		next = p + stepOf(p);
		if (instruction >= XS_CODE_CODE_1 && instruction <= XS_CODE_CODE_4)
			*p = (txByte)(instruction + (XS_CODE_CODE_ARCHIVE_1 - XS_CODE_CODE_1));
		else if (instruction >= XS_CODE_STRING_1 && instruction <= XS_CODE_STRING_4)
			*p = (txByte)(instruction + (XS_CODE_STRING_ARCHIVE_1 - XS_CODE_STRING_1));
		else if (gxCodeSizes[instruction] == 0) {
			txID key;
			memcpy(&key, p + 1, sizeof key);
			memcpy(p + 1, &keys[key], sizeof key);
		}
	}
}

// Line numbers of the TypeScript: the compiler's map lies beside the JavaScript that names it. The parser applies it
// where the path has changed, here by the extension.
static void readSourceMap(txParser* parser, const char* path, const char* name, txUnsigned flags)
{
	char mapPath[1024], typed[256];
	const char* slash = strrchr(path, '/');
	snprintf(mapPath, sizeof mapPath, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, name);
	FILE* file = fopen(mapPath, "r");
	if (!file)
		return;
	txString source = NULL;
	fxParserSourceMap(parser, file, (txGetter)fgetc, flags, &source);
	fclose(file);
	snprintf(typed, sizeof typed, "%s.ts", parser->path->string);
	parser->path = fxNewParserSymbol(parser, typed);
}

static txScript* parse(const char* name, const char* path, bool isDebug)
{
	txParser parser;
	txParserJump jump;
	// The parser takes any non-null console, and then stops at the first error.
	static int console;
	txScript* volatile script = NULL;
	FILE* file = fopen(path, "r");
	if (!file)
		fail("cannot read %s", path);
	fxInitializeParser(&parser, &console, 256 * 1024, 1993);
	parser.firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		txString source = NULL;
		txUnsigned flags = mxCFlag | (isDebug ? mxDebugFlag : 0);
		parser.path = fxNewParserSymbol(&parser, (txString)name);
		fxParserTree(&parser, file, (txGetter)fgetc, flags, &source);
		if (source && isDebug)
			readSourceMap(&parser, path, source, flags);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	fclose(file);
	if (parser.errorCount || !script)
		fail("%s does not compile", path);
	fxTerminateParser(&parser);
	return script;
}

static void readHosts(Program* program, Module* module, txScript* script, const txID* keys)
{
	txByte* p = script->hostsBuffer;
	if (!p)
		return;
	txID count;
	mxDecodeID(p, count);
	module->hostsCount = count;
	module->hosts = allocate(count * sizeof(Host));
	for (txID i = 0; i < count; i++) {
		txID key;
		txS1 parameters = *(txS1*)p++;
		mxDecodeID(p, key);
		module->hosts[i] = (Host) {
			.native = namesAdd(&program->natives, 0, (char*)p),
			.key = key == XS_NO_ID ? key : keys[key],
			.parameters = parameters < 0 ? IMAGE_HOST_CLASS : (uint8_t)parameters,
		};
		p += strlen((char*)p) + 1;
	}
}

// True where a class extends another.
static bool hasSubclass(const txScript* script)
{
	for (const txByte *p = script->codeBuffer, *end = p + script->codeSize; p < end; p += stepOf(p))
		if (*(const txU1*)p == XS_CODE_EXTEND)
			return true;
	return false;
}

// Private members of a class and of one that extends it may have the same name: they stay what they are, and for a
// debugger as well.
static txScript* parseModule(const char* name, const char* path, bool isDebug)
{
	arePrivatesProperties = !isDebug;
	txScript* script = parse(name, path, isDebug);
	if (isDebug || !hasSubclass(script))
		return script;
	arePrivatesProperties = false;
	return parse(name, path, isDebug);
}

void programCompile(Program* program, const char* name, const char* path, bool isDebug)
{
	txScript* script = parseModule(name, path, isDebug);
	txByte* p = script->symbolsBuffer;
	txID count;
	mxDecodeID(p, count);
	txID* keys = allocate(count * sizeof(txID));
	keys[0] = XS_NO_ID;
	for (txID i = 1; i < count; i++) {
		keys[i] = keyOf(program, (char*)p);
		p += strlen((char*)p) + 1;
	}
	program->modules = realloc(program->modules, (program->moduleCount + 1) * sizeof(Module));
	if (!program->modules)
		fail("out of memory");
	Module* module = &program->modules[program->moduleCount++];
	*module = (Module) { .name = strdup(name), .code = (uint8_t*)script->codeBuffer, .codeBytes = (uint32_t)script->codeSize };
	relocate(script->codeBuffer, script->codeSize, keys);
	readHosts(program, module, script, keys);
	free(keys);
	// The module's name is a key of the machine too: the registry of loaded modules is keyed by it.
	keyOf(program, name);
}
