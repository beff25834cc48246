// The location that the server gave a registration: the path that Update and De-register go to, kept as encoded
// Uri-Path options so that it is copied into each request. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.
// RAM: its encoded length, bounded by the datagram that it came in.

import { copy } from "../bytes.js";
import type { Message } from "../coap/message.js";
import { findOption } from "../coap/message.js";
import { LOCATION_PATH, URI_PATH } from "../coap/numbers.js";
import { addEncoded } from "../coap/writer.js";

export class Location {
	#options = new Uint8Array(0);

	/** Takes the Location-Path of the answer in `message`. @returns false, and nothing has changed, where it is unusable */
	take(message: Message): boolean {
		const { rx, locationCount } = message;
		let length = 0;
		for (let i = 0; i < locationCount; i++) {
			findOption(message, LOCATION_PATH, i);
			const size = message.optionLength;
			// empty segments make no path that could be sent again, longer ones are no options
			if (size === 0 || size > 255) return false;
			length += size < 13 ? size + 1 : size + 2;
		}
		if (length === 0) return false;
		const options = this.#options.length === length ? this.#options : new Uint8Array(length);
		let at = 0;
		for (let i = 0; i < locationCount; i++) {
			const from = findOption(message, LOCATION_PATH, i);
			const size = message.optionLength;
			options[at] = ((i === 0 ? URI_PATH : 0) << 4) | Math.min(size, 13);
			++at;
			if (size > 12) {
				options[at] = size - 13;
				++at;
			}
			at = copy(options, at, rx, from, from + size);
		}
		this.#options = options;
		return true;
	}

	/** Takes what `toString` gave. */
	set(text: string): void {
		const segments = text.split("/").slice(1);
		const bytes: number[] = [];
		for (const segment of segments) {
			bytes.push(((bytes.length === 0 ? URI_PATH : 0) << 4) | Math.min(segment.length, 13));
			if (segment.length >= 13) bytes.push(segment.length - 13);
			for (let i = 0; i < segment.length; i++) bytes.push(segment.charCodeAt(i));
		}
		this.#options = Uint8Array.from(bytes);
	}

	/** Adds the path to the request that has just been begun. */
	addTo(message: Message): void {
		addEncoded(message, this.#options, 0, this.#options.length, URI_PATH);
	}

	/** The path as a text, `/rd/5a3f`. */
	toString(): string {
		const options = this.#options;
		let text = "";
		let at = 0;
		while (at < options.length) {
			let size = options[at]! & 15;
			at++;
			if (size === 13) {
				size = options[at]! + 13;
				at++;
			}
			text += "/";
			for (const stop = at + size; at < stop; at++) text += String.fromCodePoint(options[at]!);
		}
		return text;
	}
}
