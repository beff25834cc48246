// The firmware images that somebody has uploaded, in memory, each under a name made of its digest.

import { createHash } from "node:crypto";
import type { Json } from "../lwm2m/node-json.js";

const MOST_IMAGES = 32;
const ID_DIGITS = 16;
const ETAG_BYTES = 8;

export interface FirmwareImage {
	/** The first digits of the SHA-256: also the last part of its paths. */
	readonly id: string;
	readonly content: Buffer;
	readonly sha256: string;
	readonly etag: Buffer;
}

export class FirmwareImages {
	readonly #byId = new Map<string, FirmwareImage>();

	[Symbol.iterator](): IterableIterator<FirmwareImage> {
		return this.#byId.values();
	}

	/** @throws RangeError for no bytes, and when there are too many images */
	add(content: Buffer): FirmwareImage {
		if (content.length === 0) throw new RangeError("the image is empty");
		const digest = createHash("sha256").update(content).digest();
		const sha256 = digest.toString("hex");
		const id = sha256.slice(0, ID_DIGITS);
		if (this.#byId.size >= MOST_IMAGES && !this.#byId.has(id)) {
			throw new RangeError(`there are ${MOST_IMAGES} images: delete one`);
		}
		const image = { id, content, sha256, etag: digest.subarray(0, ETAG_BYTES) };
		this.#byId.set(id, image);
		return image;
	}

	get(id: string): FirmwareImage | undefined {
		return this.#byId.get(id);
	}

	/** False when there was none. */
	remove(id: string): boolean {
		return this.#byId.delete(id);
	}
}

/** Where a device finds an image. */
export function pathOf({ id }: FirmwareImage): string {
	return `/fw/${id}`;
}

export function imageToJson(image: FirmwareImage, uris: { [scheme: string]: string }): { [name: string]: Json } {
	const { id, content, sha256 } = image;
	return { id, size: content.length, sha256, uri: uris["coap"] ?? null, uris };
}
