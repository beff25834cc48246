# What the SDK's own rules for its Linux target lack: Mbed TLS (build/mbedtls, as the simulated device has it), and the
# `config` of the manifest, which the SDK makes a module of for boards only.
include $(MODDABLE)/tools/mcconfig/make.x-cli-lin.mk

PROJECT := $(dir $(MAKE_FRAGMENT))../..
PREPARED := $(TMP_DIR)/lwm2m-config.h
C_INCLUDES += @$(TMP_DIR)/mbedtls.flags
LIBRARIES := $(PROJECT)/build/mbedtls/host/libmbedtls.a $(LIBRARIES)

$(XS_OBJECTS) $(OBJECTS) $(TMP_DIR)/mc.xs.c.o: | $(PREPARED)
$(TMP_DIR)/program.c.o: $(PREPARED)
$(PREPARED): $(TMP_DIR)/manifest_flat.json
	node $(PROJECT)/scripts/lib/sdk-linux.mjs $(TMP_DIR)
