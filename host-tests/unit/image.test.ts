// The check of a downloaded firmware image: what is good, and each cause of refusal with its Update Result.
import { developmentKey } from "../../src/fota/development-key.js";
import { compareVersions, imageCheck } from "../../src/fota/image.js";
import type { ImageCheck } from "../../src/fota/image-check.js";
import Verifier, { WRONG } from "../../src/fota/verifier.js";
import type { Firmware } from "../../src/platform.js";
import { firmwareImage, SIGNATURE_OF_ANOTHER_KEY } from "../support/firmware-image.js";
import { ascii, equal, hex, ok, test, throws, toHex } from "../support/test.js";

const settings = { publicKey: developmentKey, target: "test", version: "1.0.0" };

/** A slot with these bytes. */
function slot(bytes: Uint8Array, verifyForeign?: (length: number) => number): Firmware {
	const nothing = () => {};
	const firmware = {
		capacityBytes: 1 << 20,
		isTrial: false,
		isReverted: false,
		erase: nothing,
		write: nothing,
		read(offset: number, into: Uint8Array): number {
			const part = bytes.subarray(offset, offset + into.length);
			into.set(part);
			return part.length;
		},
		install: nothing,
		confirm: nothing,
	};
	return verifyForeign ? { ...firmware, verifyForeign } : firmware;
}

/** Runs a check to its end. @returns the result and how many steps it took */
function run(check: ImageCheck, firmware: Firmware, length: number): [result: number, steps: number] {
	check.begin(firmware, length);
	for (let steps = 1; steps < 10_000; steps++) {
		const result = check.step();
		if (result !== -1) return [result, steps];
	}
	throw new Error("it never ends");
}

/** The image with a change: what the check says. */
function refusal(change: (bytes: Uint8Array) => Uint8Array | void, others: object = {}): string {
	const original = firmwareImage();
	const bytes = change(original) ?? original;
	const check = imageCheck({ ...settings, ...others });
	const [result] = run(check, slot(bytes), bytes.length);
	equal(check.name, "", "a refused image shows no name");
	return `${result} ${check.problem}`;
}

test("a good image gives name and version, in slices", () => {
	const bytes = firmwareImage();
	const check = imageCheck(settings);
	const [result, steps] = run(check, slot(bytes), bytes.length);
	equal([result, check.name, check.version, check.problem], [0, "lwm2m-xs", "2.0.0", ""]);
	ok(steps >= 5, `${steps} steps`);
	equal(run(check, slot(bytes), bytes.length)[0], 0, "again");
});

test("an image of another key, and one with any signed byte changed, is result 5", () => {
	equal(
		refusal((bytes) => bytes.set(hex(SIGNATURE_OF_ANOTHER_KEY), 448)),
		"5 the signature is wrong: another key, or a changed image",
	);
	for (const at of [12, 33, 65, 96, 127, 128, 447, 448, 480, 511])
		equal(
			refusal((bytes) => {
				bytes[at]! ^= 1;
			}),
			"5 the signature is wrong: another key, or a changed image",
			`byte ${at}`,
		);
	equal(
		refusal((bytes) => {
			bytes.fill(0, 448, 512);
		}).slice(0, 1),
		"5",
		"a signature of zeros",
	);
});

test("a damaged payload is result 5, wherever the damage is", () => {
	for (const at of [512, 1024, 4608, 5511])
		equal(
			refusal((bytes) => {
				bytes[at]! ^= 0x80;
			}),
			"5 the image is damaged: its SHA-256 is another",
		);
});

test("an image that is cut off, or longer than it says, is result 5", () => {
	equal(
		refusal((bytes) => bytes.subarray(0, 511)),
		"5 the image ends after 511 bytes",
	);
	equal(
		refusal((bytes) => bytes.subarray(0, 512)),
		"5 the image has 5512 bytes, 512 were downloaded",
	);
	equal(
		refusal((bytes) => bytes.subarray(0, 5511)),
		"5 the image has 5512 bytes, 5511 were downloaded",
	);
	equal(
		refusal((bytes) => {
			const longer = new Uint8Array(bytes.length + 1);
			longer.set(bytes);
			return longer;
		}),
		"5 the image has 5512 bytes, 5513 were downloaded",
	);
	const check = imageCheck(settings);
	equal(run(check, slot(firmwareImage().subarray(0, 3000)), 5512), [
		5,
		run(check, slot(firmwareImage().subarray(0, 3000)), 5512)[1],
	]);
	equal(check.problem, "the slot ends after 3000 bytes");
});

test("no container, another container version and another target are result 6", () => {
	const others: [(bytes: Uint8Array) => void, string][] = [
		[(bytes) => bytes.fill(0x41, 0, 4), "6 not a firmware image"],
		[
			(bytes) => {
				bytes[4] = 2;
			},
			"6 container version 2: 1 is wanted",
		],
		[(bytes) => bytes.set(ascii("qemu"), 16), "6 the image is for qemu, this is test"],
	];
	for (const [change, expected] of others) equal(refusal(change), expected);
	equal(
		refusal(() => new Uint8Array(0)),
		"6 not a firmware image",
	);
});

test("an older version is result 8 where no downgrade is allowed", () => {
	equal(
		refusal(() => {}, { version: "2.0.1", mayDowngrade: false }),
		"8 version 2.0.0 is older than 2.0.1, and no downgrade is allowed",
	);
	const bytes = firmwareImage();
	for (const others of [
		{ version: "2.0.1", mayDowngrade: true },
		{ version: "2.0.0", mayDowngrade: false },
		{ version: "2.0.1" },
	])
		equal(run(imageCheck({ ...settings, ...others }), slot(bytes), bytes.length)[0], 0);
});

test("versions compare by their numbers", () => {
	const ascending = ["", "0.9", "1.0.0-alpha", "1.0.0-rc1", "1.0.0", "1.0.1", "1.2", "1.10.0", "2", "10.0"];
	for (let i = 0; i < ascending.length; i++)
		for (let j = 0; j < ascending.length; j++)
			equal(
				Math.sign(compareVersions(ascending[i]!, ascending[j]!)),
				Math.sign(i - j),
				`${ascending[i]} ${ascending[j]}`,
			);
	equal(compareVersions("1.0", "1.0.0"), 0);
});

test("images of ESP-IDF and MCUboot go to the board's own verifier, and are result 6 where there is none", () => {
	const esp = new Uint8Array(600);
	esp[0] = 0xe9;
	esp.set(hex("3254cdab"), 32);
	esp.set(ascii("3.1.4"), 48);
	esp.set(ascii("sensor"), 80);
	const mcuboot = new Uint8Array(600);
	mcuboot.set(hex("3db8f396"), 0);
	mcuboot.set(hex("01020304"), 20);
	for (const [bytes, name, version] of [
		[esp, "sensor", "3.1.4"],
		[mcuboot, "", "1.2.1027"],
	] as const) {
		const lengths: number[] = [];
		const check = imageCheck(settings);
		const firmware = slot(bytes, (length) => {
			lengths.push(length);
			return 0;
		});
		equal(run(check, firmware, 600)[0], 0);
		equal([check.name, check.version, lengths.join()], [name, version, "600"]);
		equal(
			run(
				check,
				slot(bytes, () => 5),
				600,
			)[0],
			5,
		);
		ok(check.problem.endsWith("the board's own verifier refuses it"), check.problem);
		equal(run(check, slot(bytes), 600)[0], 6);
		equal(run(imageCheck({ ...settings, version: "9.0", mayDowngrade: false }), firmware, 600)[0], 8);
	}
});

test("a slot that cannot be read ends the check with its message", () => {
	const check = imageCheck(settings);
	const firmware = slot(firmwareImage());
	firmware.read = () => {
		throw new Error("firmware slot: Input/output error");
	};
	equal(run(check, firmware, 5512)[0], 8);
	equal(check.problem, "firmware slot: Input/output error");
	throws(() => check.step(), "RangeError", "no check has begun");
});

test("the verifier makes digests, and refuses what is no key", () => {
	const verifier = new Verifier();
	const digest = new Uint8Array(32);
	verifier.add(ascii("xabc"), 1, 3);
	verifier.add(ascii("abc"), 2, 3);
	verifier.finish(digest);
	equal(toHex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-4
	verifier.finish(digest);
	equal(toHex(digest), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	equal(verifier.check(firmwareImage(), 448, 0), WRONG, "without a key");
	throws(() => verifier.add(ascii("abc"), 0, 4), "RangeError");
	throws(() => verifier.finish(new Uint8Array(31)), "RangeError", "32 bytes are needed, not 31");
	verifier.close();
	verifier.close();
	throws(() => verifier.finish(digest), "Error", "the verifier is closed");
	throws(() => new Verifier(new Uint8Array(64)), "RangeError", "65 bytes, not 64");
	throws(() => new Verifier(new Uint8Array(65).fill(4)), "Error", "the public key is no point of P-256");
});

test("a signature is checked in slices, or all at once", () => {
	const bytes = firmwareImage();
	const verifier = new Verifier(developmentKey());
	equal(verifier.check(bytes, 448, 0), 0);
	let slices = 0;
	let result = -1;
	for (; result === -1; slices++) result = verifier.check(bytes, 448, 200);
	equal(result, 0);
	ok(slices > 1, `${slices} slices`);
	// one that is left half done is given up with the verifier
	equal(verifier.check(bytes, 448, 200), -1);
	verifier.close();
});
