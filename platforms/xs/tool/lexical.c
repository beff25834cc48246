// The engine's reading of words, with a class's private members as properties of which the name begins with #. Nothing
// outside of the class can say such a name, so they stay its own; but a method needs not take along a variable for each
// that it names, methods stand once in the prototype instead of in every instance, and one lookup is as cheap as another.

#include "xsScript.h"

#include "xsbc.h"

bool arePrivatesProperties;

#define XS_TOKEN_PRIVATE_IDENTIFIER (arePrivatesProperties ? XS_TOKEN_IDENTIFIER : XS_TOKEN_PRIVATE_IDENTIFIER)
#include "xsLexical.c"
