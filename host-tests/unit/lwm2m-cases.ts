// What the tests of the LwM2M layer share: a registered device with objects of every kind, and answers as one line of
// text: `2.05 on`, `4.04`.
import { device, location, security, server, temperature } from "../../objects/index.js";
import { Client } from "../../src/client.js";
import { DEBUG, Log } from "../../src/log.js";
import * as types from "../../src/lwm2m/definition.js";
import { defineObject, E, type EnablerVersion, HIDDEN, R, RW, W } from "../../src/lwm2m/definition.js";
import type { KeyValue } from "../../src/platform.js";
import { type CoapFields, type CoapMessage, datagram, integers, parse, text, texts } from "../support/coap.js";
import { TestPlatform } from "../support/platform.js";
import { toHex } from "../support/test.js";

const VERSIONS = { "1.0": "1.0", "1.1": "1.0", "1.2": "1.0" } as const;

/** Object 16 as in OMA's registry, in short. */
export const portfolio = defineObject({
	id: 16,
	name: "Portfolio",
	versions: VERSIONS,
	instances: 3,
	resources: {
		0: { name: "Identity", type: types.STRING, operations: RW, multiple: 4, isMandatory: true },
		1: { name: "GetAuthData", type: types.NONE, operations: E },
	},
});

/** Every type as 1..9, and what else there is. */
export const every = defineObject({
	id: 3441,
	name: "Every kind",
	versions: VERSIONS,
	instances: 4,
	resources: {
		1: { name: "text", type: types.STRING, operations: RW },
		2: { name: "integer", type: types.INTEGER, operations: RW },
		3: { name: "unsigned", type: types.UNSIGNED, operations: RW },
		4: { name: "float", type: types.FLOAT, operations: RW },
		5: { name: "boolean", type: types.BOOLEAN, operations: RW },
		6: { name: "opaque", type: types.OPAQUE, operations: RW },
		7: { name: "time", type: types.TIME, operations: RW },
		8: { name: "link", type: types.OBJLNK, operations: RW },
		9: { name: "links", type: types.CORELNK, operations: RW },
		20: { name: "percent", type: types.INTEGER, operations: RW, range: [0, 100] },
		21: { name: "short text", type: types.STRING, operations: RW, range: [2, 5] },
		22: { name: "key", type: types.OPAQUE, operations: RW, only: [2, 4] },
		30: { name: "read-only", type: types.INTEGER, operations: R },
		31: { name: "write-only", type: types.INTEGER, operations: W },
		32: { name: "executable", type: types.NONE, operations: E },
		33: { name: "hidden", type: types.INTEGER, operations: HIDDEN },
		34: { name: "apart", type: types.STRING, operations: RW, isApart: true },
		40: { name: "integers", type: types.INTEGER, operations: RW, multiple: 3, range: [0, 100] },
		41: { name: "read-only texts", type: types.STRING, operations: R, multiple: 300 },
	},
});

export const caseObjects = [security, server, device, location, portfolio, temperature, every] as const;

/** The content formats by their short names. */
export const TEXT = 0;
export const LINKS = 40;
export const OPAQUE = 42;
export const CBOR = 60;
export const SENML_JSON = 110;
export const SENML_CBOR = 112;
export const ETCH_JSON = 320;
export const ETCH_CBOR = 322;
export const TLV = 11542;
export const JSON_FORMAT = 11543;

export class CaseDevice {
	readonly platform = new TestPlatform();
	readonly client: Client<typeof caseObjects>;
	readonly events: number[] = [];
	/** Called for each event. */
	onEvent: ((event: number) => void) | undefined;
	mid = 100;

	/** The client for paths and values that the compiler would refuse, or that it cannot know. */
	get untyped(): Client {
		return this.client as unknown as Client;
	}

	/**
	 * @param storage what survives a restart; the device then provisions itself where that holds no configuration
	 * @param factory the factory's configuration; default: one LwM2M server
	 */
	constructor(enabler: EnablerVersion = "1.1", storage?: KeyValue, factory = factoryServer) {
		const { platform } = this;
		platform.storage = storage;
		this.client = new Client({
			endpoint: "d1",
			objects: caseObjects,
			platform,
			enabler,
			log: new Log(DEBUG, (line) => platform.log(line)),
			onEvent: (event) => {
				this.events.push(event);
				this.onEvent?.(event);
			},
		});
		const { registry } = this.client;
		this.client.provision("factory", () => factory(registry));
		registry.set("/3/0/0", "Open Mobile Alliance");
		registry.set("/3/0/1", "Lightweight M2M Client");
		registry.set("/3/0/2", "345000123");
		registry.set("/3/0/3", "1.0");
		registry.set("/3/0/11/0", 0);
		registry.set("/3/0/14", "+02:00");
		registry.set("/3/0/16", "U");
		registry.set("/3303/0/5700", 21.5);
	}

	get registry() {
		return this.client.registry;
	}

	/** Registers, as all do who want to be asked anything. */
	register(): this {
		this.client.start();
		this.platform.run();
		this.reply(this.take(), { code: 0x41, location: "rd/5a3f" });
		return this;
	}

	/** The oldest message that the device has sent. @throws Error where there is none */
	take(): CoapMessage {
		const sent = this.platform.socket.take();
		if (!sent) throw new Error("the device has sent nothing");
		return parse(sent);
	}

	/** The same as `take`, after the time has passed that it takes. */
	takeAfter(ms: number): CoapMessage {
		this.platform.advance(ms);
		return this.take();
	}

	get isQuiet(): boolean {
		return this.platform.socket.sent.length === 0;
	}

	/** The lines of the log that hold the text. */
	logged(part: string): string[] {
		return this.platform.lines.filter((line) => line.includes(part));
	}

	reply(request: CoapMessage, fields: CoapFields): void {
		this.deliver({ type: 2, mid: request.mid, token: request.token, ...fields });
	}

	deliver(fields: CoapFields): void {
		this.platform.socket.deliver(datagram(fields));
		this.platform.run();
	}

	/**
	 * A confirmable request with a new message id and a token; the answer to it. Updates that the device sends meanwhile
	 * are answered, and pass by.
	 */
	request(fields: CoapFields): CoapMessage {
		this.mid++;
		this.platform.run();
		this.answerUpdates();
		this.deliver({ type: 0, mid: this.mid, token: Uint8Array.of(0xaa, this.mid & 0xff), ...fields });
		const { sent } = this.platform.socket;
		const index = sent.findIndex((one) => parse(one).mid === this.mid);
		if (index < 0) throw new Error("the device has not answered");
		const [answer] = sent.splice(index, 1);
		this.answerUpdates();
		return parse(answer!);
	}

	/** Answers the device's requests with 2.04. @returns how many there were */
	answerUpdates(): number {
		const { sent } = this.platform.socket;
		for (let count = 0; ; count++) {
			const index = sent.findIndex((one) => one[1]! > 0 && one[1]! < 32);
			if (index < 0) return count;
			this.reply(parse(sent.splice(index, 1)[0]!), { code: 0x44 });
		}
	}

	/** Reads; without a format, without Accept. */
	get(path: string, accept?: number): string {
		return line(this.request({ code: 1, path, ...(accept === undefined ? {} : { accept }) }));
	}

	discover(path: string): string {
		return line(this.request({ code: 1, path, accept: LINKS }));
	}

	put(path: string, payload: Uint8Array | string, format = TEXT): string {
		return line(this.request({ code: 3, path, payload, format }));
	}

	post(path: string, payload: Uint8Array | string = "", format = -1): string {
		return line(this.request({ code: 2, path, payload, ...(format < 0 ? {} : { format }) }));
	}

	delete(path: string): string {
		return line(this.request({ code: 4, path }));
	}

	/** Write-Attributes. */
	attributes(path: string, ...queries: string[]): string {
		return line(this.request({ code: 3, path, queries }));
	}

	observe(path: string, accept = TEXT): CoapMessage {
		return this.request({ code: 1, path, accept, observe: 0 });
	}
}

function factoryServer(registry: CaseDevice["registry"]): void {
	registry.set("/0/0/0", "coap://192.0.2.1:5683");
	registry.set("/0/0/1", false);
	registry.set("/0/0/2", 3);
	registry.set("/0/0/10", 1);
	registry.set("/1/0/0", 1);
	registry.set("/1/0/1", 300);
	registry.set("/1/0/6", true);
	registry.set("/1/0/7", "U");
}

/** A message as a line: its code, and its payload as text or, where that is not readable, in hexadecimal digits. */
export function line(message: CoapMessage): string {
	const code = `${message.code >> 5}.${String((message.code & 31) + 100).slice(1)}`;
	const { payload } = message;
	if (payload.length === 0) return code;
	const isText = payload.every((byte) => byte >= 0x20 && byte < 0x7f);
	return `${code} ${isText ? text(payload) : toHex(payload)}`;
}

/** The Content-Format of a message. */
export function formatOf(message: CoapMessage): number {
	return integers(message, 12)[0] ?? -1;
}

/** The Uri-Path and Uri-Query of a request, `rd/5a3f?lt=60`. */
export function uri(message: CoapMessage): string {
	const queries = texts(message, 15);
	return texts(message, 11).join("/") + (queries.length > 0 ? `?${queries.join("&")}` : "");
}
