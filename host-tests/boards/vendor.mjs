// What the boards' C files use of the vendors' headers, and those of platforms/linux of GLib's, as their documentation has it: declarations only, for checking
// that the files compile. File name and text.
export const vendorHeaders = {
	"xsHost.h": `#include <stdint.h>
typedef void (*modMessageDeliver)(void*, void*, uint8_t*, uint16_t);
void modLog_transmit(const char*);
int modMessagePostToMachine(xsMachine*, uint8_t*, uint16_t, modMessageDeliver, void*);`,
	// with what the SDK's engine has and ours has not
	"lwm2m-config.h": `#define LWM2M_CONFIG "lifetime=300",
xsSlot xsImportNow(const char*);`,
	"glib-unix.h": `#include <glib.h>
unsigned g_unix_signal_add(int, GSourceFunc, void*);`,
	"glib.h": `#pragma once
#include <stdlib.h>
typedef int gboolean;
typedef void* gpointer;
typedef unsigned guint;
typedef gboolean (*GSourceFunc)(gpointer);
typedef void (*GDestroyNotify)(gpointer);
typedef struct { int reserved; } GSource;
typedef struct {
	gboolean (*prepare)(GSource*, int*);
	gboolean (*check)(GSource*);
	gboolean (*dispatch)(GSource*, GSourceFunc, gpointer);
	void (*finalize)(GSource*);
	GSourceFunc closure_callback;
	void (*closure_marshal)(void);
} GSourceFuncs;
typedef struct GSList { gpointer data; struct GSList* next; } GSList;
typedef struct GMainLoop GMainLoop;
typedef struct GMainContext GMainContext;
typedef enum { G_IO_IN = 1, G_IO_OUT = 4 } GIOCondition;
#define FALSE 0
#define G_PRIORITY_DEFAULT 0
#define G_SOURCE_CONTINUE 1
#define G_SOURCE_REMOVE 0
#define g_new(type, count) ((type*)malloc(sizeof(type) * (count)))
void g_free(gpointer);
guint g_idle_add(GSourceFunc, gpointer);
guint g_idle_add_full(int, GSourceFunc, gpointer, GDestroyNotify);
GMainLoop* g_main_loop_new(GMainContext*, gboolean);
void g_main_loop_run(GMainLoop*);
GSList* g_slist_prepend(GSList*, gpointer);
GSList* g_slist_remove(GSList*, const void*);
gpointer g_source_add_unix_fd(GSource*, int, GIOCondition);
guint g_source_attach(GSource*, GMainContext*);
void g_source_destroy(GSource*);
gboolean g_source_is_destroyed(GSource*);
void g_source_modify_unix_fd(GSource*, gpointer, GIOCondition);
GSource* g_source_new(GSourceFuncs*, guint);
GIOCondition g_source_query_unix_fd(GSource*, gpointer);
gboolean g_source_remove(guint);
void g_source_unref(GSource*);`,
	"esp_err.h": "#pragma once\ntypedef int esp_err_t;\n#define ESP_OK 0",
	"esp_random.h": "#include <stddef.h>\nvoid esp_fill_random(void*, size_t);",
	"esp_system.h": `void esp_restart(void) __attribute__((noreturn));
typedef enum { ESP_RST_UNKNOWN, ESP_RST_POWERON, ESP_RST_EXT, ESP_RST_SW, ESP_RST_PANIC, ESP_RST_INT_WDT, ESP_RST_TASK_WDT,
	ESP_RST_WDT, ESP_RST_DEEPSLEEP, ESP_RST_BROWNOUT, ESP_RST_SDIO } esp_reset_reason_t;
esp_reset_reason_t esp_reset_reason(void);`,
	"esp_timer.h": "#include <stdint.h>\nint64_t esp_timer_get_time(void);",
	"esp_vfs_eventfd.h": `#include <stddef.h>
#include "esp_err.h"
typedef struct { size_t max_fds; } esp_vfs_eventfd_config_t;
esp_err_t esp_vfs_eventfd_register(const esp_vfs_eventfd_config_t*);
int eventfd(unsigned int, int);`,
	"esp_partition.h": `#pragma once
#include <stddef.h>
#include <stdint.h>
#include "esp_err.h"
typedef struct { uint32_t address; uint32_t size; } esp_partition_t;
esp_err_t esp_partition_erase_range(const esp_partition_t*, size_t, size_t);
esp_err_t esp_partition_write(const esp_partition_t*, size_t, const void*, size_t);
esp_err_t esp_partition_read(const esp_partition_t*, size_t, void*, size_t);`,
	"esp_app_desc.h": "#pragma once\ntypedef struct { char version[32]; } esp_app_desc_t;",
	"esp_image_format.h": `#include <stdint.h>
#include "esp_err.h"
typedef struct { uint32_t offset; uint32_t size; } esp_partition_pos_t;
typedef struct { uint32_t image_len; } esp_image_metadata_t;
typedef enum { ESP_IMAGE_VERIFY, ESP_IMAGE_VERIFY_SILENT } esp_image_load_mode_t;
esp_err_t esp_image_verify(esp_image_load_mode_t, const esp_partition_pos_t*, esp_image_metadata_t*);`,
	"esp_ota_ops.h": `#include "esp_app_desc.h"
#include "esp_partition.h"
typedef enum { ESP_OTA_IMG_NEW, ESP_OTA_IMG_PENDING_VERIFY, ESP_OTA_IMG_VALID, ESP_OTA_IMG_INVALID } esp_ota_img_states_t;
const esp_partition_t* esp_ota_get_next_update_partition(const esp_partition_t*);
const esp_partition_t* esp_ota_get_running_partition(void);
const esp_partition_t* esp_ota_get_last_invalid_partition(void);
esp_err_t esp_ota_get_state_partition(const esp_partition_t*, esp_ota_img_states_t*);
esp_err_t esp_ota_get_partition_description(const esp_partition_t*, esp_app_desc_t*);
esp_err_t esp_ota_set_boot_partition(const esp_partition_t*);
esp_err_t esp_ota_mark_app_valid_cancel_rollback(void);`,
	"zephyr/kernel.h": `#include <stdint.h>
typedef struct { int64_t ticks; } k_timeout_t;
#define K_SECONDS(s) ((k_timeout_t){(s)})
int32_t k_sleep(k_timeout_t timeout);
int64_t k_uptime_get(void);`,
	"zephyr/net/sntp.h": `#include <stdint.h>
struct sntp_time { uint64_t seconds; uint32_t fraction; };
int sntp_simple(const char* server, uint32_t timeout, struct sntp_time* ts);`,
	"zephyr/drivers/hwinfo.h": `#include <stdint.h>
#define RESET_PIN 1
#define RESET_SOFTWARE 2
#define RESET_BROWNOUT 4
#define RESET_POR 8
#define RESET_WATCHDOG 16
#define RESET_CPU_LOCKUP 128
int hwinfo_get_reset_cause(uint32_t*);
int hwinfo_clear_reset_cause(void);`,
	"zephyr/random/random.h": "#include <stddef.h>\nint sys_csrand_get(void*, size_t);",
	"zephyr/sys/printk.h": "void printk(const char*, ...) __attribute__((format(printf, 1, 2)));",
	"zephyr/sys/reboot.h": "#define SYS_REBOOT_COLD 1\nvoid sys_reboot(int) __attribute__((noreturn));",
	"zephyr/zvfs/eventfd.h": "int zvfs_eventfd(unsigned int, int);",
	"zephyr/dfu/mcuboot.h": `#include <stdbool.h>
#include <stdint.h>
#define BOOT_UPGRADE_TEST 0
bool boot_is_img_confirmed(void);
int boot_write_img_confirmed(void);
int boot_request_upgrade(int);
int boot_erase_img_bank(uint8_t);`,
	"zephyr/storage/flash_map.h": `#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
struct flash_area { uint8_t fa_id; off_t fa_off; size_t fa_size; };
#define FIXED_PARTITION_ID(label) 2
int flash_area_open(uint8_t, const struct flash_area**);
void flash_area_close(const struct flash_area*);
int flash_area_read(const struct flash_area*, off_t, void*, size_t);
int flash_area_write(const struct flash_area*, off_t, const void*, size_t);
int flash_area_erase(const struct flash_area*, off_t, size_t);
uint32_t flash_area_align(const struct flash_area*);`,
	// Zephyr 4.3's own configuration of Mbed TLS, made small for OpenThread, with PSA beside
	"config-mbedtls.h": `#ifndef MBEDTLS_CONFIG_H
#define MBEDTLS_CONFIG_H
#define MBEDTLS_PLATFORM_C
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_MEMORY_BUFFER_ALLOC_C
#define MBEDTLS_MEMORY_ALIGN_MULTIPLE (sizeof(void *))
#define MBEDTLS_PLATFORM_EXIT_ALT
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_NO_DEFAULT_ENTROPY_SOURCES
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA256_SMALLER
#define MBEDTLS_PSK_MAX_LEN 32
#define MBEDTLS_SSL_IN_CONTENT_LEN 1500
#define MBEDTLS_SSL_OUT_CONTENT_LEN 1500
#define MBEDTLS_MPI_WINDOW_SIZE 1
#define MBEDTLS_MPI_MAX_SIZE 32
#define MBEDTLS_ECP_WINDOW_SIZE 2
#define MBEDTLS_ECP_FIXED_POINT_OPTIM 0
#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG
#define MBEDTLS_PSA_CRYPTO_C
#define MBEDTLS_PSA_ASSUME_EXCLUSIVE_BUFFERS
#define MBEDTLS_PSA_STATIC_KEY_SLOTS
#define MBEDTLS_PSA_KEY_SLOT_COUNT 16
#define MBEDTLS_PSA_CRYPTO_CLIENT
#define MBEDTLS_PSA_CRYPTO_CONFIG
#define MBEDTLS_PSA_CRYPTO_CONFIG_FILE "config-psa.h"
#endif`,
	"config-psa.h": "#define PSA_WANT_ALG_SHA_256 1",
};
