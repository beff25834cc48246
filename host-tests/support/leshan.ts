// Servers of Eclipse Leshan for tests, which scripts/lib/leshan.mjs has built, and devices that register at them.
// Node only.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { portfolio } from "../../objects/16-portfolio.js";
import { binaryAppDataContainer } from "../../objects/19-binary-app-data-container.js";
import { temperature } from "../../objects/3303-temperature.js";
import { humidity } from "../../objects/3304-humidity.js";
import { lightControl } from "../../objects/3311-light-control.js";
import { timer } from "../../objects/3340-timer.js";
import { E, type ObjectDefinition, R, W } from "../../src/lwm2m/definition.js";
import { JavaPeer, type PeerAnswer, type PeerEvent, type PeerValue } from "./java-peer.js";

/** Those that Leshan does not bring by itself. */
const OBJECTS: readonly ObjectDefinition[] = [
	portfolio,
	binaryAppDataContainer,
	temperature,
	humidity,
	lightControl,
	timer,
];
/** By the constants of src/lwm2m/definition.ts. */
const TYPES = ["", "String", "Integer", "Unsigned Integer", "Float", "Boolean", "Opaque", "Time", "Objlnk", "Corelnk"];

export const certificates = fileURLToPath(new URL("../../../dtls/certificates", import.meta.url));

/** A server, the addresses of it, and the files that it has been given. */
export class Leshan {
	coap = "";
	coaps = "";
	coapsPort = 0;
	readonly peer: JavaPeer;
	readonly #folder: string;

	private constructor(peer: JavaPeer, folder: string) {
		this.peer = peer;
		this.#folder = folder;
	}

	/** Leshan 2. @param awakeMs how long it takes sleeping devices to be awake */
	static server(awakeMs = 93_000): Promise<Leshan> {
		const files = ["server.pem", "server.key", "ca.pem"].map((name) => `${certificates}/${name}`);
		return Leshan.#start("server", "Server2", (models) => [String(awakeMs), models, ...files]);
	}

	/** Leshan 1. */
	static stable(): Promise<Leshan> {
		return Leshan.#start("stable", "Server1", (models) => [models]);
	}

	/** The bootstrap server of Leshan 2. */
	static bootstrap(): Promise<Leshan> {
		return Leshan.#start("bootstrap", "Bootstrap2", () => []);
	}

	static async #start(set: string, program: string, words: (models: string) => string[]): Promise<Leshan> {
		const folder = mkdtempSync(join(tmpdir(), "leshan-"));
		for (const object of OBJECTS)
			for (const version of new Set(Object.values(object.versions)))
				writeFileSync(join(folder, `${object.id}-${version}.xml`), definitionFile(object, version));
		const made = new Leshan(new JavaPeer(set, program, ...words(folder)), folder);
		const { ports } = (await made.peer.next("started")) as unknown as { ports: { COAP: number; COAPS: number } };
		made.coap = `coap://127.0.0.1:${ports.COAP}`;
		made.coapsPort = ports.COAPS;
		made.coaps = `coaps://127.0.0.1:${ports.COAPS}`;
		return made;
	}

	/** What a server does with one device. */
	operator(endpoint: string): Operator {
		return new Operator(this.peer, endpoint);
	}

	async stop(): Promise<void> {
		await this.peer.stop();
		rmSync(this.#folder, { recursive: true });
	}
}

/** A word of an operation, or values that it carries: `TYPE=value` by path. */
type Word = string | Record<string, string>;

export interface LeshanRegistration {
	version: string;
	lifetime: number;
	queue: boolean;
	identity: string;
	port: number;
	formats: string[];
	instances: string[];
}

/** Operations on one device; words that are left empty leave the choice to Leshan. */
export class Operator {
	readonly #peer: JavaPeer;
	readonly #endpoint: string;

	constructor(peer: JavaPeer, endpoint: string) {
		this.#peer = peer;
		this.#endpoint = endpoint;
	}

	registration(): Promise<LeshanRegistration> {
		return this.#peer.ask("registration", this.#endpoint);
	}

	ask(operation: string, ...words: Word[]): Promise<PeerAnswer> {
		const flat = words.flatMap((word) =>
			typeof word === "string" ? [word] : Object.entries(word).map(([path, value]) => `${path}=${value}`),
		);
		return this.#peer.ask(operation, this.#endpoint, ...flat);
	}

	/** An operation that has to be answered with that code, `CHANGED` or another name. */
	async done(code: string, operation: string, ...words: Word[]): Promise<PeerAnswer> {
		const answer = await this.ask(operation, ...words);
		assert.match(answer.code, new RegExp(`^${code}\\b`), JSON.stringify([operation, words, answer]));
		return answer;
	}

	/** An operation that has to be answered with values. */
	async values(operation: string, ...words: Word[]): Promise<Record<string, PeerValue> | undefined> {
		return (await this.done("CONTENT", operation, ...words)).values;
	}

	read(path: string, format = ""): Promise<Record<string, PeerValue> | undefined> {
		return this.values("read", path, format);
	}

	async write(path: string, format: string, mode: "REPLACE" | "UPDATE", values: Record<string, string>): Promise<void> {
		await this.done("CHANGED", "write", path, format, mode, values);
	}

	/** The next notification of an observation. @param paths what it observes, with commas */
	notified(paths: string): Promise<PeerEvent> {
		return this.#peer.next("notification", (event) => event.ep === this.#endpoint && event["paths"] === paths);
	}
}

/** An object in the form of OMA's registry, as far as servers read it. */
function definitionFile(object: ObjectDefinition, version: string): string {
	const items = Object.entries(object.resources).map(([id, { name, type, operations, multiple, isMandatory }]) => {
		const letters = operations === E ? "E" : `${operations & R ? "R" : ""}${operations & W ? "W" : ""}`;
		return `<Item ID="${id}"><Name>${name.replace("&", "&amp;")}</Name><Operations>${letters}</Operations>
<MultipleInstances>${multiple ? "Multiple" : "Single"}</MultipleInstances><Mandatory>${isMandatory ? "Mandatory" : "Optional"}</Mandatory>
<Type>${TYPES[type]}</Type><RangeEnumeration></RangeEnumeration><Units></Units><Description></Description></Item>`;
	});
	return `<?xml version="1.0" encoding="utf-8"?>
<LWM2M><Object ObjectType="MODefinition"><Name>${object.name}</Name><Description1></Description1><ObjectID>${object.id}</ObjectID>
<ObjectURN>urn:oma:lwm2m:oma:${object.id}${version === "1.0" ? "" : `:${version}`}</ObjectURN><LWM2MVersion>1.1</LWM2MVersion>
<ObjectVersion>${version}</ObjectVersion><MultipleInstances>${object.isSingle ? "Single" : "Multiple"}</MultipleInstances>
<Mandatory>Optional</Mandatory><Resources>${items.join("")}</Resources><Description2></Description2></Object></LWM2M>
`;
}
