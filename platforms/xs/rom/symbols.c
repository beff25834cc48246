// Names of addresses: the symbol table of the running executable.

#include "rom.h"

#include <elf.h>

typedef struct {
	uintptr_t address;
	const char* name;
	bool isGlobal;
} Symbol;

static Symbol* symbols;
static size_t symbolCount;

static int compareSymbols(const void* a, const void* b)
{
	const Symbol* x = a;
	const Symbol* y = b;
	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return (int)x->isGlobal - (int)y->isGlobal;
}

static uint8_t* readSelf(void)
{
	FILE* file = fopen("/proc/self/exe", "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		fail("cannot read this executable");
	long size = ftell(file);
	rewind(file);
	uint8_t* bytes = allocate((size_t)size);
	if (fread(bytes, 1, (size_t)size, file) != (size_t)size)
		fail("cannot read this executable");
	fclose(file);
	return bytes;
}

void symbolsRead(void)
{
	const uint8_t* elf = readSelf();
	const Elf32_Ehdr* header = (const Elf32_Ehdr*)elf;
	const Elf32_Shdr* sections = (const Elf32_Shdr*)(elf + header->e_shoff);
	for (int i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		const Elf32_Sym* table = (const Elf32_Sym*)(elf + sections[i].sh_offset);
		const char* names = (const char*)elf + sections[sections[i].sh_link].sh_offset;
		size_t count = sections[i].sh_size / sizeof *table;
		symbols = allocate(count * sizeof *symbols);
		for (size_t j = 0; j < count; j++) {
			int type = ELF32_ST_TYPE(table[j].st_info);
			if ((type == STT_FUNC || type == STT_OBJECT) && table[j].st_shndx != SHN_UNDEF)
				symbols[symbolCount++] = (Symbol) { table[j].st_value, names + table[j].st_name, ELF32_ST_BIND(table[j].st_info) != STB_LOCAL };
		}
	}
	if (symbolCount == 0)
		fail("this executable has no symbols");
	qsort(symbols, symbolCount, sizeof *symbols, compareSymbols);
}

const char* symbolAt(uintptr_t address, uint32_t* offset)
{
	size_t low = 0, high = symbolCount;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (symbols[middle].address <= address)
			low = middle;
		else
			high = middle;
	}
	*offset = (uint32_t)(address - symbols[low].address);
	if (!symbols[low].isGlobal)
		fail("%s is static, and no other file can name it", symbols[low].name);
	return symbols[low].name;
}
