// Arrow functions that have no use for the `this` around them. The engine keeps `this` and `new.target` with every one, in
// two slots that are made whenever the function is.

#include "xsAll.h"
#include "xsScript.h"

#include "code.h"

static bool usesThis(const Function* function)
{
	for (const Code* code = function->codes; code < function->codes + function->count; code++)
		switch (code->op) {
		case XS_CODE_DELETE_SUPER:
		case XS_CODE_DELETE_SUPER_AT:
		case XS_CODE_EVAL:
		case XS_CODE_EVAL_TAIL:
		case XS_CODE_GET_SUPER:
		case XS_CODE_GET_SUPER_AT:
		case XS_CODE_GET_THIS:
		case XS_CODE_SET_SUPER:
		case XS_CODE_SET_SUPER_AT:
		case XS_CODE_SET_THIS:
		case XS_CODE_STORE_ARROW: // of a function within
		case XS_CODE_SUPER:
		case XS_CODE_TARGET:
		case XS_CODE_THIS:
			return true;
		}
	return false;
}

void arrows(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op || !code->body)
			continue;
		Function* body = code->body;
		arrows(body);
		Code* store = after(code);
		if (!is(store, XS_CODE_ENVIRONMENT))
			continue;
		do
			store = then(store);
		while (is(store, XS_CODE_STORE_1));
		if (!is(store, XS_CODE_STORE_ARROW) || body->isSuspended || usesThis(body))
			continue;
		take(store);
		for (Code* retrieve = body->codes; retrieve < body->codes + body->count; retrieve++)
			if (retrieve->op == XS_CODE_RETRIEVE_TARGET || retrieve->op == XS_CODE_RETRIEVE_THIS)
				take(retrieve);
	}
}
