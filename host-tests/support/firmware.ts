// A firmware slot in memory and images for it, so that firmware update is tested without flash and without cryptography:
// `IMG`, the version's digit, anything, and a byte that makes the sum of all bytes 0 modulo 256.
import { CHECKING, type ImageCheck } from "../../src/fota/image-check.js";
import type { Firmware } from "../../src/platform.js";

const INTEGRITY_FAILURE = 5;
const UNSUPPORTED_TYPE = 6;

export class MemoryFirmware implements Firmware {
	readonly capacityBytes: number;
	isTrial = false;
	isReverted = false;
	/** What the slot holds. */
	bytes = new Uint8Array(0);
	/** Length of the image that is to start, -1: none. */
	installed = -1;
	confirms = 0;
	erases = 0;
	/** Bytes written in all, repetitions among them. */
	written = 0;
	/** Writing from here on fails. */
	brokenAt = Number.POSITIVE_INFINITY;

	constructor(capacityBytes = 100_000) {
		this.capacityBytes = capacityBytes;
	}

	erase(): void {
		this.bytes = new Uint8Array(0);
		this.isReverted = false;
		this.erases++;
	}

	write(offset: number, from: Uint8Array, start: number, end: number): void {
		if (offset > this.bytes.length) throw new Error(`a gap before ${offset}`);
		if (offset + end - start > Math.min(this.brokenAt, this.capacityBytes))
			throw new Error("the flash does not take it");
		const longer = new Uint8Array(offset + end - start);
		longer.set(this.bytes.subarray(0, offset));
		longer.set(from.subarray(start, end), offset);
		this.bytes = longer;
		this.written += end - start;
	}

	read(offset: number, into: Uint8Array): number {
		const part = this.bytes.subarray(offset, offset + into.length);
		into.set(part);
		return part.length;
	}

	install(lengthBytes: number): void {
		this.installed = lengthBytes;
	}

	confirm(): void {
		this.isTrial = this.isReverted = false;
		this.confirms++;
	}

	/** What the next life of the device finds. @param isStarted false: the power was cut before the boot record was written */
	restarted(isStarted = true): MemoryFirmware {
		const next = new MemoryFirmware(this.capacityBytes);
		next.bytes = this.bytes;
		if (this.isTrial) next.isReverted = true;
		else if (isStarted) next.isTrial = this.installed >= 0;
		return next;
	}
}

export class MemoryCheck implements ImageCheck {
	problem = "";
	name = "";
	version = "";
	readonly headerBytes = 64;
	#firmware: Firmware | undefined;
	#length = 0;
	#at = 0;
	#sum = 0;
	#piece = new Uint8Array(1024);

	begin(firmware: Firmware, lengthBytes: number): void {
		this.#firmware = firmware;
		this.#length = lengthBytes;
		this.#at = this.#sum = 0;
	}

	step(): number {
		const count = Math.min(this.#firmware!.read(this.#at, this.#piece), this.#length - this.#at);
		if (this.#at === 0) {
			const [a, b, c, digit] = this.#piece;
			if (a !== 0x49 || b !== 0x4d || c !== 0x47) return this.#refuse(UNSUPPORTED_TYPE, "this is no image");
			this.name = "test";
			this.version = `${digit! - 0x30}.0.0`;
		}
		for (let i = 0; i < count; i++) this.#sum = (this.#sum + this.#piece[i]!) & 0xff;
		this.#at += count;
		if (this.#at < this.#length && count > 0) return CHECKING;
		return this.#sum === 0 && this.#at === this.#length ? 0 : this.#refuse(INTEGRITY_FAILURE, "the sum is wrong");
	}

	peek(firmware: Firmware): number {
		firmware.read(0, this.#piece);
		return this.#piece[0] === 0x49 ? 0 : this.#refuse(UNSUPPORTED_TYPE, "this is no image");
	}

	#refuse(result: number, problem: string): number {
		this.problem = problem;
		return result;
	}
}

/** An image of that many bytes; the same every time. */
export function imageOf(bytes: number, version = 2, seed = 7): Uint8Array {
	const image = new Uint8Array(bytes);
	let sum = 0;
	for (let i = 0; i < bytes - 1; i++) {
		image[i] = i < 3 ? [0x49, 0x4d, 0x47][i]! : i === 3 ? 0x30 + version : (i * seed + (i >> 8)) & 0xff;
		sum += image[i]!;
	}
	image[bytes - 1] = -sum;
	return image;
}
