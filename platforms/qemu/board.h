// QEMU's mps2-an386, a Cortex-M4F like the nRF52840's: the registers that this port uses, and what its parts share.

#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t*)(uintptr_t)(address))

enum {
	CLOCK_HZ = 25000000,
	TIMER_0 = 0x40000000,
	TIMER_1 = 0x40001000,
	UART_0 = 0x40004000,
	UART_1 = 0x40005000,
	WATCHDOG = 0x40008000,
	LAN9118 = 0x40200000,
};

enum { IRQ_UART_0_RX = 0, IRQ_UART_0_TX = 1, IRQ_UART_1_RX = 2, IRQ_TIMER_1 = 9, IRQ_LAN9118 = 13, IRQ_COUNT = 32 };

// Of link.ld.
extern char flashStart[], flashEnd[], ramStart[], stackLimit[], stackTop[], heapStart[], heapEnd[];

// start.c
void boardEnableInterrupt(int number);
_Noreturn void boardReset(void);
// Bytes of the stack that have been in use since the start: it is painted before main().
size_t boardStackPeak(void);
// Lets the flash sector around the address be written to, and no other; closes it again. Only for flash.c.
void boardOpenFlash(uintptr_t address);
void boardCloseFlash(void);

// clock.c
void clockStart(void);
// Instructions are what time is made of under -icount; ticks of 40 ns.
uint64_t clockTicks(void);
// The same in milliseconds, without arithmetic of doubles; it goes round.
uint32_t clockMs(void);
// Set by every interrupt that the event loop has to look at.
extern volatile bool boardHasEvent;
// Sleeps until the moment or until boardHasEvent, which it clears.
void clockSleep(double untilMs);
// Ticks since the last call that the processor has not slept: under -icount its instructions.
uint32_t clockTakeAwakeTicks(void);
void watchdogFeed(void);

// uart.c
void uartStart(void);
// Waits until the byte is out: for the log, which must not lose what led to a fault.
void uartLog(const char* text, size_t count);
// Calls back what has come in or gone out. True where something was called.
bool uartRun(void);
// Sends what the shell has still to send.
void uartDrain(void);

// process.c
void processStart(void);
void processControl(uint8_t command);
// The shell's other end is a terminal, where a person types.
bool processIsOnTerminal(void);
// Calls `run` once, from inside portWait().
void processDefer(void (*run)(void* owner), void* owner);

// libc.c: the C library's heap.
size_t heapPeak(void);

// semihosting.c: the debugger, here the emulator, as a part of the board.
enum { SEMIHOSTING_TIME = 0x11, SEMIHOSTING_COMMAND_LINE = 0x15, SEMIHOSTING_EXIT = 0x20 };
int semihostingCall(int operation, const void* parameters);
// A file of the computer that the emulator runs on; -1 where it cannot be opened.
int semihostingOpen(const char* path);
// How many of `count` bytes were read.
size_t semihostingRead(int file, void* into, size_t count);
void semihostingClose(int file);

#endif
