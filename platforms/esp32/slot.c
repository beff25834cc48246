// The OTA partition that does not run (platforms/sdk/board-slot.h), on ESP-IDF 5 and 6. Flash is erased ahead of what is
// written, sector by sector, so that no erase takes longer than some 50 ms. The boot loader needs
// CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE to try an image and bring the old one back.
#include "../sdk/board-slot.h"

#include <stdlib.h>

#include "esp_app_desc.h"
#include "esp_image_format.h"
#include "esp_ota_ops.h"
#include "esp_partition.h"

#define SECTOR 4096
#define UNKNOWN UINT32_MAX

// Of the running download: what is written, and up to where flash is erased. After a restart nothing is known.
static uint32_t writtenTo = UNKNOWN;
static uint32_t erasedTo;

static const esp_partition_t* slot(void)
{
	return esp_ota_get_next_update_partition(NULL);
}

static int stateIs(esp_ota_img_states_t wanted)
{
	esp_ota_img_states_t state;
	return esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK && state == wanted;
}

uint32_t boardSlotBytes(void)
{
	const esp_partition_t* partition = slot();
	return partition ? partition->size : 0;
}

int boardIsTrial(void)
{
	return stateIs(ESP_OTA_IMG_PENDING_VERIFY);
}

int boardIsReverted(void)
{
	return esp_ota_get_last_invalid_partition() != NULL;
}

const char* boardSlotErase(void)
{
	writtenTo = UNKNOWN;
	return esp_partition_erase_range(slot(), 0, SECTOR) == ESP_OK ? NULL : "the slot cannot be erased";
}

// Makes flash empty from an offset on that is not where the last write ended: what its sector holds before it stays.
static const char* goOnAt(const esp_partition_t* partition, uint32_t offset)
{
	const uint32_t sector = offset / SECTOR * SECTOR;
	const uint32_t head = offset - sector;
	erasedTo = sector;
	if (head == 0)
		return NULL;
	void* kept = malloc(head);
	if (!kept)
		return "no memory";
	const int isDone = esp_partition_read(partition, sector, kept, head) == ESP_OK &&
		esp_partition_erase_range(partition, sector, SECTOR) == ESP_OK &&
		esp_partition_write(partition, sector, kept, head) == ESP_OK;
	free(kept);
	erasedTo = sector + SECTOR;
	return isDone ? NULL : "the slot cannot be written";
}

const char* boardSlotWrite(uint32_t offset, const void* from, uint32_t length)
{
	const esp_partition_t* partition = slot();
	const char* fault = offset == writtenTo ? NULL : goOnAt(partition, offset);
	if (fault)
		return fault;
	while (erasedTo < offset + length) {
		if (esp_partition_erase_range(partition, erasedTo, SECTOR) != ESP_OK)
			return "the slot cannot be erased";
		erasedTo += SECTOR;
	}
	writtenTo = offset + length;
	return esp_partition_write(partition, offset, from, length) == ESP_OK ? NULL : "the slot cannot be written";
}

const char* boardSlotRead(uint32_t offset, void* into, uint32_t length)
{
	return esp_partition_read(slot(), offset, into, length) == ESP_OK ? NULL : "the slot cannot be read";
}

// Checks the image once more by itself.
const char* boardSlotInstall(uint32_t length)
{
	(void)length;
	return esp_ota_set_boot_partition(slot()) == ESP_OK ? NULL : "ESP-IDF does not take the image";
}

const char* boardConfirm(void)
{
	if (!boardIsTrial())
		return NULL;
	return esp_ota_mark_app_valid_cancel_rollback() == ESP_OK ? NULL : "the image cannot be confirmed";
}

int boardSlotVerify(uint32_t length)
{
	const esp_partition_t* partition = slot();
	esp_app_desc_t description;
	(void)length;
	// the header says which chip it is for
	if (esp_ota_get_partition_description(partition, &description) != ESP_OK)
		return 6;
	const esp_partition_pos_t position = {.offset = partition->address, .size = partition->size};
	esp_image_metadata_t metadata;
	return esp_image_verify(ESP_IMAGE_VERIFY_SILENT, &position, &metadata) == ESP_OK ? 0 : 5;
}
