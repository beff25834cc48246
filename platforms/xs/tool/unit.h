// A module's bytecode makes two functions, one that defines its functions and one that is its body, and then one
// TRANSFER for each name that it imports or declares: own name, module, name there, names under which it is exported.

#ifndef UNIT_H
#define UNIT_H

#include "code.h"

typedef struct {
	Code* first;
	Code* last;
	Code* local;
	Code* from;
	Code* import;
	Slot* variable; // NULL for what is only exported again
} Transfer;

typedef struct {
	const char* name;
	Function* top;
	Function* initialize; // NULL where it defines no functions
	Function* execute;
	Transfer* transfers;
	uint32_t transferCount;
	bool isOpen; // imported as a whole: what it exports has to stay
} Unit;

typedef struct {
	Unit* units;
	uint32_t count;
	bool isDynamic;
	bool hasChanged;
} Units;

Code* before(Function* function, Code* code); // the instruction in front; NULL at the beginning
void unitRead(Unit* unit, const char* name, Function* top);
// Ties what a unit imports to what other units export.
void unitLink(Units* all, Unit* unit);
// Takes away what inner functions capture and do not use.
void unitDropCaptured(Function* function);
// capture.c: in what order functions take variables along.
void captureOrder(Units* all);
// Takes away imports that are not used and constants that have no definition left.
void unitDropTransfers(Unit* unit);

#endif
