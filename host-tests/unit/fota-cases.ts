// What the tests of firmware update share: a registered device with a slot, a server that pushes, and a file server by
// CoAP whose every answer the test may change.
import { device, firmwareUpdate as object5, security, server } from "../../objects/index.js";
import { Client } from "../../src/client.js";
import type { DtlsFactory } from "../../src/client-options.js";
import type { FirmwareSettings } from "../../src/fota/firmware.js";
import { firmwareUpdate } from "../../src/fota/start.js";
import { DEBUG, Log } from "../../src/log.js";
import type { EnablerVersion } from "../../src/lwm2m/definition.js";
import { type CoapFields, type CoapMessage, datagram, integers, parse, text, texts } from "../support/coap.js";
import { imageOf, MemoryCheck, MemoryFirmware } from "../support/firmware.js";
import { TestStorage } from "../support/key-value.js";
import { TestPlatform, type TestSocket } from "../support/platform.js";
import { equal, throws } from "../support/test.js";

export const objects = [security, server, device, object5] as const;

/** Options of CoAP. */
const ETAG = 4;
const BLOCK2 = 23;
const BLOCK1 = 27;
const SIZE2 = 28;
/** Content-Format. */
const OPAQUE = 42;

export interface FotaOptions {
	enabler?: EnablerVersion;
	firmware?: MemoryFirmware;
	storage?: TestStorage | null;
	mayUpdate?: () => boolean;
	binding?: string;
	tls?: FirmwareSettings["tls"];
	dtls?: DtlsFactory;
}

export class FotaDevice {
	readonly platform = new TestPlatform();
	readonly client: Client<typeof objects>;
	readonly firmware: MemoryFirmware;
	readonly storage: TestStorage | undefined;
	/** Codes of notifications by path and value, as they came: `3=1`. */
	readonly told: string[] = [];
	#options: FotaOptions;
	#mid = 100;
	#link: TestSocket | undefined;
	#observed = new Map<string, string>();

	constructor(options: FotaOptions = {}) {
		this.#options = options;
		const { platform } = this;
		this.firmware = platform.firmware = options.firmware ?? new MemoryFirmware();
		this.storage = options.storage === null ? undefined : (options.storage ?? new TestStorage());
		platform.storage = this.storage;
		this.client = new Client({
			endpoint: "d1",
			objects,
			platform,
			enabler: options.enabler ?? "1.1",
			...(options.dtls && { dtls: options.dtls }),
			log: new Log(DEBUG, (line) => platform.log(line)),
			firmware: firmwareUpdate({
				check: new MemoryCheck(),
				tls: options.tls,
				...(options.mayUpdate && { mayUpdate: options.mayUpdate }),
			}),
		});
		const { registry } = this.client;
		this.client.provision("factory", () => {
			registry.set("/0/0/0", "coap://192.0.2.1:5683");
			registry.set("/0/0/1", false);
			registry.set("/0/0/2", 3);
			registry.set("/0/0/10", 1);
			registry.set("/1/0/0", 1);
			registry.set("/1/0/1", 86400);
			registry.set("/1/0/7", options.binding ?? "U");
		});
	}

	/** Registers, or updates where storage holds a registration. */
	register(): this {
		this.client.start();
		this.platform.run();
		this.#link = this.platform.sockets.find((socket) => socket.options.address === "192.0.2.1");
		const request = this.take();
		if (request.code !== 2) throw new Error(`a registration, not code ${request.code}`);
		const isUpdate = texts(request, 11).length > 1;
		this.deliver({
			type: 2,
			mid: request.mid,
			token: request.token,
			code: isUpdate ? 0x44 : 0x41,
			...(isUpdate ? {} : { location: "rd/5a3f" }),
		});
		return this;
	}

	/** The device after a restart. */
	restarted(isStarted = true): FotaDevice {
		const next = new FotaDevice({
			...this.#options,
			firmware: this.firmware.restarted(isStarted),
			storage: this.storage ? new TestStorage(this.storage.entries) : null,
		});
		// the server knows its observations over the restart
		next.#observed = this.#observed;
		return next;
	}

	take(): CoapMessage {
		const sent = this.#link!.take();
		if (!sent) throw new Error("the device has sent the server nothing");
		return parse(sent);
	}

	deliver(fields: CoapFields): void {
		this.#link!.deliver(datagram(fields));
		this.platform.run();
	}

	/** A request of the server. @returns the answer: `2.31 block 3`, `2.05 0` */
	request(fields: CoapFields, mid?: number): string {
		this.#mid++;
		const id = mid ?? this.#mid;
		this.deliver({ type: 0, mid: id, token: Uint8Array.of(0xaa, id & 0xff), ...fields });
		for (;;) {
			const message = this.take();
			if (message.type !== 2 || message.mid !== id) {
				this.#takeNotification(message);
				continue;
			}
			const [block] = integers(message, BLOCK1);
			const code = `${message.code >> 5}.${String(100 + (message.code & 31)).slice(1)}`;
			const blockText = block === undefined ? "" : ` block ${block >> 4}`;
			return `${code}${blockText}${message.payload.length > 0 ? ` ${text(message.payload)}` : ""}`;
		}
	}

	/** Observes resources of 5/0; what is told later goes to `told`. */
	observe(...resources: number[]): this {
		for (const resource of resources) {
			this.request({ code: 1, path: `5/0/${resource}`, observe: 0, accept: 0 });
			this.#observed.set(`170,${this.#mid & 0xff}`, String(resource));
		}
		return this;
	}

	/** Takes what the device has told, and acknowledges it. @returns all of it since the start */
	notifications(isAcknowledged = true): string {
		for (let sent = this.#link!.take(); sent; sent = this.#link!.take())
			this.#takeNotification(parse(sent), isAcknowledged);
		return this.told.join(" ");
	}

	read(resource: number): string {
		return this.request({ code: 1, path: `5/0/${resource}`, accept: 0 });
	}

	/** State and result: `0/4`. */
	get status(): string {
		return `${this.read(3).slice(5)}/${this.read(5).slice(5)}`;
	}

	/** Writes 5/0/1. */
	pull(uri: string): string {
		return this.request({ code: 3, path: "5/0/1", format: 0, payload: uri });
	}

	execute(resource: number): string {
		return this.request({ code: 2, path: `5/0/${resource}` });
	}

	/** Writes a block of 5/0/0, or the whole. */
	put(payload: Uint8Array, format: number | undefined, number = -1, isMore = false, szx = 2, mid?: number): string {
		const fields: CoapFields = { code: 3, path: "5/0/0", payload };
		if (format !== undefined) fields.format = format;
		if (number >= 0) fields.block1 = number * 16 + (isMore ? 8 : 0) + szx;
		return this.request(fields, mid);
	}

	/** Writes 5/0/0 in blocks. @returns the last answer, or the first one that refuses */
	push(payload: Uint8Array, format: number | undefined, szx = 6): string {
		const size = 16 << szx;
		for (let at = 0; ; at += size) {
			const isMore = at + size < payload.length;
			const answer = this.put(payload.slice(at, at + size), format, at / size, isMore, szx);
			if (!isMore || !answer.startsWith("2.31")) return answer;
		}
	}

	logged(part: string): number {
		return this.platform.lines.filter((line) => line.includes(part)).length;
	}

	#takeNotification(message: CoapMessage, isAcknowledged = true): void {
		const resource = this.#observed.get(message.token.join());
		if (message.code !== 0x45 || resource === undefined) return;
		if (message.type !== 0) throw new Error("a notification that is not confirmable");
		const line = `${resource}=${text(message.payload)}`;
		if (isAcknowledged) {
			this.told.push(line);
			this.deliver({ type: 2, mid: message.mid, code: 0 });
		}
	}
}

/** Serves one package by CoAP on the socket that the device opened last. */
export class FileServer {
	bytes: Uint8Array;
	/** The ETag's one byte; undefined: there is none. */
	tag: number | undefined;
	/** The server says the size. */
	hasSize = true;
	szx = 6;
	/** Positions that were asked for. */
	readonly asked: number[] = [];
	/** The path of the last request. */
	path = "";
	/** Answers in place of the package: a code, or undefined for the package. */
	refuse: ((position: number) => number | undefined) | undefined;
	#device: FotaDevice;
	#port: number;

	constructor(device: FotaDevice, bytes: Uint8Array, tag?: number, port = 5700) {
		this.#device = device;
		this.bytes = bytes;
		this.tag = tag;
		this.#port = port;
	}

	get socket(): TestSocket | undefined {
		const sockets = this.#device.platform.sockets.filter(
			(socket) => socket.options.port === this.#port && !socket.isClosed,
		);
		return sockets[sockets.length - 1];
	}

	/** Answers up to so many requests. @returns how many there were */
	serve(most = Number.POSITIVE_INFINITY): number {
		let count = 0;
		for (; count < most; count++) {
			const sent = this.socket?.take();
			if (!sent) break;
			this.answer(parse(sent));
		}
		return count;
	}

	answer(request: CoapMessage): void {
		const [block = this.szx] = integers(request, BLOCK2);
		this.path = texts(request, 11).join("/");
		const asked = (block >> 4) * (16 << (block & 7));
		this.asked.push(asked);
		const code = this.refuse?.(asked);
		const szx = Math.min(block & 7, this.szx);
		const size = 16 << szx;
		const isMore = asked + size < this.bytes.length;
		const options: [number, Uint8Array][] = [];
		if (this.tag !== undefined) options.push([ETAG, Uint8Array.of(this.tag)]);
		if (this.hasSize && integers(request, SIZE2).length > 0)
			options.push([SIZE2, Uint8Array.of(this.bytes.length >> 16, this.bytes.length >> 8, this.bytes.length)]);
		const fields: CoapFields = { type: 2, mid: request.mid, token: request.token, code: code ?? 0x45 };
		if (code === undefined) {
			fields.block2 = (asked / size) * 16 + (isMore ? 8 : 0) + szx;
			fields.options = options;
			fields.payload = this.bytes.slice(asked, asked + size);
		}
		this.socket?.deliver(datagram(fields));
		this.#device.platform.run();
	}
}

/** What `downloaded` downloads. */
export const image = imageOf(5000);

/** A device that has downloaded the image. */
export function downloaded(options = {}): FotaDevice {
	const device = new FotaDevice(options).register().observe(3, 5);
	equal(device.push(image, OPAQUE), "2.04 block 4");
	equal(device.status, "2/0");
	return device;
}

/** Executes Update, acknowledges what is told, and restarts. */
export function updated(device: FotaDevice): FotaDevice {
	equal(device.execute(2), "2.04");
	throws(
		() => {
			device.platform.run();
			device.notifications();
			device.platform.advance(20_000);
		},
		"Error",
		"restart",
	);
	equal(device.firmware.installed, image.length);
	return device.restarted();
}
