// From reset to main(), and what happens when the processor cannot go on: the reason on the log, then a restart.

#include "board.h"

#include <stdio.h>
#include <string.h>

#include "flash-map.h"
#include "flash.h"
#include "port.h"

enum { STACK_PAINT = 0x5a5a5a5a };
enum { SYSTEM_HANDLERS = 16 };
// System control space, ARMv7-M B3.2.
enum {
	ICSR_AIRCR = 0xe000ed0c,
	SHCSR = 0xe000ed24,
	CFSR = 0xe000ed28,
	HFSR = 0xe000ed2c,
	FAULT_ADDRESS = 0xe000ed34,
	CPACR = 0xe000ed88,
	MPU_CONTROL = 0xe000ed94,
	MPU_NUMBER = 0xe000ed98,
	MPU_BASE = 0xe000ed9c,
	MPU_ATTRIBUTES = 0xe000eda0,
	NVIC_ENABLE = 0xe000e100,
};

extern uint32_t dataLoad[], dataStart[], dataEnd[], bssStart[], bssEnd[];
int main(void);
_Noreturn void boardStart(void);
void uart0ReceiveInterrupt(void);
void uart0SendInterrupt(void);
void uart1ReceiveInterrupt(void);
void timer1Interrupt(void);
void lan9118Interrupt(void);

// What the processor saves on entry.
typedef struct {
	uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
} Frame;

static const char* faultName(uint32_t number)
{
	switch (number) {
	case 2: return "watchdog";
	case 4: return "memory fault";
	case 5: return "bus fault";
	case 6: return "usage fault";
	default: return "hard fault";
	}
}

__attribute__((used)) static _Noreturn void onFault(const Frame* frame, uint32_t number)
{
	static bool isFailing;
	char line[160];
	// a fault within this handler's own work ends in a reset at once
	if (isFailing)
		boardReset();
	isFailing = true;
	// a stack that has run over holds no frame
	bool hasFrame = (const char*)frame >= stackLimit && (const char*)(frame + 1) <= stackTop;
	snprintf(line, sizeof line, "Fault: %s at 0x%08lx, called from 0x%08lx, address 0x%08lx, status 0x%08lx 0x%08lx: restarting",
		faultName(number), hasFrame ? (unsigned long)frame->pc : 0ul, hasFrame ? (unsigned long)frame->lr : 0ul,
		(unsigned long)REGISTER(FAULT_ADDRESS), (unsigned long)REGISTER(CFSR), (unsigned long)REGISTER(HFSR));
	portLog(line);
	boardReset();
}

// The handler gets the frame, and a stack of its own where the old one may be full.
__attribute__((naked)) static void fault(void)
{
	__asm volatile(
		"mrs r0, msp\n"
		"mrs r1, ipsr\n"
		"ldr r2, =stackTop\n"
		"ldr r3, =stackLimit + 1024\n"
		"cmp r0, r3\n"
		"it lo\n"
		"movlo sp, r2\n"
		"b onFault\n");
}

static void ignore(void)
{
}

__attribute__((section(".vectors"), used)) static void (*const vectors[SYSTEM_HANDLERS + IRQ_COUNT])(void) = {
	(void (*)(void))stackTop, boardStart, fault, fault, fault, fault, fault, NULL,
	NULL, NULL, NULL, ignore, ignore, NULL, ignore, ignore,
	[SYSTEM_HANDLERS + IRQ_UART_0_RX] = uart0ReceiveInterrupt,
	[SYSTEM_HANDLERS + IRQ_UART_0_TX] = uart0SendInterrupt,
	[SYSTEM_HANDLERS + IRQ_UART_1_RX] = uart1ReceiveInterrupt,
	[SYSTEM_HANDLERS + IRQ_TIMER_1] = timer1Interrupt,
	[SYSTEM_HANDLERS + IRQ_LAN9118] = lan9118Interrupt,
};

// ARMv7-M B3.5: region attributes.
enum { SIZE_4K = 11 << 1, SIZE_32K = 14 << 1, SIZE_256K = 17 << 1, SIZE_1M = 19 << 1, SIZE_512M = 28 << 1 };
enum { FULL_ACCESS = 3 << 24, READ_ONLY = 6 << 24, NEVER_EXECUTED = 1 << 28, IS_ENABLED = 1 };
enum { NORMAL = 1 << 17 | 1 << 19, DEVICE = 1 << 16 };

// Of two regions the one with the higher number counts.
enum { REGION_STORAGE = 4, REGION_OPEN_SECTOR = 7 };

static void protect(uint32_t number, uint32_t base, uint32_t attributes)
{
	REGISTER(MPU_NUMBER) = number;
	REGISTER(MPU_BASE) = base;
	REGISTER(MPU_ATTRIBUTES) = attributes | IS_ENABLED;
}

// Flash can only be read, RAM is not executed, and what is neither faults, address 0 included.
static void startProtection(void)
{
	protect(0, FLASH_BASE, (uint32_t)READ_ONLY | NORMAL | SIZE_1M);
	protect(1, 0x20000000, (uint32_t)FULL_ACCESS | NEVER_EXECUTED | NORMAL | SIZE_256K);
	protect(2, 0x40000000, (uint32_t)FULL_ACCESS | NEVER_EXECUTED | DEVICE | SIZE_512M);
	protect(3, EXTERNAL_FLASH_BASE, (uint32_t)READ_ONLY | NEVER_EXECUTED | NORMAL | SIZE_1M);
	protect(REGION_STORAGE, FLASH_STORAGE, (uint32_t)READ_ONLY | NEVER_EXECUTED | NORMAL | SIZE_32K);
	REGISTER(MPU_CONTROL) = 1;
	__asm volatile("dsb\nisb" ::: "memory");
}

void boardOpenFlash(uintptr_t address)
{
	protect(REGION_OPEN_SECTOR, (uint32_t)address & ~(FLASH_SECTOR_BYTES - 1u), (uint32_t)FULL_ACCESS | NEVER_EXECUTED | NORMAL | SIZE_4K);
	__asm volatile("dsb\nisb" ::: "memory");
}

void boardCloseFlash(void)
{
	__asm volatile("dsb" ::: "memory");
	REGISTER(MPU_NUMBER) = REGION_OPEN_SECTOR;
	REGISTER(MPU_ATTRIBUTES) = 0;
	__asm volatile("dsb\nisb" ::: "memory");
}

_Noreturn void boardStart(void)
{
	for (uint32_t *to = dataStart, *from = dataLoad; to < dataEnd;)
		*to++ = *from++;
	for (uint32_t* to = bssStart; to < bssEnd;)
		*to++ = 0;
	uint32_t* here = __builtin_frame_address(0);
	for (uint32_t* to = (uint32_t*)stackLimit; to < here - 16;)
		*to++ = STACK_PAINT;
	REGISTER(CPACR) |= 0xf << 20; // the floating-point unit
	REGISTER(SHCSR) |= 7 << 16; // memory, bus and usage faults by their own names
	startProtection();
	clockStart();
	uartStart();
	main();
	boardReset();
}

void boardEnableInterrupt(int number)
{
	REGISTER(NVIC_ENABLE) = 1u << number;
}

void boardReset(void)
{
	REGISTER(ICSR_AIRCR) = 0x05fa0004;
	for (;;)
		;
}

size_t boardStackPeak(void)
{
	const uint32_t* at = (const uint32_t*)stackLimit;
	while (*at == STACK_PAINT)
		at++;
	return (size_t)(stackTop - (const char*)at);
}
