// For tests: the boot record over two sectors in memory whose power goes before or in the middle of any erase or write.
// Prints how many moments it has tried; the first that breaks a promise ends it with a line and status 1.

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot-record.h"

enum { SECTOR_BYTES = 64, MOST_STEPS = 100, NOTHING = 0, WHOLE = 1 };

static uint8_t sectors[2][SECTOR_BYTES];
static bool isErased[2];
// What each slot holds: no image, or the number of one.
static int images[2];
static int stepsLeft;
static bool isHalf;
static jmp_buf powerCut;
static const char* scene;
static int moments;

static _Noreturn void fail(const char* what)
{
	printf("%s, step %d from the end%s: %s\n", scene, stepsLeft, isHalf ? ", in its middle" : "", what);
	exit(1);
}

// Before a step; where the power goes in its middle the step does half and calls again.
static bool cutsHalf(void)
{
	if (--stepsLeft > 0)
		return false;
	if (!isHalf)
		longjmp(powerCut, 1);
	return true;
}

static bool readSector(void* owner, int sector, void* into, size_t count)
{
	(void)owner;
	memcpy(into, sectors[sector], count);
	return true;
}

static bool writeSector(void* owner, int sector, const void* from, size_t count)
{
	(void)owner;
	if (!isErased[sector])
		fail("a sector is written without having been erased");
	isErased[sector] = false;
	bool isCut = cutsHalf();
	memcpy(sectors[sector], from, isCut ? count / 2 : count);
	if (isCut)
		longjmp(powerCut, 1);
	return true;
}

static bool eraseSector(void* owner, int sector)
{
	(void)owner;
	bool isCut = cutsHalf();
	memset(sectors[sector], 0xff, isCut ? SECTOR_BYTES / 4 : SECTOR_BYTES);
	if (isCut)
		longjmp(powerCut, 1);
	isErased[sector] = true;
	return true;
}

static const BootStorage storage = { readSector, writeSector, eraseSector, NULL };
static BootRecord record;

static void start(void)
{
	bootLoad(&storage, &record);
	bootStart(&storage, &record, true);
}

// The power has come back.
static void powerOn(void)
{
	bootLoad(&storage, &record);
	bootStart(&storage, &record, false);
}

static void want(bool isSo, const char* what)
{
	if (!isSo)
		fail(what);
}

// A download takes many steps, in which the slot holds no image.
static void download(int image)
{
	want(bootForget(&storage, &record), "the download slot is refused");
	int slot = record.active ^ 1;
	images[slot] = NOTHING;
	if (cutsHalf())
		longjmp(powerCut, 1);
	images[slot] = image;
}

static void install(int image)
{
	download(image);
	want(bootInstall(&storage, &record, 1000), "the installation is refused");
}

static void confirmed(void)
{
	start();
	install(WHOLE + 1);
	start();
	want(bootConfirm(&storage, &record), "the confirmation is refused");
	start();
	install(WHOLE + 2);
	start();
	want(bootConfirm(&storage, &record), "the confirmation is refused");
}

static void unconfirmed(void)
{
	start();
	install(WHOLE + 1);
	start();
	start();
	install(WHOLE + 2);
	start();
	start();
	want(bootConfirm(&storage, &record), "the confirmation is refused");
}

static void unpowered(void)
{
	powerOn();
	install(WHOLE + 1);
	start();
	for (int starts = 1; starts < BOOT_TRIAL_STARTS; starts++) {
		want(record.state == BOOT_TRIAL && record.starts == starts, "a trial ends because the power went");
		powerOn();
	}
	powerOn();
}

static void confirmedLate(void)
{
	powerOn();
	install(WHOLE + 1);
	powerOn();
	powerOn();
	want(record.state == BOOT_TRIAL && bootConfirm(&storage, &record), "the confirmation is refused");
	powerOn();
	install(WHOLE + 2);
	powerOn();
	powerOn();
	// and then it crashes
	start();
}

static void broken(void)
{
	start();
	install(WHOLE + 1);
	start();
	want(bootRefuse(&storage, &record), "there is nothing to go back to");
	want(!bootRefuse(&storage, &record), "both images are refused, and one still runs");
	start();
	install(WHOLE + 2);
	start();
	want(!bootInstall(&storage, &record, 1) && !bootForget(&storage, &record), "an image on trial gives up the one to come back to");
}

static void moved(void)
{
	start();
	install(WHOLE + 1);
	start();
	want(bootSetPrimary(&storage, &record, 1), "primary");
	start();
	want(bootSetPrimary(&storage, &record, 0), "primary");
}

static const struct {
	const char* name;
	void (*run)(void);
	int active;
	int image;
	BootState state;
} scenes[] = {
	{ "two updates that confirm themselves", confirmed, 0, WHOLE + 2, BOOT_STABLE },
	{ "two updates that do not", unconfirmed, 0, WHOLE, BOOT_STABLE },
	{ "an update while the power goes on and on", unpowered, 0, WHOLE, BOOT_REVERTED },
	{ "two updates while the power goes, and the second crashes", confirmedLate, 1, WHOLE + 1, BOOT_REVERTED },
	{ "an image that cannot run", broken, 1, WHOLE + 2, BOOT_TRIAL },
	{ "a board that moves images", moved, 0, WHOLE, BOOT_REVERTED },
};

static void blank(void)
{
	memset(sectors, 0xff, sizeof sectors);
	isErased[0] = isErased[1] = false;
	images[0] = WHOLE;
	images[1] = NOTHING;
	record.sequence = 0;
}

// What was stored last is still there, or what was about to be stored.
static void checkKept(void)
{
	uint32_t last = record.sequence;
	bootLoad(&storage, &record);
	want(record.sequence == last || record.sequence == last + 1, "the record is lost");
}

// True where the power went.
static bool run(void (*scenario)(void), int steps)
{
	stepsLeft = steps;
	if (setjmp(powerCut)) {
		checkKept();
		return true;
	}
	scenario();
	return false;
}

// Whatever was under way: the device starts, runs a whole image, and can be updated again.
static void recover(void)
{
	start();
	want(images[record.active] != NOTHING, "the active slot holds no image");
	int image = images[record.active];
	start();
	if (record.state == BOOT_REVERTED)
		want(images[record.active] != NOTHING, "the image to come back to is lost");
	else
		want(images[record.active] == image && record.state != BOOT_TRIAL, "a trial goes on for ever");
	want(bootConfirm(&storage, &record) && record.state == BOOT_STABLE, "the confirmation is refused");
	install(WHOLE + 9);
	start();
	want(images[record.active] == WHOLE + 9 && record.state == BOOT_TRIAL && record.starts == 1, "the next update is lost");
}

// Power that goes again while the device recovers, at every step of that.
static void recoverWithCuts(void)
{
	uint8_t kept[2][SECTOR_BYTES];
	int keptImages[2];
	memcpy(kept, sectors, sizeof kept);
	memcpy(keptImages, images, sizeof keptImages);
	for (int steps = 1;; steps++) {
		memcpy(sectors, kept, sizeof kept);
		memcpy(images, keptImages, sizeof keptImages);
		isErased[0] = isErased[1] = false;
		bootLoad(&storage, &record);
		bool isCut = run(recover, steps);
		moments++;
		if (!isCut)
			return;
		want(!run(recover, MOST_STEPS), "it takes too long");
	}
}

int main(void)
{
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		for (int half = 0; half < 2; half++) {
			scene = scenes[i].name;
			isHalf = half;
			for (int steps = 1;; steps++) {
				blank();
				want(steps < MOST_STEPS, "it takes too long");
				if (!run(scenes[i].run, steps)) {
					want(record.active == scenes[i].active && record.state == scenes[i].state, "it ends otherwise");
					want(images[record.active] == scenes[i].image, "another image runs");
					break;
				}
				recoverWithCuts();
			}
		}
	printf("%d moments\n", moments);
	return 0;
}
