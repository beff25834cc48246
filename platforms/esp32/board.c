// The board's part (platforms/sdk/board.h) on ESP-IDF 5 and 6.
#include "xsmc.h"
#include "xsHost.h"

#include <math.h>
#include <sys/time.h>

#include "esp_random.h"
#include "esp_system.h"
#include "esp_timer.h"
#include "esp_vfs_eventfd.h"

#include "../sdk/board.h"

// 2024-01-01: a clock before it has not been set
#define SET_AFTER 1704067200

double boardNow(void)
{
	return floor((double)esp_timer_get_time() / 1000);
}

double boardTime(void)
{
	struct timeval at;
	gettimeofday(&at, NULL);
	return at.tv_sec < SET_AFTER ? NAN : (double)at.tv_sec + (double)at.tv_usec / 1e6;
}

void boardSetTime(double seconds)
{
	struct timeval at = {.tv_sec = (time_t)seconds};
	at.tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6);
	settimeofday(&at, NULL);
}

// True random while Wi-Fi or the boot loader's entropy source is on, as the SDK's start-up leaves it.
int boardRandom(void* into, size_t size)
{
	esp_fill_random(into, size);
	return 0;
}

// To the debugger: the SDK leaves ESP-IDF without a console. A shell takes the log over.
void boardLog(const char* line)
{
	modLog_transmit(line);
}

void boardRestart(void)
{
	esp_restart();
}

const char* boardResetReason(void)
{
	switch (esp_reset_reason()) {
	case ESP_RST_POWERON: return "power";
	case ESP_RST_EXT: return "pin";
	case ESP_RST_SW:
	case ESP_RST_DEEPSLEEP: return "software";
	case ESP_RST_PANIC: return "exception";
	case ESP_RST_INT_WDT:
	case ESP_RST_TASK_WDT:
	case ESP_RST_WDT: return "watchdog";
	case ESP_RST_BROWNOUT: return "brownout";
	default: return "unknown";
	}
}

int boardEventfd(void)
{
	const esp_vfs_eventfd_config_t config = {.max_fds = 1};
	return esp_vfs_eventfd_register(&config) == ESP_OK ? eventfd(0, 0) : -1;
}

int boardPost(void* machine, BoardDeliver deliver, void* context)
{
	return modMessagePostToMachine(machine, NULL, 0, deliver, context);
}
