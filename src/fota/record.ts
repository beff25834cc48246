// What firmware update keeps over a restart: one text in the vault, written when the state or the result changes, and
// during a download when it is told to (downloader.ts).

import type { Log } from "../log.js";
import type { KeyValue } from "../platform.js";
import { Vault } from "../vault.js";
import type { SavedDownload } from "./downloader.js";
import type { UpdateSettings } from "./object.js";

const NAME = "fota";

export type SavedUpdate = [
	state: number,
	result: number,
	/** How often this image has been installed. */
	attempts: number,
	/** Bytes of the image in the slot, once it is downloaded. */
	length: number,
	download: SavedDownload | null,
	settings: UpdateSettings,
];

export class UpdateRecord {
	#vault: Vault | undefined;
	#log: Log;

	constructor(storage: KeyValue | undefined, log: Log) {
		this.#vault = storage && new Vault(storage, log);
		this.#log = log;
	}

	load(): SavedUpdate | undefined {
		const text = this.#vault?.read(NAME);
		if (text === undefined) return undefined;
		try {
			return JSON.parse(text) as SavedUpdate; // written by this class, and whole: the vault has checked it
		} catch (error) {
			this.#log.error(`Storage: ${NAME} is damaged: ${error}`);
			return undefined;
		}
	}

	save(saved: SavedUpdate): void {
		this.#vault?.write(NAME, JSON.stringify(saved));
	}
}
