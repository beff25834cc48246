// What the files of the Linux port share about the process.

#ifndef PROCESS_H
#define PROCESS_H

#include <stdbool.h>

void processStart(int count, char** values);
// True where the process has replaced itself: by a restart, a crash, the watchdog. Asked once.
bool processHasRestarted(void);
// Called before the process ends or restarts: gives the terminal back as it was found.
void processOnRestore(void (*restore)(void));
void processRestoreTerminal(void);
// The restart itself, also from the handler of a signal.
_Noreturn void processReplace(void);

#endif
