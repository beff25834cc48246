// A module's bytecode as a tree of functions, each a row of instructions that can be looked at and changed. Instructions
// stand in their shortest form; `encode` chooses the form that the operand needs.

#ifndef CODE_H
#define CODE_H

#include "xsbc.h"

// In the place of the INTEGER that says how the property is that the instruction before it makes: no value.
enum { PROPERTY_FLAG = 0xff };

typedef struct Code Code;
typedef struct Function Function;
typedef struct Slot Slot;

// What an instruction has behind its opcode.
enum {
	PLAIN, // nothing
	KEY, // a name
	INDEX, // a place in the frame, counted from 1
	COUNT, // a number of places
	INTEGER,
	BRANCH, // where to go on
	BODY, // the function that follows
	TEXT, // a length and that many bytes
	RAW, // bytes of a fixed number
};

// A place in a function's frame, for as long as one instruction's variable has it.
struct Slot {
	enum { CAPTURED, CLOSURE, LOCAL, TEMPORARY } kind;
	Slot* below;
	Slot* outer; // what is captured: of the enclosing function, of the module, of the module that exports it
	uint32_t level; // places below
	uint32_t reads;
	uint32_t writes;
	uint32_t captures; // functions that take it along
	Code* literal; // what a constant of a module holds
	bool isFixed; // needs no instruction to come into being
	uint32_t index; // its place in the end
};

struct Code {
	uint8_t op; // 0: taken away
	bool isReached;
	bool isTarget; // control comes from elsewhere too
	int32_t value;
	const uint8_t* bytes;
	uint32_t length;
	Code* target;
	Function* body;
	Slot* slot; // the one that the operand names, or that the instruction makes
	Slot* top; // the topmost when control comes here
	uint32_t at;
	uint32_t size;
};

struct Function {
	Code* codes; // one more than `count`: the last is never an instruction
	uint32_t count;
	Code** stores; // in the enclosing function: what is captured, in order
	uint32_t storeCount;
	Slot** captured; // of the functions of a module: the module's variables
	bool isSuspended; // a generator or asynchronous
};

// code.c
int kindOf(uint8_t op);
Function* decode(const uint8_t* bytes, uint32_t size);
uint8_t* encode(Function* function, uint32_t* size);
Code* after(const Code* code); // the next instruction that is there; NULL behind the last
Code* then(const Code* code); // the same, NULL also where control may come to it from elsewhere
bool is(const Code* code, uint8_t op);
bool become(Code* code, uint8_t op); // true
void take(Code* code); // away
Slot* rootOf(Slot* slot);

// frame.c
void frameResolve(Function* function);
void frameReach(Function* function);
void frameCount(Function* function);
void frameLayOut(Function* function);
bool isEnd(uint8_t op);
bool isWrite(uint8_t op);

// arrow.c
void arrows(Function* function);

// simplify.c, branches.c, constants.c, literals.c: true where something has changed
bool simplify(Function* function);
bool branches(const Function* function, Code* code);
bool constants(Code* code);
bool literals(Function* function, Code* code);

// names.c
// The key of a name in the program that is left.
uint32_t nameKeep(Program* program, Names* names, uint32_t key);
void namesKeep(Program* program, Names* names, Function* function);

// share.c
void share(Program* program, Function** functions, void (*simplifyAll)(Function*));


#endif
