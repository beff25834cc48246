// Calls from the event loop into JavaScript (binding.h).

#include "binding.h"

void bindingCheckCallback(xsMachine* the, xsSlot* options, const char* name)
{
	xsSlot value;
	_xsGet(the, &value, options, xsID(name));
	if (xsmcTypeOf(value) != xsUndefinedType && !xsmcIsCallable(value))
		xsTypeError("%s is not a function", (char*)(uintptr_t)name);
}

// Filled first, rooted then: a root's slot must not be overwritten, it is linked to the next root.
static void root(Binding* binding, xsMachine* the)
{
	xsRemember(binding->object);
	for (int i = 0; i < BINDING_CALLBACKS; i++)
		xsRemember(binding->callbacks[i]);
}

static void fill(Binding* binding, xsMachine* the, xsSlot* object)
{
	binding->the = the;
	binding->object = *object;
	for (int i = 0; i < BINDING_CALLBACKS; i++)
		xsmcSetUndefined(binding->callbacks[i]);
}

void bindingOpen(Binding* binding, xsMachine* the, xsSlot* object, xsSlot* options, const char* const* names)
{
	fill(binding, the, object);
	for (int i = 0; i < BINDING_CALLBACKS; i++)
		if (names[i])
			_xsGet(the, &binding->callbacks[i], options, xsID(names[i]));
	root(binding, the);
}

void bindingOpenFunction(Binding* binding, xsMachine* the, xsSlot* object, xsSlot* function)
{
	fill(binding, the, object);
	binding->callbacks[0] = *function;
	root(binding, the);
}

void bindingClose(Binding* binding)
{
	xsMachine* the = binding->the;
	xsForget(binding->object);
	for (int i = 0; i < BINDING_CALLBACKS; i++)
		xsForget(binding->callbacks[i]);
}

typedef enum { NO_ARGUMENT, ITSELF, AN_INTEGER, A_TEXT } Argument;

static void call(Binding* binding, int which, Argument argument, int32_t value, const char* text)
{
	// Copies: the callback may close the binding.
	xsMachine* machine = binding->the;
	xsBeginHost(machine);
	{
		xsmcVars(3);
		xsVar(0) = binding->callbacks[which];
		xsVar(1) = binding->object;
		if (xsmcTypeOf(xsVar(0)) != xsUndefinedType) {
			if (argument == NO_ARGUMENT)
				xsCallFunction0(xsVar(0), xsVar(1));
			else {
				if (argument == AN_INTEGER)
					xsmcSetInteger(xsVar(2), value);
				else if (argument == A_TEXT)
					xsmcSetString(xsVar(2), (xsStringValue)(uintptr_t)text);
				else
					xsVar(2) = xsVar(1);
				xsCallFunction1(xsVar(0), xsVar(1), xsVar(2));
			}
		}
	}
	xsEndHost(machine);
	runtimeSettle(machine);
}

void bindingCall(Binding* binding, int which)
{
	call(binding, which, NO_ARGUMENT, 0, NULL);
}

void bindingCallSelf(Binding* binding, int which)
{
	call(binding, which, ITSELF, 0, NULL);
}

void bindingCallInteger(Binding* binding, int which, int32_t value)
{
	call(binding, which, AN_INTEGER, value, NULL);
}

void bindingCallText(Binding* binding, int which, const char* text)
{
	call(binding, which, text ? A_TEXT : NO_ARGUMENT, 0, text);
}
