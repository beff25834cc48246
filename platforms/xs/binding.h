// An open native object: a JavaScript instance with the callbacks that its options gave.

#ifndef BINDING_H
#define BINDING_H

#include "xsmc.h"
#include "port.h"
#include "runtime.h"

enum { BINDING_CALLBACKS = 3, BINDING_TEXT_BYTES = 256 };

// Rooted while it is open, so that an object with pending input or output outlives its last reference.
typedef struct {
	xsMachine* the;
	xsSlot object;
	xsSlot callbacks[BINDING_CALLBACKS];
} Binding;

// Throws a TypeError where the option is there but no function. To be called before anything is allocated.
void bindingCheckCallback(xsMachine* the, xsSlot* options, const char* name);
// Fills a binding whose callbacks bear the given names (NULL: none), in order, and roots it.
void bindingOpen(Binding* binding, xsMachine* the, xsSlot* object, xsSlot* options, const char* const* names);
// With one callback, which is at hand.
void bindingOpenFunction(Binding* binding, xsMachine* the, xsSlot* object, xsSlot* function);
void bindingClose(Binding* binding);

// Calls callback `which`, where there is one, with `this` the instance; then runs promise jobs.
void bindingCall(Binding* binding, int which);
// With the instance as argument.
void bindingCallSelf(Binding* binding, int which);
void bindingCallInteger(Binding* binding, int which, int32_t value);
// NULL: called without arguments.
void bindingCallText(Binding* binding, int which, const char* text);

// Options and arguments, validated; each throws a TypeError or RangeError that names the option.
bool optionText(xsMachine* the, xsSlot* options, const char* name, char* into, size_t size);
bool optionInteger(xsMachine* the, xsSlot* options, const char* name, int32_t least, int32_t most, int32_t* value);
int32_t argumentInteger(xsMachine* the, int index, const char* name, int32_t least, int32_t most);
double argumentNumber(xsMachine* the, int index, const char* name);
void argumentText(xsMachine* the, int index, const char* name, char* into, size_t size);
// The argument must be a function.
void argumentFunction(xsMachine* the, int index, const char* name);
// Bytes of a buffer or view argument; the pointer is good until the next call into the engine.
void* argumentBytes(xsMachine* the, int index, size_t* count, bool isWritten);
// `[start, end)` of a buffer argument, from the arguments behind it: absent is all.
void argumentRange(xsMachine* the, int index, size_t count, size_t* start, size_t* end);

#endif
