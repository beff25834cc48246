// Which of two firmware images runs: a record that survives the power going at any moment, and the rules of a trial.
// Pure logic over three functions of the port, for an application and for a boot loader alike; no engine.
//
// Slots 0 and 1 each hold an image. `active` runs; what is downloaded goes to the other one.
//
//   state     goes to    when
//   STABLE    PENDING    bootInstall()
//   PENDING   TRIAL      bootStart(): the other slot becomes the active one, and starts for the first time
//             STABLE     bootForget()
//   TRIAL     STABLE     bootConfirm()
//             REVERTED   bootStart() without a confirmation: the program has restarted or crashed, or the power has gone
//                        BOOT_TRIAL_STARTS times; bootRefuse()
//   REVERTED  STABLE     bootConfirm(), bootForget()
//             PENDING    bootInstall()
//
// Each change is one record in that one of two sectors which does not hold the newest: the sector is erased, then the
// record written in one go. A record counts when its checksum is right, the one with the later sequence number wins.
//
//   0  magic  4  sequence  8  state, 9 active, 10 starts, 11 primary  12 installed bytes  16 zero …  28 CRC-32 of what is before

#ifndef BOOT_RECORD_H
#define BOOT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BOOT_MAGIC = 0x31424c57, // "WLB1"
	BOOT_RECORD_BYTES = 32,
	// Starts of an image on trial: the power may go twice, which is no fault of the image, and not for ever.
	BOOT_TRIAL_STARTS = 3,
};

typedef enum { BOOT_STABLE = 1, BOOT_PENDING, BOOT_TRIAL, BOOT_REVERTED } BootState;

// Two sectors, 0 and 1. Each function is false where the storage failed.
typedef struct {
	bool (*read)(void* owner, int sector, void* into, size_t count);
	// Once after each erase.
	bool (*write)(void* owner, int sector, const void* from, size_t count);
	bool (*erase)(void* owner, int sector);
	void* owner;
} BootStorage;

typedef struct {
	uint32_t sequence; // 0: nothing is stored
	BootState state;
	uint8_t active;
	uint8_t starts;
	// For a board that moves images: which slot's image lies where code runs from.
	uint8_t primary;
	// Of the image that was installed last.
	uint32_t installedBytes;
	uint8_t sector; // that holds it
} BootRecord;

// Without a record: slot 0 is active and stable.
void bootLoad(const BootStorage* storage, BootRecord* record);
// To be called once a start, before the image that `active` names afterwards: counts a trial, or ends it. Where the
// record cannot be written the image before the trial is active. `isRestart`: not because the power has come, so that the
// program before has failed where it was on trial.
void bootStart(const BootStorage* storage, BootRecord* record, bool isRestart);
// The active image cannot run: the other one is active from now on. False where that was refused as well in this start.
bool bootRefuse(const BootStorage* storage, BootRecord* record);
// The other slot's image, `bytes` long, starts next time.
bool bootInstall(const BootStorage* storage, BootRecord* record, uint32_t bytes);
bool bootConfirm(const BootStorage* storage, BootRecord* record);
// The other slot is about to be erased.
bool bootForget(const BootStorage* storage, BootRecord* record);
bool bootSetPrimary(const BootStorage* storage, BootRecord* record, uint8_t slot);

#endif
