// The parts of xsrom, the tool that makes a machine with the preloaded modules and writes it down for flash. It is a
// 32-bit program of the same engine with the same configuration as the board's, so that a slot is a slot there too.

#ifndef ROM_H
#define ROM_H

#include "xsAll.h"

#include "../image.h"
#include "../tool/fail.h"

// ../defaults.c
void noParser(txMachine* the);
void numberToText(txMachine* the);


// xsrom.c: the program image in memory, and how many slots are in use.
typedef struct {
	const uint8_t* image;
	uint32_t imageBytes;
	uint32_t slotCount;
} Layout;
extern Layout layout;

// symbols.c: this executable's own symbols, whose names are those of the firmware.
void symbolsRead(void);
// The symbol at or before the address; *offset is how far.
const char* symbolAt(uintptr_t address, uint32_t* offset);

// uses.c: what the modules of the image use.
void usesAdd(const uint8_t* instruction);
void usesForget(void);
bool usesInstruction(int instruction);
bool usesName(txID key);
uint32_t usesOf(txID key);
// Writes it for ../defaults.c.
void usesWrite(FILE* out);

// statics.c: what the program says of the engine's classes.
void staticsForget(void);
void staticsAdd(const uint8_t* instruction);
// Numbers are written with a radix; logarithms are taken.
bool staticsHaveRadix(void);
bool staticsHaveLogarithms(void);
// The property of a class or a namespace, or of another object: of those all are kept.
bool staticsKeep(txMachine* the, txSlot* instance, txID property);

// strip.c
// Takes away what no module uses; before anything else is made.
void strip(txMachine* the);
// The same when the modules are there: what only their loading has used. `isAlone`: nothing is loaded when the program runs.
void stripAgain(txMachine* the, bool isAlone);
// A name that a module or the engine itself asks for.
bool stripKeeps(txID key);
// Modules are loaded, or are objects; promises are made.
bool stripKeepsModules(void);
bool stripKeepsPromises(void);

// freeze.c
// Freezes what the engine itself has made, so that it needs no place in the table of copies.
void freezeBuiltins(txMachine* the);
// The same for the functions and classes of the preloaded modules; `hasVariables`: modules have some by let or var.
void freezeFunctions(txMachine* the, bool hasVariables);

// labels.c
void labelsDrop(txMachine* the);

// home.c
void homesShare(txMachine* the);

// order.c
void orderProperties(txMachine* the);

// alias.c
void aliasesNumber(txMachine* the);
// The variables that a function has taken along.
bool isEnvironment(txMachine* the, const txSlot* slot);

// What has a number in the table of copies: its ID is no name.
bool isAlias(txMachine* the, const txSlot* slot);

// modules.c
// Finds out which modules of the image are asked for by name.
void modulesFind(const uint8_t* bytes, char** preloaded, int preloadedCount);
// Takes away what the others have of a module.
void modulesClose(txMachine* the);
// Some module is an object to others.
bool modulesAreObjects(void);
// Where the image's main module is preloaded: leaves its default export, a function, on the stack.
bool modulesMain(txMachine* the);
void modulesNames(void (*need)(const char* name));

// names.c
void namesInstruction(txMachine* the, uint8_t* instruction, bool isChanged);
void namesSlot(txMachine* the, txSlot* slot);
// Modules are looked up by their ids.
void namesModules(txMachine* the);
bool namesKeep(txID key);

// merge.c
void mergeStart(txMachine* the);
// The slot that stands for all that say the same.
const txSlot* merged(const txSlot* slot);

// code.c
// Length of an instruction, of which the code of a function is no part: that follows.
uint32_t codeStep(const uint8_t* code);
// Finds the functions of all modules, and tells uses.c of every instruction.
void codeScan(const uint8_t* image);
// The code that starts there is a module's that is loaded at the start.
void codeRest(const uint8_t* start);
// Finds the functions that the machine still has, and tells uses.c and statics.c of their instructions alone.
void codeScanAgain(txMachine* the);
// Tells names.c of what the code that is kept says.
void codeNames(txMachine* the);
// The function whose code starts there is in the machine.
void codeNeed(const uint8_t* start, const char* name);
// Writes a reference to a place in code that is needed; false where that is none.
bool codeWrite(FILE* out, const uint8_t* address);
uint32_t codesWrite(FILE* out); // the number of bytes

// rest.c
// @returns how many modules are left
uint32_t restWrite(const uint8_t* image, uint32_t imageBytes, char** preloaded, int preloadedCount, FILE* out);

// chunks.c: each is numbered when it is first asked for.
typedef enum { CHUNK_OF_SLOTS, CHUNK_OF_POINTERS, CHUNK_OF_BYTES } ChunkKind;
uint32_t chunkIndex(const void* address, ChunkKind kind);
uint32_t textIndex(const char* text);
void chunksWrite(FILE* out);
void textsWrite(FILE* out);

// emit.c
void emit(txMachine* the, FILE* out, FILE* header);
// The first or second word of its value refers to a slot.
bool isSlotPart(const txSlot* slot, int part);
// What stands there means nothing.
bool isUnusedPart(const txSlot* slot, int part);
void pointerWrite(FILE* out, const txSlot* slot);
// `next` is written as the number it is.
void slotWrite(FILE* out, const txSlot* slot, uint32_t next, bool isMarked);

#endif
