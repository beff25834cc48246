// The order in which a function takes variables along. The board's flash has one row for all functions that take the same
// along, and rows that end alike share their end: so what most functions take comes last.

#include "xsAll.h"
#include "xsScript.h"

#include "unit.h"

static void count(const Function* function)
{
	for (const Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op || !code->body)
			continue;
		for (uint32_t i = 0; i < code->body->storeCount; i++)
			if (code->body->stores[i]->op)
				rootOf(code->body->stores[i]->slot)->captures++;
		count(code->body);
	}
}

static int compare(const void* a, const void* b)
{
	const Slot* x = rootOf(*(Slot* const*)a);
	const Slot* y = rootOf(*(Slot* const*)b);
	if (x->captures != y->captures)
		return x->captures < y->captures ? -1 : 1;
	return x < y ? -1 : x > y;
}

// The captured variables of a function: their places in its frame, NULL where nothing is taken along any more.
static Slot** places(const Function* function)
{
	Slot** result = allocate((function->storeCount + 1) * sizeof *result);
	for (const Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op == XS_CODE_RETRIEVE_1)
			for (Slot* slot = after(code)->top; slot; slot = slot->below)
				if (slot->kind == CAPTURED && function->stores[slot->level]->op)
					result[slot->level] = slot;
	return result;
}

static void sortOne(Function* function)
{
	Slot** frame = places(function);
	Slot** from = allocate(function->storeCount * sizeof *from); // in the enclosing function
	Slot** to = allocate(function->storeCount * sizeof *to);
	uint32_t live = 0;
	for (uint32_t i = 0; i < function->storeCount; i++)
		if (frame[i]) {
			frame[live] = frame[i];
			function->stores[live] = function->stores[i];
			from[live++] = function->stores[i]->slot;
		}
	memcpy(to, from, live * sizeof *to);
	qsort(to, live, sizeof *to, compare);
	// what the code of the function means is at the place that its variable has now
	for (Code* code = function->codes; code < function->codes + function->count; code++)
		for (uint32_t i = 0; code->op && code->slot && i < live; i++)
			if (code->slot == frame[i]) {
				for (uint32_t j = 0; j < live; j++)
					if (to[j] == from[i])
						code->slot = frame[j];
				break;
			}
	for (uint32_t i = 0; i < live; i++) {
		function->stores[i]->slot = to[i];
		frame[i]->outer = to[i];
	}
	function->storeCount = live;
}

static void sortAll(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++) {
		if (!code->op || !code->body)
			continue;
		if (code->body->storeCount > 0)
			sortOne(code->body);
		sortAll(code->body);
	}
}

void captureOrder(Units* all)
{
	for (uint32_t i = 0; i < all->count; i++)
		count(all->units[i].top);
	for (uint32_t i = 0; i < all->count; i++)
		sortAll(all->units[i].top);
}
