// What the files of the SDK's Linux target share.
#ifndef LINUX_PROGRAM_H
#define LINUX_PROGRAM_H

#include <stdbool.h>

/** The value of a key of the config: of the command line's last word `key=…`, else of the build; NULL without. */
const char* programValue(const char* key);

/** Goes on in the image that the boot record names, where that is another one than this (slot.c). `isRestart`: not because somebody has started it. */
void slotStart(char** arguments, bool isRestart);
/** The program that was started: it chooses the image anew. */
const char* slotLoader(void);

#endif
