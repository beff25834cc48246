// The boot loader: brings the image that the boot record wants into the primary area and starts it. What it says goes to
// the log's UART. A fault of its own resets at once: everything it does can be done again.

#include <string.h>

#include "board.h"
#include "boot-choice.h"
#include "container.h"
#include "flash-map.h"
#include "image.h"

enum { UART_DATA = 0x0, UART_STATE = 0x4, UART_CONTROL = 0x8, UART_DIVISOR = 0x10, UART_IS_FULL = 1, UART_SENDS = 1 };
enum { VECTOR_TABLE = 0xe000ed08, RESET = 0xe000ed0c };
enum { VECTORS = 16, DIGEST_BYTES = 32 };
// In place of a chip's register that says what a reset was for: memory that a reset leaves alone and that is zero when the
// power comes, out of the firmware's reach.
enum { RESET_REASON = 0x20040000, RESTARTED = 0x52455354 };

extern uint32_t dataLoad[], dataStart[], dataEnd[], bssStart[], bssEnd[];
extern char stackTop[];
// Of Mbed TLS, whose headers want the firmware's configuration; `is224` is 0.
int mbedtls_sha256(const unsigned char* from, size_t count, unsigned char* digest, int is224);
_Noreturn void loaderStart(void);

static void put(const char* text)
{
	for (; *text; text++) {
		while (REGISTER(UART_1 + UART_STATE) & UART_IS_FULL)
			;
		REGISTER(UART_1 + UART_DATA) = (uint8_t)*text;
	}
}

static void say(const char* text)
{
	put("Boot loader: ");
	put(text);
	put("\n");
}

_Noreturn void boardReset(void)
{
	REGISTER(RESET) = 0x05fa0004;
	for (;;)
		;
}

// Nothing is protected yet.
void boardOpenFlash(uintptr_t address)
{
	(void)address;
}

void boardCloseFlash(void)
{
}

// ---- images

static const uint8_t* headerOf(const FlashArea* area)
{
	return (const uint8_t*)area->start;
}

static uint32_t countOf(const FlashArea* area)
{
	return containerCheck(headerOf(area), area->bytes, "qemu") ? 0 : CONTAINER_HEADER_BYTES + containerPayloadBytes(headerOf(area));
}

// Whose the image is the firmware has checked before it had it installed; here, whether the flash still holds it.
static const char* checkOf(const FlashArea* area)
{
	const uint8_t* header = headerOf(area);
	const char* problem = containerCheck(header, area->bytes, "qemu");
	uint8_t digest[DIGEST_BYTES];
	if (problem)
		return problem;
	if (mbedtls_sha256(header + CONTAINER_HEADER_BYTES, containerPayloadBytes(header), digest, 0) != 0
		|| memcmp(digest, header + CONTAINER_AT_DIGEST, sizeof digest) != 0)
		return "the image is damaged";
	return NULL;
}

static const BootLoader loader = {
	.areas = {
		.primary = { FLASH_PRIMARY, FLASH_PRIMARY_BYTES },
		.secondary = { FLASH_SECONDARY, FLASH_SECONDARY_BYTES },
		.scratch = { FLASH_SCRATCH, FLASH_SCRATCH_BYTES },
		.status = { FLASH_SWAP_STATUS, FLASH_SWAP_STATUS_BYTES },
	},
	.record = { FLASH_BOOT_RECORD, FLASH_BOOT_RECORD_BYTES },
	.check = checkOf,
	.count = countOf,
	.say = say,
};

static void sayVersion(const BootRecord* record)
{
	char version[CONTAINER_TEXT_BYTES];
	if (record->sequence == 0)
		return;
	put("Boot loader: version ");
	put(containerText(headerOf(&loader.areas.primary), version));
	put(record->state == BOOT_TRIAL ? ", on trial\n" : record->state == BOOT_REVERTED ? ", the one before came back\n" : "\n");
}

static _Noreturn void jump(const uint32_t* vectors)
{
	REGISTER(VECTOR_TABLE) = (uint32_t)(uintptr_t)vectors;
	__asm volatile(
		"msr msp, %0\n"
		"dsb\n"
		"isb\n"
		"bx %1\n"
		:: "r"(vectors[0]), "r"(vectors[1]) : "memory");
	__builtin_unreachable();
}

_Noreturn void loaderStart(void)
{
	BootRecord record;
	for (uint32_t *to = dataStart, *from = dataLoad; to < dataEnd;)
		*to++ = *from++;
	for (uint32_t* to = bssStart; to < bssEnd;)
		*to++ = 0;
	REGISTER(UART_1 + UART_DIVISOR) = 16;
	REGISTER(UART_1 + UART_CONTROL) = UART_SENDS;
	bool isRestart = REGISTER(RESET_REASON) == RESTARTED;
	REGISTER(RESET_REASON) = RESTARTED;
	if (!bootChoose(&loader, &record, isRestart)) {
		say("there is no image that can run");
		const uintptr_t parameters[] = { 0x20026, 1 };
		semihostingCall(SEMIHOSTING_EXIT, parameters);
		boardReset();
	}
	sayVersion(&record);
	jump((const uint32_t*)(uintptr_t)(FLASH_PRIMARY + CONTAINER_HEADER_BYTES));
}

static void onFault(void)
{
	boardReset();
}

__attribute__((section(".vectors"), used)) static void (*const vectors[VECTORS])(void) = {
	(void (*)(void))stackTop, loaderStart, onFault, onFault, onFault, onFault, onFault,
};
