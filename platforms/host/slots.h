// Where the Linux port keeps two firmware images and the boot record: files in the storage's folder, else memory that
// outlives a restart of the process, and not its end.

#ifndef SLOTS_H
#define SLOTS_H

#include <stdbool.h>

#include "boot-record.h"

enum { SLOTS = 2 };

extern const BootStorage slotsStorage;

// Opens what is there already, so that a start with unusable options leaves nothing behind. `storageFolder` is kept; NULL:
// nothing is stored.
void slotsFind(const char* storageFolder);
// Makes what is missing.
bool slotsMake(const char** message);
// The file of an image, -1 where there is none yet.
int slotsImage(int slot);
// To be called once they are in use: a restart finds them again.
void slotsPassOn(void);

#endif
