// Key-value storage on files, one an entry (../xs/port.h). A write goes to a new file that takes the old one's place
// when it is complete and on the disk: a power cut leaves the old value or the new.

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port.h"

// A key never ends in either with what follows it: `a.value` is the entry `a`, `a.value.value` the entry `a.value`.
static const char entrySuffix[] = ".value";
static const char partSuffix[] = ".part";

enum { FILE_NAME_BYTES = 32 };

struct PortStore {
	int directory;
};

static void fileName(char* name, const char* key, const char* suffix)
{
	snprintf(name, FILE_NAME_BYTES, "%s%s", key, suffix);
}

static bool endsWith(const char* text, const char* suffix)
{
	size_t length = strlen(text), end = strlen(suffix);
	return length > end && strcmp(text + length - end, suffix) == 0;
}

static DIR* list(PortStore* store)
{
	int copy = openat(store->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return copy < 0 ? NULL : fdopendir(copy);
}

// What a power cut left half written.
static void removeParts(PortStore* store)
{
	DIR* entries = list(store);
	if (!entries)
		return;
	for (struct dirent* entry; (entry = readdir(entries)) != NULL;)
		if (endsWith(entry->d_name, partSuffix))
			unlinkat(store->directory, entry->d_name, 0);
	closedir(entries);
}

// Makes a directory and those above it.
static void makeDirectories(const char* path)
{
	char* part = strdup(path);
	if (!part)
		return;
	for (char* slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(part, 0777);
		*slash = '/';
	}
	mkdir(part, 0777);
	free(part);
}

PortStore* portStoreOpen(const char* path, const char** message)
{
	PortStore* store = calloc(1, sizeof *store);
	if (!store) {
		*message = "out of memory";
		return NULL;
	}
	makeDirectories(path);
	store->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->directory < 0 || faccessat(store->directory, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		*message = strerror(errno);
		if (store->directory >= 0)
			close(store->directory);
		free(store);
		return NULL;
	}
	removeParts(store);
	return store;
}

void* portStoreRead(PortStore* store, const char* key, size_t* count, const char** message)
{
	char name[FILE_NAME_BYTES];
	fileName(name, key, entrySuffix);
	*message = NULL;
	*count = 0;
	int file = openat(store->directory, name, O_RDONLY | O_CLOEXEC);
	if (file < 0) {
		if (errno != ENOENT)
			*message = strerror(errno);
		return NULL;
	}
	// one byte more than an entry has, also so that an empty one is not NULL
	uint8_t* value = malloc(PORT_STORE_VALUE_BYTES + 1);
	ssize_t taken = 0;
	while (value && *count <= PORT_STORE_VALUE_BYTES && (taken = read(file, value + *count, PORT_STORE_VALUE_BYTES + 1 - *count)) > 0)
		*count += (size_t)taken;
	if (!value || taken < 0 || *count > PORT_STORE_VALUE_BYTES) {
		*message = !value ? "out of memory" : taken < 0 ? strerror(errno) : "the file is too long";
		free(value);
		value = NULL;
	}
	close(file);
	return value;
}

static bool writeAll(int file, const uint8_t* value, size_t count)
{
	while (count > 0) {
		ssize_t written = write(file, value, count);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		value += written;
		count -= (size_t)written;
	}
	return true;
}

bool portStoreWrite(PortStore* store, const char* key, const void* value, size_t count, const char** message)
{
	char part[FILE_NAME_BYTES], name[FILE_NAME_BYTES];
	fileName(part, key, partSuffix);
	fileName(name, key, entrySuffix);
	// the storage holds keys and credentials: nobody else's to read
	int file = openat(store->directory, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool isWritten = file >= 0 && writeAll(file, value, count) && fsync(file) == 0;
	int error = errno;
	if (file >= 0 && close(file) < 0 && isWritten) {
		isWritten = false;
		error = errno;
	}
	// the rename is what changes the entry; the directory's own sync makes it last
	if (isWritten && (renameat(store->directory, part, store->directory, name) < 0 || fsync(store->directory) < 0)) {
		isWritten = false;
		error = errno;
	}
	if (!isWritten) {
		unlinkat(store->directory, part, 0);
		*message = strerror(error);
	}
	return isWritten;
}

bool portStoreDelete(PortStore* store, const char* key, const char** message)
{
	char name[FILE_NAME_BYTES];
	fileName(name, key, entrySuffix);
	if ((unlinkat(store->directory, name, 0) < 0 && errno != ENOENT) || fsync(store->directory) < 0) {
		*message = strerror(errno);
		return false;
	}
	return true;
}

bool portStoreKeys(PortStore* store, void (*onKey)(void* owner, const char* key), void* owner, const char** message)
{
	DIR* entries = list(store);
	if (!entries) {
		*message = strerror(errno);
		return false;
	}
	for (struct dirent* entry; (entry = readdir(entries)) != NULL;)
		if (endsWith(entry->d_name, entrySuffix)) {
			entry->d_name[strlen(entry->d_name) - strlen(entrySuffix)] = 0;
			onKey(owner, entry->d_name);
		}
	closedir(entries);
	return true;
}

void portStoreClose(PortStore* store)
{
	close(store->directory);
	free(store);
}
