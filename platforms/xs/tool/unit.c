// Modules as units that import from each other (unit.h).

#include "xsAll.h"
#include "xsScript.h"

#include "../image.h"
#include "unit.h"

enum { NAME_BYTES = 256 };

Code* before(Function* function, Code* code)
{
	while (code-- > function->codes)
		if (code->op)
			return code;
	return NULL;
}

void unitRead(Unit* unit, const char* name, Function* top)
{
	*unit = (Unit) { .name = name, .top = top, .transfers = allocate(top->count * sizeof(Transfer)) };
	Code* first = NULL;
	uint32_t variables = 0;
	for (Code* code = top->codes; code < top->codes + top->count; code++) {
		if (code->body) {
			unit->initialize = unit->execute;
			unit->execute = code->body;
		}
		else if (code->op == XS_CODE_POP)
			first = code + 1;
		else if (code->op == XS_CODE_TRANSFER) {
			Transfer* transfer = &unit->transfers[unit->transferCount++];
			*transfer = (Transfer) { .first = first, .last = code, .local = first, .from = first + 1, .import = first + 2 };
			if (first->op == XS_CODE_SYMBOL) {
				transfer->variable = allocate(sizeof(Slot));
				variables++;
			}
			first = code + 1;
		}
	}
	Slot** slots = allocate((variables + 1) * sizeof(Slot*));
	for (uint32_t i = 0, n = 0; i < unit->transferCount; i++)
		if (unit->transfers[i].variable)
			slots[n++] = unit->transfers[i].variable;
	unit->execute->captured = slots;
	if (unit->initialize)
		unit->initialize->captured = slots;
}

static Unit* unitAt(Units* all, const Unit* importer, const Code* from)
{
	char path[NAME_BYTES];
	imageResolve(path, sizeof path, importer->name, (const char*)from->bytes);
	for (uint32_t i = 0; i < all->count; i++)
		if (strcmp(all->units[i].name, path) == 0)
			return &all->units[i];
	return NULL;
}

static Slot* exported(Unit* unit, int32_t key)
{
	for (uint32_t i = 0; i < unit->transferCount; i++) {
		Transfer* transfer = &unit->transfers[i];
		for (const Code* alias = transfer->import + 1; alias < transfer->last - 1; alias++)
			if (alias->value == key && transfer->from->op == XS_CODE_NULL)
				return transfer->variable;
	}
	return NULL;
}

void unitLink(Units* all, Unit* unit)
{
	for (uint32_t i = 0; i < unit->transferCount; i++) {
		Transfer* transfer = &unit->transfers[i];
		if (transfer->from->op == XS_CODE_NULL)
			continue;
		Unit* source = unitAt(all, unit, transfer->from);
		if (!source)
			continue;
		Slot* slot = transfer->import->op == XS_CODE_SYMBOL ? exported(source, transfer->import->value) : NULL;
		if (slot && transfer->variable)
			transfer->variable->outer = slot;
		else
			source->isOpen = true;
		// "./name.js" means the same as "./name" to the runtime
		uint32_t length = transfer->from->length;
		if (length > 4 && strcmp((const char*)transfer->from->bytes + length - 4, ".js") == 0) {
			transfer->from->bytes = (uint8_t*)strdup((const char*)transfer->from->bytes);
			((char*)(uintptr_t)transfer->from->bytes)[length - 4] = 0;
			transfer->from->length = length - 3;
		}
	}
}

// What a function captures at a place is not in its frame any more.
static void forget(Function* function, uint32_t level)
{
	for (Code* code = function ? function->codes : NULL; code && code < function->codes + function->count; code++)
		if (code->op == XS_CODE_RETRIEVE_1)
			for (Slot* slot = after(code)->top; slot; slot = slot->below)
				if (slot->level == level)
					slot->isFixed = true;
}

static void findUse(const Function* function, bool* isUsed)
{
	for (const Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op && kindOf(code->op) == INDEX && code->slot->kind == CAPTURED)
			isUsed[code->slot->level] = true;
}

void unitDropCaptured(Function* function)
{
	for (Code* code = function->codes; code < function->codes + function->count; code++)
		if (code->op && code->body)
			unitDropCaptured(code->body);
	if (function->storeCount == 0)
		return;
	bool* isUsed = allocate(function->storeCount * sizeof(bool));
	findUse(function, isUsed);
	for (uint32_t level = 0; level < function->storeCount; level++)
		if (!isUsed[level]) {
			forget(function, level);
			take(function->stores[level]);
		}
}

void unitDropTransfers(Unit* unit)
{
	bool* isUsed = allocate(unit->transferCount + 1);
	uint32_t level = 0;
	int32_t dropped = 0;
	if (unit->initialize)
		findUse(unit->initialize, isUsed);
	findUse(unit->execute, isUsed);
	for (uint32_t i = 0; i < unit->transferCount; i++) {
		Transfer* transfer = &unit->transfers[i];
		if (!transfer->variable)
			continue;
		// the engine asks whether there is an own name, not for it; `false` is XS_NO_ID in the place of a name
		transfer->local->op = XS_CODE_FALSE;
		bool isImport = transfer->from->op != XS_CODE_NULL;
		if (!isUsed[level] && (isImport ? transfer->last - transfer->first == 4 : transfer->variable->literal != NULL)) {
			forget(unit->initialize, level);
			forget(unit->execute, level);
			for (Code* code = transfer->first; code <= transfer->last; code++)
				take(code);
			dropped++;
		}
		level++;
	}
	for (Code* code = unit->top->codes; code < unit->top->codes + unit->top->count; code++)
		if (code->op == XS_CODE_MODULE)
			before(unit->top, code)->value -= dropped;
}
