// What a downloaded firmware image is, read from the slot: container, signature and digest (docs/firmware-image.md).
//
// The signature is over the header, and the header has the payload's digest: so what is nobody's image is told after 512
// bytes. A step reads at most 4 KB or does a slice of elliptic-curve work; a check takes 1 KB of memory, and 4 KB more
// while it is at the signature. An image of a board's own updater (ESP-IDF, MCUboot) goes to the port's verifier.
import { equal, readText } from "../bytes.js";
import { DTLS_SLICE } from "../config.js";
import type { Firmware } from "../platform.js";
import { DIGITS, span } from "../scan.js";
import { CHECKING, type ImageCheck } from "./image-check.js";
import { INTEGRITY_FAILURE, NO_MEMORY, UNSUPPORTED_TYPE, UPDATE_FAILED } from "./states.js";
import Verifier, { NO_MEMORY as NO_MEMORY_TO_VERIFY } from "./verifier.js";

const HEADER_BYTES = 512;
/** Fewer bytes show no format. */
const LOOK_BYTES = 64;
const SIGNED_BYTES = 448;
const STEP_READS = 8;
const CONTAINER_VERSION = 1;
// positions in the header
const AT_PAYLOAD_BYTES = 8;
const AT_TARGET = 16;
const AT_VERSION = 32;
const AT_NAME = 64;
const AT_DIGEST = 96;
const DIGEST_BYTES = 32;

const MAGIC = 0x5746574c;
const MCUBOOT_MAGIC = 0x96f3b83d;
const ESP_MAGIC = 0xe9;
/** Of an ESP-IDF application's description, 32 bytes into the image: version and name are 16 and 48 bytes into it. */
const ESP_DESCRIPTION_MAGIC = 0xabcd5432;
const ESP_DESCRIPTION = 32;

// what the next step does
const HEADER = 0;
const SIGNATURE = 1;
const PAYLOAD = 2;

/** Which images `imageCheck` is content with. docs/firmware-image.md has the format. */
export interface ImageSettings {
	/** Gives the key of who may sign, at each check: a P-256 point, 65 bytes from 0x04 on. */
	publicKey(): Uint8Array;
	/** What the image must have been built for: `host`, `qemu`, …, at most 16 characters. */
	target: string;
	/** The version that runs. */
	version: string;
	/** False: an image with an older version is refused (result 8). Default true. */
	mayDowngrade?: boolean;
}

/** A check of the project's own container for `FirmwareSettings.check`: target, version, signature, digest. */
export function imageCheck(settings: ImageSettings): ImageCheck {
	return new ContainerCheck(settings);
}

class ContainerCheck implements ImageCheck {
	problem = "";
	name = "";
	version = "";
	#settings: ImageSettings;
	#firmware: Firmware | undefined;
	#length = 0;
	#next = HEADER;
	#offset = 0;
	#bytes: Uint8Array | undefined;
	#digest: Uint8Array | undefined;
	#verifier: Verifier | undefined;

	constructor(settings: ImageSettings) {
		this.#settings = settings;
	}

	begin(firmware: Firmware, lengthBytes: number): void {
		this.#end();
		this.#firmware = firmware;
		this.#length = lengthBytes;
		this.#next = HEADER;
		this.problem = this.name = this.version = "";
	}

	step(): number {
		const firmware = this.#firmware;
		if (!firmware) throw new RangeError("no check has begun");
		let result = UPDATE_FAILED;
		try {
			if (this.#next === HEADER) result = this.#readHeader(firmware);
			else if (this.#next === SIGNATURE) result = this.#checkSignature();
			else result = this.#checkPayload(firmware);
		} catch (error) {
			this.problem = error instanceof Error ? error.message : String(error);
		}
		if (result > 0) this.name = this.version = "";
		if (result !== CHECKING) this.#end();
		return result;
	}

	#readHeader(firmware: Firmware): number {
		this.#bytes = new Uint8Array(HEADER_BYTES);
		const bytes = this.#bytes;
		const count = Math.min(firmware.read(0, bytes), this.#length);
		const foreign = count >= LOOK_BYTES ? foreignFormat(bytes) : undefined;
		if (foreign !== undefined && firmware.verifyForeign) return this.#passThrough(firmware, foreign);
		const result = this.#checkType(bytes, foreign);
		if (result !== 0) return result;
		if (count < HEADER_BYTES) return this.#fail(INTEGRITY_FAILURE, `the image ends after ${count} bytes`);
		const whole = HEADER_BYTES + little(bytes, AT_PAYLOAD_BYTES);
		if (this.#length !== whole)
			return this.#fail(INTEGRITY_FAILURE, `the image has ${whole} bytes, ${this.#length} were downloaded`);
		this.#verifier = new Verifier(this.#settings.publicKey());
		this.#next = SIGNATURE;
		return CHECKING;
	}

	/** Format, target; 0 or the Update Result. */
	#checkType(bytes: Uint8Array, foreign: string | undefined): number {
		if (foreign !== undefined)
			return this.#fail(UNSUPPORTED_TYPE, `${foreign}: this device takes images of scripts/make-image`);
		if (little(bytes, 0) !== MAGIC) return this.#fail(UNSUPPORTED_TYPE, "not a firmware image");
		if (bytes[4] !== CONTAINER_VERSION || little(bytes, 4) >>> 16 !== HEADER_BYTES)
			return this.#fail(UNSUPPORTED_TYPE, `container version ${bytes[4]}: ${CONTAINER_VERSION} is wanted`);
		const target = textAt(bytes, AT_TARGET, AT_VERSION);
		if (target !== this.#settings.target)
			return this.#fail(UNSUPPORTED_TYPE, `the image is for ${target}, this is ${this.#settings.target}`);
		return 0;
	}

	#passThrough(firmware: Firmware, format: string): number {
		const bytes = this.#bytes!; // the caller has read the header into it
		if (bytes[0] === ESP_MAGIC && little(bytes, ESP_DESCRIPTION) === ESP_DESCRIPTION_MAGIC) {
			this.version = textAt(bytes, ESP_DESCRIPTION + 16, ESP_DESCRIPTION + 48);
			this.name = textAt(bytes, ESP_DESCRIPTION + 48, ESP_DESCRIPTION + 80);
		} else if (bytes[0] !== ESP_MAGIC) this.version = `${bytes[20]}.${bytes[21]}.${bytes[22]! | (bytes[23]! << 8)}`;
		const result = firmware.verifyForeign!(this.#length); // it is there: checked before the call
		if (result !== 0) return this.#fail(result, `${format}: the board's own verifier refuses it`);
		return this.#checkVersion();
	}

	#checkSignature(): number {
		const bytes = this.#bytes!; // made with the header
		const result = this.#verifier!.check(bytes, SIGNED_BYTES, DTLS_SLICE); // likewise
		if (result === CHECKING) return CHECKING;
		if (result === NO_MEMORY_TO_VERIFY) return this.#fail(NO_MEMORY, "not enough memory to check the signature");
		if (result !== 0) return this.#fail(INTEGRITY_FAILURE, "the signature is wrong: another key, or a changed image");
		this.name = textAt(bytes, AT_NAME, AT_DIGEST);
		this.version = textAt(bytes, AT_VERSION, AT_NAME);
		const refusal = this.#checkVersion();
		if (refusal !== 0) return refusal;
		this.#digest = bytes.slice(AT_DIGEST, AT_DIGEST + DIGEST_BYTES);
		this.#offset = HEADER_BYTES;
		this.#next = PAYLOAD;
		return CHECKING;
	}

	#checkVersion(): number {
		const { version, mayDowngrade = true } = this.#settings;
		if (mayDowngrade || compareVersions(this.version, version) >= 0) return 0;
		return this.#fail(UPDATE_FAILED, `version ${this.version} is older than ${version}, and no downgrade is allowed`);
	}

	#checkPayload(firmware: Firmware): number {
		const bytes = this.#bytes!; // made with the header
		const verifier = this.#verifier!; // likewise
		for (let i = 0; i < STEP_READS && this.#offset < this.#length; i++) {
			const count = Math.min(firmware.read(this.#offset, bytes), this.#length - this.#offset);
			if (count <= 0) return this.#fail(INTEGRITY_FAILURE, `the slot ends after ${this.#offset} bytes`);
			verifier.add(bytes, 0, count);
			this.#offset += count;
		}
		if (this.#offset < this.#length) return CHECKING;
		verifier.finish(bytes);
		if (equal(bytes, 0, this.#digest!, 0, DIGEST_BYTES)) return 0;
		return this.#fail(INTEGRITY_FAILURE, "the image is damaged: its SHA-256 is another");
	}

	#fail(result: number, problem: string): number {
		this.problem = problem;
		return result;
	}

	#end(): void {
		this.#verifier?.close();
		this.#verifier = this.#bytes = this.#digest = this.#firmware = undefined;
	}
}

/** What the board's own updater may know, undefined for everything else. */
function foreignFormat(bytes: Uint8Array): string | undefined {
	if (bytes[0] === ESP_MAGIC) return "an ESP-IDF application";
	return little(bytes, 0) === MCUBOOT_MAGIC ? "an MCUboot image" : undefined;
}

function little(bytes: Uint8Array, at: number): number {
	return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

/** A text that is filled up with zeros, "" where it is none. */
function textAt(bytes: Uint8Array, start: number, limit: number): string {
	let end = start;
	while (end < limit && bytes[end] !== 0) end++;
	return readText(bytes, start, end) ?? "";
}

/**
 * Compares by the numbers, then by what follows a hyphen: 1.9.0 < 1.10.0, and 2.0.0-rc1 < 2.0.0.
 * @returns less than, equal to or more than 0
 */
export function compareVersions(a: string, b: string): number {
	const [aNumbers, aRest] = parts(a);
	const [bNumbers, bRest] = parts(b);
	for (let i = 0; i < Math.max(aNumbers.length, bNumbers.length); i++) {
		const difference = (aNumbers[i] ?? 0) - (bNumbers[i] ?? 0);
		if (difference !== 0) return difference;
	}
	if (aRest === bRest) return 0;
	if (aRest === "" || bRest === "") return aRest === "" ? 1 : -1;
	return aRest < bRest ? -1 : 1;
}

function parts(version: string): [numbers: number[], rest: string] {
	const hyphen = version.indexOf("-");
	const numbers = (hyphen < 0 ? version : version.slice(0, hyphen)).split(".");
	return [numbers.map((text) => Number(text.slice(0, span(text, 0, DIGITS)))), hyphen < 0 ? "" : version.slice(hyphen)];
}
