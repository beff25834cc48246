// The parts of xsbc, the tool that turns JavaScript modules into a program image (../image.h).

#ifndef XSBC_H
#define XSBC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

// One entry of a module's host table: what an `@ "xs_name"` in its source stands for.
typedef struct {
	uint32_t native; // index into the program's native names
	uint16_t key;
	uint8_t parameters; // IMAGE_HOST_CLASS for the destructor of a class
} Host;

typedef struct {
	const char* name;
	uint8_t* code;
	uint32_t codeBytes;
	Host* hosts;
	uint32_t hostsCount;
} Module;

typedef struct {
	const char** texts;
	uint32_t count;
	uint32_t room;
} Names;

typedef struct {
	Names keys; // from the engine's own names on: the index is the key
	uint32_t keyBase;
	uint32_t engine;
	Names natives;
	Module* modules;
	uint32_t moduleCount;
	const char* main;
	uint32_t settings[12]; // the header's fields from IMAGE_AT_STATIC_BYTES on
} Program;

uint32_t namesAdd(Names* names, uint32_t from, const char* text);

// lexical.c: how the next module is read.
extern bool arePrivatesProperties;
// compile.c
void programStart(Program* program);
void programCompile(Program* program, const char* name, const char* path, bool isDebug);
// shrink.c
void programShrink(Program* program);
// write.c
void programWrite(const Program* program, const char* path);

#endif
