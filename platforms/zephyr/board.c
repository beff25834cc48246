// The board's part (platforms/sdk/board.h) on Zephyr.
#include "xsmc.h"
#include "xsHost.h"

#include <math.h>

#include <zephyr/drivers/hwinfo.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/reboot.h>
#include <zephyr/zvfs/eventfd.h>

#include "../sdk/board.h"

// Seconds from the start to 1970 and back: the board has no clock that runs on without power.
static double wallOffset = NAN;

double boardNow(void)
{
	return (double)k_uptime_get();
}

double boardTime(void)
{
	return boardNow() / 1000 + wallOffset;
}

void boardSetTime(double seconds)
{
	wallOffset = seconds - boardNow() / 1000;
}

int boardRandom(void* into, size_t size)
{
	return sys_csrand_get(into, size);
}

void boardLog(const char* line)
{
	printk("%s\n", line);
}

void boardRestart(void)
{
	sys_reboot(SYS_REBOOT_COLD);
}

const char* boardResetReason(void)
{
	uint32_t cause;
	if (hwinfo_get_reset_cause(&cause) != 0)
		return "unknown";
	// the register adds up until it is cleared
	hwinfo_clear_reset_cause();
	if (cause & RESET_WATCHDOG)
		return "watchdog";
	if (cause & RESET_BROWNOUT)
		return "brownout";
	if (cause & RESET_CPU_LOCKUP)
		return "exception";
	if (cause & RESET_SOFTWARE)
		return "software";
	if (cause & RESET_PIN)
		return "pin";
	return cause == 0 || (cause & RESET_POR) ? "power" : "unknown";
}

int boardEventfd(void)
{
	return zvfs_eventfd(0, 0);
}

int boardPost(void* machine, BoardDeliver deliver, void* context)
{
	return modMessagePostToMachine(machine, NULL, 0, deliver, context);
}
