// UART 0 carries the shell, UART 1 the log; what comes in on UART 1 are commands of who runs the emulator. Input and
// output of the shell go by interrupt through small rings; the log waits for each byte.

#include "board.h"

#include <string.h>

#include "stream-kind.h"

// CMSDK APB UART.
enum { DATA = 0x0, STATE = 0x4, CONTROL = 0x8, INTERRUPT = 0xc, DIVISOR = 0x10 };
enum { IS_SEND_FULL = 1, IS_RECEIVE_FULL = 2 };
enum { ENABLE_SEND = 1, ENABLE_RECEIVE = 2, SEND_INTERRUPT = 4, RECEIVE_INTERRUPT = 8 };
enum { CLEAR_SEND = 1, CLEAR_RECEIVE = 2 };

// Powers of two: a position is an index modulo the size.
enum { INPUT_BYTES = 256, OUTPUT_BYTES = 512, CONTROL_BYTES = 4 };

static PortStream shell;
static bool isOpen, wasFull;
static uint8_t input[INPUT_BYTES], output[OUTPUT_BYTES], controls[CONTROL_BYTES];
static volatile uint16_t inputHead, inputTail, outputHead, outputTail;
static volatile uint8_t controlHead, controlTail;

void uartStart(void)
{
	for (uint32_t uart = UART_0; uart <= UART_1; uart += UART_1 - UART_0) {
		REGISTER(uart + DIVISOR) = 16;
		REGISTER(uart + CONTROL) = ENABLE_SEND | ENABLE_RECEIVE | RECEIVE_INTERRUPT | (uart == UART_0 ? SEND_INTERRUPT : 0);
	}
	boardEnableInterrupt(IRQ_UART_0_RX);
	boardEnableInterrupt(IRQ_UART_0_TX);
	boardEnableInterrupt(IRQ_UART_1_RX);
}

void uart0ReceiveInterrupt(void)
{
	REGISTER(UART_0 + INTERRUPT) = CLEAR_RECEIVE;
	// a full ring leaves the byte where it is: the sender then waits. uartRun() takes it
	while ((REGISTER(UART_0 + STATE) & IS_RECEIVE_FULL) && (uint16_t)(inputTail - inputHead) < INPUT_BYTES)
		input[inputTail++ % INPUT_BYTES] = (uint8_t)REGISTER(UART_0 + DATA);
	boardHasEvent = true;
}

static void send(void)
{
	while (outputHead != outputTail && !(REGISTER(UART_0 + STATE) & IS_SEND_FULL))
		REGISTER(UART_0 + DATA) = output[outputHead++ % OUTPUT_BYTES];
}

void uart0SendInterrupt(void)
{
	REGISTER(UART_0 + INTERRUPT) = CLEAR_SEND;
	send();
	boardHasEvent = true;
}

void uart1ReceiveInterrupt(void)
{
	REGISTER(UART_1 + INTERRUPT) = CLEAR_RECEIVE;
	while (REGISTER(UART_1 + STATE) & IS_RECEIVE_FULL) {
		uint8_t command = (uint8_t)REGISTER(UART_1 + DATA);
		if ((uint8_t)(controlTail - controlHead) < CONTROL_BYTES)
			controls[controlTail++ % CONTROL_BYTES] = command;
	}
	boardHasEvent = true;
}

void uartLog(const char* text, size_t count)
{
	while (count-- > 0) {
		while (REGISTER(UART_1 + STATE) & IS_SEND_FULL)
			;
		REGISTER(UART_1 + DATA) = (uint8_t)*text++;
	}
}

void uartDrain(void)
{
	enum { PATIENCE_MS = 300 };
	double until = portNow() + PATIENCE_MS;
	while (outputHead != outputTail && portNow() < until)
		clockSleep(until);
}

static size_t readable(PortStream* stream)
{
	(void)stream;
	return (uint16_t)(inputTail - inputHead);
}

static size_t writable(PortStream* stream)
{
	(void)stream;
	return OUTPUT_BYTES - (size_t)(uint16_t)(outputTail - outputHead);
}

static size_t readSome(PortStream* stream, void* into, size_t size)
{
	uint8_t* to = into;
	size_t count = readable(stream);
	if (count > size)
		count = size;
	for (size_t i = 0; i < count; i++)
		to[i] = input[inputHead++ % INPUT_BYTES];
	// what the interrupt left behind
	__asm volatile("cpsid i" ::: "memory");
	while ((REGISTER(UART_0 + STATE) & IS_RECEIVE_FULL) && (uint16_t)(inputTail - inputHead) < INPUT_BYTES)
		input[inputTail++ % INPUT_BYTES] = (uint8_t)REGISTER(UART_0 + DATA);
	__asm volatile("cpsie i" ::: "memory");
	return count;
}

static size_t writeSome(PortStream* stream, const void* from, size_t count)
{
	const uint8_t* bytes = from;
	size_t room = writable(stream);
	if (count > room) {
		count = room;
		wasFull = true;
	}
	for (size_t i = 0; i < count; i++)
		output[(uint16_t)(outputTail + i) % OUTPUT_BYTES] = bytes[i];
	__asm volatile("cpsid i" ::: "memory");
	outputTail = (uint16_t)(outputTail + count);
	send();
	__asm volatile("cpsie i" ::: "memory");
	return count;
}

static void closeShell(PortStream* stream)
{
	(void)stream;
	isOpen = false;
}

static const StreamKind kind = { readable, writable, readSome, writeSome, closeShell };

PortStream* portSerialOpen(const char* device, uint32_t number, const PortStreamEvents* events, void* owner, const char** message)
{
	(void)number;
	if (strcmp(device, "stdio") != 0 || isOpen) {
		*message = isOpen ? "the serial port is in use" : "this board has one serial port, stdio";
		return NULL;
	}
	shell = (PortStream) { &kind, events, owner };
	isOpen = wasFull = true;
	boardHasEvent = true;
	return &shell;
}

bool uartRun(void)
{
	bool hasRun = false;
	while (controlHead != controlTail) {
		processControl(controls[controlHead++ % CONTROL_BYTES]);
		hasRun = true;
	}
	if (isOpen && readable(&shell) > 0) {
		shell.events->onReadable(shell.owner, readable(&shell));
		hasRun = true;
	}
	if (isOpen && wasFull && writable(&shell) >= OUTPUT_BYTES / 2) {
		wasFull = false;
		shell.events->onWritable(shell.owner, writable(&shell));
		hasRun = true;
	}
	return hasRun;
}
