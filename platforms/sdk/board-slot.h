// What platforms/sdk/firmware.c asks of a board that has a slot for firmware.
#ifndef SDK_BOARD_SLOT_H
#define SDK_BOARD_SLOT_H

#include <stddef.h>
#include <stdint.h>

/** Bytes; 0 where there is no slot. */
uint32_t boardSlotBytes(void);
int boardIsTrial(void);
int boardIsReverted(void);
/** Each of these: @return NULL, or what went wrong */
const char* boardSlotErase(void);
/** Within the slot, in order. Nothing is written to where something has been already. */
const char* boardSlotWrite(uint32_t offset, const void* from, uint32_t length);
const char* boardSlotRead(uint32_t offset, void* into, uint32_t length);
const char* boardSlotInstall(uint32_t length);
const char* boardConfirm(void);
/** @return 0, or 5 damaged, 6 of another kind (OMA-TS-LightweightM2M_Core-V1_1_1 E.6, Update Result) */
int boardSlotVerify(uint32_t length);

#endif
