// The watchdog of an image on trial (firmware.h): a signal that would end the process restarts it, and so does an alarm
// that nobody put off. Everything else a restart needs has been made ready before.

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "firmware.h"
#include "port.h"
#include "process.h"

enum { WATCHDOG_SECONDS = 10, HANDLER_STACK_BYTES = 16384 };

static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM };
static char handlerStack[HANDLER_STACK_BYTES];
static bool isOn;

static void onCrash(int signal)
{
	portLog(signal == SIGALRM ? "The firmware on trial hangs: restarting" : "The firmware on trial has crashed: restarting");
	processRestoreTerminal();
	processReplace();
}

void watchdogSet(void)
{
	if (isOn == portFirmwareIsTrial())
		return;
	isOn = !isOn;
	stack_t stack = { .ss_sp = handlerStack, .ss_size = sizeof handlerStack };
	struct sigaction action = { .sa_flags = SA_ONSTACK };
	sigemptyset(&action.sa_mask);
	action.sa_handler = isOn ? onCrash : SIG_DFL;
	if (isOn)
		sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++)
		sigaction(crashes[i], &action, NULL);
	alarm(isOn ? WATCHDOG_SECONDS : 0);
}

void watchdogSleep(void)
{
	if (isOn)
		alarm(0);
}

void watchdogWake(void)
{
	if (isOn)
		alarm(WATCHDOG_SECONDS);
}
