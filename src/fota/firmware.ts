// Firmware update: object 5 and its state machine, from a push or a pull to the restart into the new image and what
// became of it. OMA-TS-LightweightM2M_Core-V1_1_1 E.6; the table is in src/DESIGN.md.
// RAM: the fields here, the slot's and the record's; while a download is under way what push.ts or downloader.ts say.
import { BAD_REQUEST, CHANGED, METHOD_NOT_ALLOWED } from "../coap/numbers.js";
import { FOTA_DEFER_MS, FOTA_INSTALLS, FOTA_PAUSE_MS, FOTA_TELL_SECONDS } from "../config.js";
import type { Firmware } from "../platform.js";
import type { SecureStreams } from "../security/secure-stream.js";
import { Downloader } from "./downloader.js";
import { CHECKING, type ImageCheck } from "./image-check.js";
import { FIRMWARE_UPDATE, type FirmwareHandlers, FirmwareObject } from "./object.js";
import type { Part, PartParts, Streamed } from "./part.js";
import { Push } from "./push.js";
import { type SavedUpdate, UpdateRecord } from "./record.js";
import { Slot } from "./slot.js";
import {
	CANCELLED,
	CONNECTION_LOST,
	DEFERRED,
	DOWNLOADED,
	DOWNLOADING,
	IDLE,
	INVALID_URI,
	legal,
	NONE,
	SUCCESS,
	stateNames,
	UPDATE_FAILED,
	UPDATING,
} from "./states.js";

const NEVER = Number.POSITIVE_INFINITY;
const PACKAGE = 0;

export interface FirmwareSettings {
	/** Checks an image before it counts as downloaded. */
	check: ImageCheck;
	/** Packages by https: `tls()` of security/tls-factory. Default: there is no https. */
	tls?: ((parts: PartParts) => SecureStreams | undefined) | undefined;
	/**
	 * Asked before an update begins: false defers it, where the server allows that (5/0/13), and it is asked again every
	 * minute until then. Default: it begins at once. @param severity 5/0/11: 0 critical, 1 mandatory, 2 optional
	 */
	mayUpdate?(severity: number): boolean;
}

export class FirmwareUpdate implements Part, FirmwareHandlers {
	readonly streamed: Streamed;
	#parts: PartParts;
	#settings: FirmwareSettings;
	#firmware: Firmware;
	#slot: Slot;
	#object: FirmwareObject;
	#record: UpdateRecord;
	#push: Push;
	#downloader: Downloader;
	#state = IDLE;
	#result = NONE;
	#attempts = 0;
	#length = 0;
	#isChecking = false;
	/** The package's first bytes have been looked at. */
	#isSeen = false;
	/** The running image is on trial and has not registered yet. */
	#isToConfirm: boolean;
	/** The model holds a package that came with a larger Write. */
	#isPackageLeft = false;
	/** When the restart into the new image comes at the earliest and at the latest, and when a deferred update is due, ms. */
	#restartFrom = NEVER;
	#restartAt = NEVER;
	#askAt = NEVER;
	#deferredSince = NEVER;

	constructor(parts: PartParts, firmware: Firmware, settings: FirmwareSettings) {
		const { model, platform, log } = parts;
		this.#parts = parts;
		this.#settings = settings;
		this.#firmware = firmware;
		this.#slot = new Slot(firmware, parts.message.tx);
		this.#record = new UpdateRecord(platform.storage, log);
		this.#push = new Push(this.#slot, parts.message, {
			onPush: (isAgain) => this.#begin(isAgain),
			onPushed: () => this.#check(this.#slot.length),
			onReset: () => this.reset(),
			onFailed: (result, text) => this.#fail(result, text),
		});
		this.#downloader = new Downloader(parts, this.#slot, {
			onProgress: () => this.#save(),
			onDownloaded: () => this.#check(this.#slot.length),
			onFailed: (result, text) => this.#fail(result, text),
		});
		this.#object = new FirmwareObject(model, platform.clock, this.#downloader.protocols(), this);
		this.streamed = {
			object: FIRMWARE_UPDATE,
			resource: PACKAGE,
			limitBytes: firmware.capacityBytes,
			write: ({ shortServerId }, now) => {
				const code = this.#push.write(shortServerId, now);
				parts.wake();
				return code;
			},
		};
		this.#isToConfirm = firmware.isTrial;
		this.#restore();
	}

	onRegistered(): void {
		this.#object.setVersion(this.#parts.is12());
		if (!this.#isToConfirm) return;
		this.#isToConfirm = false;
		// first the result, then the boot record: whatever comes between them, the result is told
		if (this.#state === UPDATING) this.#finish(SUCCESS, "the new image runs and has registered");
		try {
			this.#firmware.confirm();
		} catch (error) {
			this.#parts.log.error(`Firmware: the image cannot be confirmed: ${error}`);
		}
	}

	step(now: number): number {
		let next = Math.min(this.#push.step(now), this.#downloader.step(now));
		if (this.#isPackageLeft) {
			this.#isPackageLeft = false;
			this.#object.forgetPackage();
		}
		if (!this.#isSeen && this.#state === DOWNLOADING) this.#peek();
		if (this.#isChecking) {
			this.#stepCheck();
			next = this.#isChecking ? now : next;
		}
		if (this.#askAt <= now) this.#ask();
		if (this.#restartAt < NEVER) {
			if (now >= this.#restartAt || (now >= this.#restartFrom && this.#parts.isTold())) this.#restart();
			else next = Math.min(next, now < this.#restartFrom ? this.#restartFrom : this.#restartAt);
		}
		return Math.min(next, this.#askAt);
	}

	// what servers ask for

	onPackage(bytes: Uint8Array): number {
		this.#isPackageLeft = true;
		this.#parts.wake();
		return this.#push.writeWhole(bytes);
	}

	/** May a URI be written now? */
	mayWriteUri(uri: string): number {
		if (this.#state === UPDATING) return METHOD_NOT_ALLOWED;
		if (uri === "" || this.#state !== DOWNLOADING) return 0;
		// the same again changes nothing; another one comes after a reset
		if (this.#downloader.isActive && uri === this.#object.uri) return 0;
		this.#parts.log.warning(`Firmware: "${uri}" is refused while another package is on its way`);
		return METHOD_NOT_ALLOWED;
	}

	onUri(uri: string): void {
		if (uri === "") this.reset();
		else if (this.#state !== DOWNLOADING) this.#pull(uri);
	}

	reset(): number {
		return this.#drop(NONE, "reset");
	}

	onCancel(): number {
		if (this.#state === UPDATING || this.#state === IDLE) return METHOD_NOT_ALLOWED;
		return this.#drop(CANCELLED, "cancelled");
	}

	onUpdate(): number {
		if (this.#state !== DOWNLOADED || this.#isChecking) return METHOD_NOT_ALLOWED;
		this.#parts.onceAnswered(() => this.#ask());
		return 0;
	}

	// how it comes to an image

	#begin(isAgain: boolean): number {
		if (this.#isChecking || this.#state === UPDATING || (this.#state === DOWNLOADING && !isAgain)) {
			this.#parts.log.warning(`Firmware: a package is refused while the state is ${stateNames[this.#state]}`);
			return METHOD_NOT_ALLOWED;
		}
		this.#downloader.forget();
		this.#slot.erase(); // where it cannot be, the first write says why
		this.#object.setPackage("", "", "");
		this.#enter(DOWNLOADING, NONE, "a server writes the package");
		return 0;
	}

	#pull(uri: string): void {
		const refusal = this.#downloader.refusalOf(uri);
		if (refusal !== 0) {
			const why = refusal === INVALID_URI ? "is not a URI of the form scheme://host:port/path" : "has another scheme";
			this.#drop(refusal, `"${uri}" ${why}; coap, coaps and http are possible`);
			return;
		}
		const isGivenUp = this.#state === IDLE && this.#result === CONNECTION_LOST;
		const left = isGivenUp ? (this.#downloader.save() ?? this.#record.load()?.[4]) : undefined;
		this.#object.setPackage(uri, "", "");
		this.#enter(DOWNLOADING, NONE, `from ${uri}`);
		// a download that was given up goes on where it was
		if (left?.[0] === uri) this.#downloader.resume(left);
		else this.#downloader.begin(uri, this.#parts.securityInstance());
		this.#save();
	}

	#check(length: number): void {
		this.#length = length;
		this.#isChecking = true;
		this.#settings.check.begin(this.#firmware, this.#length);
		this.#parts.wake();
	}

	/** What is of another kind is refused before all of it has come. */
	#peek(): void {
		const { check } = this.#settings;
		if (!check.peek || this.#slot.length < (check.headerBytes ?? 0)) return;
		this.#isSeen = true;
		const outcome = check.peek(this.#firmware);
		if (outcome === 0) return;
		this.#isChecking = false;
		this.#fail(outcome, check.problem);
	}

	#stepCheck(): void {
		const { check } = this.#settings;
		const outcome = check.step();
		if (outcome === CHECKING) return;
		this.#isChecking = false;
		if (outcome !== 0) {
			this.#fail(outcome, check.problem);
			return;
		}
		this.#object.setPackage(undefined, check.name, check.version);
		this.#attempts = 0;
		if (this.#state === DOWNLOADING)
			this.#enter(DOWNLOADED, NONE, `version ${check.version || "unknown"}, ${this.#length} bytes`);
		if (this.#object.settings[2]) this.#ask();
	}

	// how the image comes to run

	/** Begins the update, unless the application defers it. */
	#ask(): void {
		this.#askAt = NEVER;
		if (this.#state !== DOWNLOADED) return;
		const { now } = this.#parts;
		const [severity, deferSeconds] = this.#object.settings;
		const since = this.#deferredSince === NEVER ? now() : this.#deferredSince;
		const isOver = now() >= since + deferSeconds * 1000;
		if (!isOver && this.#settings.mayUpdate?.(severity) === false) {
			this.#deferredSince = since;
			this.#askAt = Math.min(now() + FOTA_DEFER_MS, since + deferSeconds * 1000);
			this.#enter(DOWNLOADED, DEFERRED, "the application defers the update");
			return;
		}
		this.#deferredSince = NEVER;
		this.#attempts++;
		this.#enter(UPDATING, NONE, "the device restarts");
		this.#restartFrom = now() + FOTA_PAUSE_MS;
		this.#restartAt = now() + FOTA_TELL_SECONDS * 1000;
		this.#parts.wake();
	}

	#restart(): void {
		this.#restartAt = NEVER;
		try {
			this.#firmware.install(this.#length);
		} catch (error) {
			this.#enter(DOWNLOADED, UPDATE_FAILED, error instanceof Error ? error.message : String(error));
			return;
		}
		this.#parts.platform.restart();
	}

	/** Takes up what the record holds, and what the boot record says became of an update. */
	#restore(): void {
		const { isTrial, isReverted } = this.#firmware;
		const saved: SavedUpdate = this.#record.load() ?? [
			isTrial || isReverted ? UPDATING : IDLE,
			NONE,
			0,
			0,
			null,
			[1, 0, false],
		];
		const [state, result, attempts, length, download, settings] = saved;
		this.#attempts = attempts;
		this.#length = length;
		this.#state = state;
		this.#result = result;
		this.#object.restore(settings);
		this.#object.setPackage(download?.[0], "", "");
		this.#object.setState(state, result);
		if (isReverted && (state === UPDATING || result === SUCCESS)) {
			// an image that reported its success and was lost before it could stay
			if (state === IDLE) this.#state = UPDATING;
			this.#finish(UPDATE_FAILED, "the new image did not come up: this is the one before it");
		} else if (state === UPDATING && !isTrial) this.#resumeUpdate();
		else if (state === DOWNLOADING) {
			if (download?.[0] === "") this.#push.resume(download, this.#parts.now());
			else if (download) this.#downloader.resume(download);
			else this.#fail(CONNECTION_LOST, "the device restarted while a server wrote the package");
		} else if (state === DOWNLOADED) this.#check(length);
	}

	/** The power was cut between the order and the restart. */
	#resumeUpdate(): void {
		if (this.#attempts >= FOTA_INSTALLS)
			this.#enter(DOWNLOADED, UPDATE_FAILED, `the image did not start, ${this.#attempts} times`);
		else {
			this.#attempts++;
			this.#save();
			this.#restartAt = this.#parts.now();
			this.#parts.wake();
		}
	}

	/** An image runs, or the one before it again. */
	#finish(result: number, why: string): void {
		this.#attempts = this.#length = 0;
		this.#enter(IDLE, result, why);
	}

	#fail(result: number, why: string): void {
		this.#push.stop(result === CONNECTION_LOST ? undefined : BAD_REQUEST);
		this.#downloader.stop();
		this.#enter(IDLE, result, why);
	}

	/** Back to idle, whatever there was. @returns 0, or the code that refuses */
	#drop(result: number, why: string): number {
		if (this.#state === UPDATING) return METHOD_NOT_ALLOWED;
		this.#push.stop();
		this.#downloader.forget();
		this.#isChecking = false;
		this.#askAt = this.#deferredSince = NEVER;
		if (this.#slot.length > 0 || this.#state !== IDLE || this.#firmware.isReverted) this.#slot.erase();
		this.#object.setPackage("", "", "");
		if (this.#state === IDLE) {
			this.#result = result;
			this.#object.setState(IDLE, result);
			this.#save();
			if (result > SUCCESS) this.#parts.log.warning(`Firmware: ${why} (result ${result})`);
		} else this.#enter(IDLE, result, why);
		return CHANGED;
	}

	/** Changes state and result; stored before anybody is told. */
	#enter(next: number, result: number, why: string): void {
		const state = this.#state;
		if (state !== next && (legal[state]! & (1 << next)) === 0)
			throw new Error(`firmware: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
		const { log } = this.#parts;
		const text = `Firmware: ${stateNames[state]} -> ${stateNames[next]}${result === NONE ? "" : `, result ${result}`}: ${why}`;
		if (result > SUCCESS && result < CANCELLED) log.error(text);
		else log.info(text);
		this.#state = next;
		this.#result = result;
		this.#isSeen = false;
		this.#save();
		this.#object.setState(next, result);
		this.#parts.wake();
	}

	#save(): void {
		const { settings } = this.#object;
		const isKept = this.#state === DOWNLOADING || this.#result === CONNECTION_LOST;
		const download = isKept ? (this.#downloader.save() ?? this.#push.save()) : null;
		this.#record.save([this.#state, this.#result, this.#attempts, this.#length, download, settings]);
	}
}
