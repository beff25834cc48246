// Pull: a package from a URI into the slot, over losses of the network and restarts. Where it was is stored every
// FOTA_SAVE_BYTES and when the connection is lost; what the slot holds is checked against that before it goes on, and
// the server's version by its ETag, or without one by the package's beginning and size.
import { FOTA_ATTEMPTS, FOTA_RETRY_SECONDS, FOTA_SAVE_BYTES } from "../config.js";
import { CoapSource } from "./coap-source.js";
import { httpSource, lastProtocol } from "./http.js";
import { COAPS, HTTPS, type PackageUri, parsePackageUri } from "./package-uri.js";
import type { PartParts } from "./part.js";
import { PIECE_BYTES, type Slot } from "./slot.js";
import type { Source, SourceEvents } from "./source.js";
import { CONNECTION_LOST, INTEGRITY_FAILURE, INVALID_URI, NO_STORAGE, UNSUPPORTED_PROTOCOL } from "./states.js";

const NEVER = Number.POSITIVE_INFINITY;

/** Where a download is, as it is stored. */
export type SavedDownload = [
	uri: string,
	securityInstance: number,
	size: number,
	validator: string,
	/** A multiple of PIECE_BYTES. */
	offset: number,
	mark: number,
];

export interface DownloadEvents {
	/** It is time to store where the download is. */
	onProgress(): void;
	onDownloaded(): void;
	onFailed(result: number, message: string): void;
}

export class Downloader implements SourceEvents {
	position = 0;
	validator = "";
	#parts: PartParts;
	#slot: Slot;
	#events: DownloadEvents;
	#text = "";
	#uri: PackageUri | undefined;
	#securityInstance = 0;
	#size = -1;
	#source: Source | undefined;
	/** What an earlier life has left and is to be checked; undefined: nothing, or it has been. */
	#recovering: SavedDownload | undefined;
	/** When the next attempt is due, and how many have failed in a row. */
	#retryAt = NEVER;
	#failures = 0;
	/** Beginnings from 0 because the server's package changed. */
	#restarts = 0;
	#savedAt = 0;

	constructor(parts: PartParts, slot: Slot, events: DownloadEvents) {
		this.#parts = parts;
		this.#slot = slot;
		this.#events = events;
	}

	get isActive(): boolean {
		return this.#uri !== undefined;
	}

	get received(): number {
		return this.#slot.length;
	}

	/** What a URI is good for: 0, INVALID_URI or UNSUPPORTED_PROTOCOL. */
	refusalOf(text: string): number {
		const uri = parsePackageUri(text);
		if (!uri) return uri === null ? UNSUPPORTED_PROTOCOL : INVALID_URI;
		return this.protocols().includes(uri.protocol) ? 0 : UNSUPPORTED_PROTOCOL;
	}

	/** The protocols that this build can fetch by, as 5/0/8 names them. */
	protocols(): number[] {
		const all = [];
		const { secure, tls } = this.#parts;
		for (let protocol = 0; protocol <= lastProtocol; protocol++)
			if ((protocol !== COAPS || secure) && (protocol !== HTTPS || tls)) all.push(protocol);
		return all;
	}

	/** Begins a download. @param text a URI that is good for it; @param securityInstance whose credentials serve for coaps */
	begin(text: string, securityInstance: number): void {
		this.resume([text, securityInstance, -1, "", 0, 0]);
	}

	/** Goes on with a download, or begins one. */
	resume(saved: SavedDownload): void {
		this.stop();
		[this.#text, this.#securityInstance, this.#size, this.validator, this.#savedAt] = saved;
		this.#uri = parsePackageUri(this.#text) ?? undefined;
		this.#failures = this.#restarts = 0;
		this.#slot.rewind();
		this.#recovering = saved;
		this.#parts.wake();
	}

	/** Ends it without a word. */
	stop(): void {
		this.#source?.close();
		this.#source = this.#uri = this.#recovering = undefined;
		this.#retryAt = NEVER;
	}

	/** The same, and nothing is left of it. */
	forget(): void {
		this.stop();
		this.#text = "";
	}

	/** Where it is, or was when it ended; null where there is none. */
	save(): SavedDownload | null {
		if (this.#text === "") return null;
		if (this.#recovering) return this.#recovering;
		const mark = this.#slot.mark();
		return [this.#text, this.#securityInstance, this.#size, this.validator, this.#slot.marked, mark];
	}

	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number {
		if (this.#recovering) {
			if (!this.#recover(this.#recovering)) return now;
			this.#open();
		}
		if (this.#retryAt <= now) this.#open();
		const next = this.#source?.step(now) ?? NEVER;
		return Math.min(next, this.#retryAt);
	}

	onHead(size: number, validator: string): boolean {
		const slot = this.#slot;
		if (size > slot.capacityBytes) {
			this.#end(NO_STORAGE, `the package has ${size} bytes, the slot takes ${slot.capacityBytes}`);
			return false;
		}
		const isOther = validator !== this.validator || (size >= 0 && this.#size >= 0 && size !== this.#size);
		if (slot.length > 0 && isOther) {
			this.#restart("the package on the server is another one now");
			return false;
		}
		if (size >= 0) this.#size = size;
		this.validator = validator;
		if (slot.length === 0) this.#events.onProgress();
		return true;
	}

	onBytes(at: number, from: Uint8Array, start: number, end: number): boolean {
		const slot = this.#slot;
		const known = Math.min(end - start, slot.length - at);
		if (known > 0) {
			if (!slot.holds(at, from, start, start + known)) {
				this.#restart("the package on the server differs from what is there");
				return false;
			}
			start += known;
		}
		if (!slot.append(from, start, end)) {
			this.#end(NO_STORAGE, slot.problem);
			return false;
		}
		if (start < end) this.#failures = 0;
		this.position = slot.length;
		// sector by sector, and not all of them when it is to be stored: the next block does not wait long
		// at multiples of it: a port that writes late has them on its storage (platforms/host/firmware.c)
		if (Math.floor(slot.length / FOTA_SAVE_BYTES) > Math.floor(this.#savedAt / FOTA_SAVE_BYTES)) this.#saveNow();
		return true;
	}

	onEnd(size: number): void {
		const { length } = this.#slot;
		if (size !== length || (this.#size >= 0 && size !== this.#size)) {
			this.#restart(`the server sent ${size} bytes of ${this.#size < 0 ? length : this.#size}`);
			return;
		}
		this.#complete();
	}

	onFailure(result: number, message: string): void {
		this.#source = undefined;
		if (result !== CONNECTION_LOST || this.#failures >= FOTA_ATTEMPTS) {
			this.#end(result, `${this.#text}: ${message}`);
			return;
		}
		const { log, now, random, wake } = this.#parts;
		const seconds = (FOTA_RETRY_SECONDS << this.#failures) * (1 + random() / 4);
		this.#failures++;
		log.warning(
			`Firmware: ${message}; attempt ${this.#failures} of ${FOTA_ATTEMPTS} from byte ${this.#slot.length} on in ${Math.round(seconds)} s`,
		);
		if (this.#slot.length > this.#savedAt) this.#saveNow();
		this.#retryAt = now() + seconds * 1000;
		wake();
	}

	/** Checks a part of what an earlier life has left. @returns true once that is done */
	#recover([, , , , offset, mark]: SavedDownload): boolean {
		const slot = this.#slot;
		const outcome = offset > 0 ? slot.recover(offset, mark) : -1;
		if (outcome === 0) return false;
		this.#recovering = undefined;
		if (outcome < 0) {
			if (offset > 0)
				this.#parts.log.warning("Firmware: the slot does not hold what was stored of it; from the beginning");
			if (!slot.erase()) this.#end(NO_STORAGE, slot.problem);
		}
		return true;
	}

	#open(): void {
		this.#retryAt = NEVER;
		const uri = this.#uri;
		if (!uri) return;
		const { length } = this.#slot;
		if (length > 0 && length === this.#size) {
			this.#complete();
			return;
		}
		const isCoap = uri.protocol <= COAPS;
		// without an ETag the beginning is fetched again, which names the version in any image format
		this.position = isCoap ? (this.validator === "" ? 0 : length) : Math.max(0, length - PIECE_BYTES);
		this.#source = isCoap
			? new CoapSource(this.#parts, uri, this.#securityInstance, this)
			: httpSource(this.#parts, uri, this.#securityInstance, this);
	}

	/** Begins from 0: what is there is of another package. */
	#restart(why: string): void {
		this.#source?.close();
		this.#source = undefined;
		this.#restarts++;
		if (this.#restarts > FOTA_ATTEMPTS) {
			this.#end(INTEGRITY_FAILURE, why);
			return;
		}
		this.#parts.log.warning(`Firmware: ${why}; from the beginning`);
		this.#size = -1;
		this.validator = "";
		this.#savedAt = 0;
		if (!this.#slot.erase()) {
			this.#end(NO_STORAGE, this.#slot.problem);
			return;
		}
		this.#events.onProgress();
		this.#retryAt = this.#parts.now() + FOTA_RETRY_SECONDS * 1000 * (this.#restarts - 1);
		this.#parts.wake();
	}

	#saveNow(): void {
		this.#savedAt = this.#slot.length;
		this.#events.onProgress();
	}

	#complete(): void {
		this.stop();
		this.#events.onDownloaded();
	}

	#end(result: number, message: string): void {
		this.stop();
		this.#events.onFailed(result, message);
	}
}
