// Firmware update: object 5 and its state machine, how an image comes into the slot and what became of it; installation.ts
// has what is between. OMA-TS-LightweightM2M_Core-V1_1_1 E.6; the table is in src/DESIGN.md.
// RAM: the fields here, the slot's and the record's; while a download is under way what push.ts or downloader.ts say.
import { BAD_REQUEST, CHANGED, METHOD_NOT_ALLOWED } from "../coap/numbers.js";
import type { Firmware } from "../platform.js";
import type { SecureStreams } from "../security/secure-stream.js";
import { Downloader } from "./downloader.js";
import type { ImageCheck } from "./image-check.js";
import { Inspection } from "./inspection.js";
import { Installation, type InstallationSettings, type Machine } from "./installation.js";
import { FIRMWARE_UPDATE, type FirmwareHandlers, FirmwareObject, type UpdateSettings } from "./object.js";
import type { Part, PartParts, Streamed } from "./part.js";
import { Push } from "./push.js";
import { type SavedUpdate, UpdateRecord } from "./record.js";
import { Slot } from "./slot.js";
import {
	CANCELLED,
	CONNECTION_LOST,
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

const PACKAGE = 0;
/** As 5/0/8 numbers them. */
const protocolNames: readonly string[] = Object.freeze(["coap", "coaps", "http", "https"]);

/** What `firmwareUpdate()` of fota/start takes. OMA-TS-LightweightM2M_Core-V1_1_1 E.6. */
export interface FirmwareSettings extends InstallationSettings {
	/** Checks an image before it counts as downloaded. */
	check: ImageCheck;
	/** Packages by https: `tls()` of security/tls-factory. Default: there is no https. */
	tls?: ((parts: PartParts) => SecureStreams | undefined) | undefined;
}

export class FirmwareUpdate implements Part, FirmwareHandlers, Machine {
	readonly streamed: Streamed;
	next: Part | undefined;
	/** Bytes of the image in the slot. */
	length = 0;
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
	#inspection: Inspection;
	/** The running image is on trial and has not registered yet. */
	#isToConfirm: boolean;
	/** The model holds a package that came with a larger Write. */
	#isPackageLeft = false;
	#installation: Installation;

	constructor(parts: PartParts, firmware: Firmware, settings: FirmwareSettings) {
		const { model, platform, log } = parts;
		this.#parts = parts;
		this.#settings = settings;
		this.#firmware = firmware;
		this.#slot = new Slot(firmware, parts.message.tx);
		this.#record = new UpdateRecord(platform.storage, log);
		const place = { object: FIRMWARE_UPDATE, instance: 0, resource: PACKAGE };
		this.#push = new Push(this.#slot, parts.message, place, {
			onPush: (isAgain) => this.#begin(isAgain),
			onPushed: () => this.#check(this.#slot.length),
			onReset: () => this.reset(),
			onFailed: (result, text) => this.#fail(result, text),
		});
		this.#downloader = new Downloader(parts, this.#slot, {
			onProgress: () => this.save(),
			onDownloaded: () => {
				this.#check(this.#slot.length);
			},
			onFailed: (result, text) => this.#fail(result, text),
		});
		this.#object = new FirmwareObject(model, platform.clock, this.#downloader.protocols(), this);
		this.streamed = {
			object: FIRMWARE_UPDATE,
			resource: PACKAGE,
			limitBytes: firmware.capacityBytes,
			next: undefined,
			write: ({ shortServerId }, now) => {
				const code = this.#push.write(shortServerId, now);
				parts.wake();
				return code;
			},
		};
		this.#isToConfirm = firmware.isTrial;
		this.#inspection = new Inspection(firmware, settings.check);
		this.#installation = new Installation(parts, firmware, settings, this);
		this.#restore();
	}

	get state(): number {
		return this.#state;
	}

	get settings(): UpdateSettings {
		return this.#object.settings;
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
		const { check } = this.#settings;
		const outcome = this.#inspection.step(this.#state === DOWNLOADING ? this.#slot.length : 0);
		if (outcome === 0) this.#accept(check);
		else if (outcome > 0) this.#fail(outcome, check.problem);
		if (this.#inspection.isActive) next = now;
		return Math.min(next, this.#installation.step(now));
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
		if (this.#state !== DOWNLOADED || this.#inspection.isActive) return METHOD_NOT_ALLOWED;
		this.#parts.onceAnswered(() => this.#installation.begin());
		return 0;
	}

	// how it comes to an image

	#begin(isAgain: boolean): number {
		if (this.#inspection.isActive || this.#state === UPDATING || (this.#state === DOWNLOADING && !isAgain)) {
			this.#parts.log.warning(`Firmware: a package is refused while the state is ${stateNames[this.#state]}`);
			return METHOD_NOT_ALLOWED;
		}
		this.#downloader.forget();
		this.#slot.erase(); // where it cannot be, the first write says why
		this.#object.setPackage("", "", "");
		this.enter(DOWNLOADING, NONE, "a server writes the package");
		return 0;
	}

	#pull(uri: string): void {
		const refusal = this.#downloader.refusalOf(uri);
		if (refusal !== 0) {
			const why = refusal === INVALID_URI ? "is not a URI of the form scheme://host:port/path" : "has another scheme";
			const schemes = this.#downloader.protocols().map((protocol) => protocolNames[protocol]);
			this.#drop(refusal, `"${uri}" ${why}; possible are ${schemes.join(", ")}`);
			return;
		}
		const isGivenUp = this.#state === IDLE && this.#result === CONNECTION_LOST;
		const left = isGivenUp ? (this.#downloader.save() ?? this.#record.load()?.[4]) : undefined;
		this.#object.setPackage(uri, "", "");
		this.enter(DOWNLOADING, NONE, `from ${uri}`);
		// a download that was given up goes on where it was
		if (left?.[0] === uri) this.#downloader.resume(left);
		else this.#downloader.begin(uri, this.#parts.securityInstance());
		this.save();
	}

	#check(length: number): number {
		this.length = length;
		this.#inspection.begin(length);
		this.#parts.wake();
		return 0;
	}

	/** The image is good. */
	#accept({ name, version }: ImageCheck): void {
		this.#object.setPackage(undefined, name, version);
		this.#installation.attempts = 0;
		if (this.#state === DOWNLOADING)
			this.enter(DOWNLOADED, NONE, `version ${version || "unknown"}, ${this.length} bytes`);
		if (this.#object.settings[2]) this.#installation.begin();
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
		this.#installation.attempts = attempts;
		this.length = length;
		this.#state = state;
		this.#result = result;
		this.#object.restore(settings);
		this.#object.setPackage(download?.[0], "", "");
		this.#object.setState(state, result);
		if (isReverted && (state === UPDATING || result === SUCCESS)) {
			// an image that reported its success and was lost before it could stay
			if (state === IDLE) this.#state = UPDATING;
			this.#finish(UPDATE_FAILED, "the new image did not come up: this is the one before it");
		} else if (state === UPDATING && !isTrial) this.#installation.resume();
		else if (state === DOWNLOADING) {
			if (download?.[0] === "") this.#push.resume(download, this.#parts.now());
			else if (download) this.#downloader.resume(download);
			else this.#fail(CONNECTION_LOST, "the device restarted while a server wrote the package");
		} else if (state === DOWNLOADED) this.#check(length);
	}

	/** An image runs, or the one before it again. */
	#finish(result: number, why: string): void {
		this.#installation.attempts = this.length = 0;
		this.enter(IDLE, result, why);
	}

	#fail(result: number, why: string): void {
		this.#push.stop(result === CONNECTION_LOST ? undefined : BAD_REQUEST);
		this.#downloader.stop();
		this.enter(IDLE, result, why);
	}

	/** Back to idle, whatever there was. @returns 0, or the code that refuses */
	#drop(result: number, why: string): number {
		if (this.#state === UPDATING) return METHOD_NOT_ALLOWED;
		this.#push.stop();
		this.#downloader.forget();
		this.#inspection.stop();
		this.#installation.stop();
		if (this.#slot.length > 0 || this.#state !== IDLE || this.#firmware.isReverted) this.#slot.erase();
		this.#object.setPackage("", "", "");
		if (this.#state === IDLE) {
			this.#result = result;
			this.#object.setState(IDLE, result);
			this.save();
			if (result > SUCCESS) this.#parts.log.warning(`Firmware: ${why} (result ${result})`);
		} else this.enter(IDLE, result, why);
		return CHANGED;
	}

	/** Changes state and result; stored before anybody is told. */
	enter(next: number, result: number, why: string): void {
		const state = this.#state;
		if (state !== next && (legal[state]! & (1 << next)) === 0)
			throw new Error(`firmware: ${stateNames[state]} -> ${stateNames[next]} is no edge of the table`);
		const { log } = this.#parts;
		const text = `Firmware: ${stateNames[state]} -> ${stateNames[next]}${result === NONE ? "" : `, result ${result}`}: ${why}`;
		if (result > SUCCESS && result < CANCELLED) log.error(text);
		else log.info(text);
		this.#state = next;
		this.#result = result;
		this.#inspection.forget();
		this.save();
		this.#object.setState(next, result);
		this.#parts.wake();
	}

	save(): void {
		const { settings } = this.#object;
		const isKept = this.#state === DOWNLOADING || this.#result === CONNECTION_LOST;
		const download = isKept ? (this.#downloader.save() ?? this.#push.save()) : null;
		this.#record.save([this.#state, this.#result, this.#installation.attempts, this.length, download, settings]);
	}
}
