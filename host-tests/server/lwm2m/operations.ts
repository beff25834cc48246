// The operations on one registered device (OMA TS Core 1.1.1, 6.3 and 6.4; TS Transport 1.1.1, 6.4.4).

import type { Clock } from "../clock.js";
import { optionBytes, optionStrings } from "../coap/message.js";
import { LOCATION_PATH, OBSERVE } from "../coap/numbers.js";
import { RequestFailure } from "../coap/requester.js";
import type { CoapRequest, CoapResponse } from "../coap/transfer.js";
import { decodeLeaves, decodeNode, encodeLeaves, encodeNode, encodePaths, nodesAt } from "../codec/codec.js";
import { LINK, OPAQUE, SENML_CBOR, SENML_JSON, TEXT, TLV } from "../codec/content-format.js";
import { type Answer, plainAnswer, understood } from "./answer.js";
import type { Downlink } from "./downlink.js";
import { parseLinks } from "./link-format.js";
import { type Leaf, leavesOf, type Node } from "./node.js";
import type { Observations } from "./observations.js";
import type { Path } from "./path.js";
import { announcedFormats, type Registration, rootPathOf } from "./registration.js";
import { CodecError } from "./value.js";

export interface OperationOptions {
	/** Of the payload and of Accept; chosen from what the device announced unless given. Null: no Accept. */
	readonly format?: number | null;
	readonly timeoutMs?: number;
}

export interface CompositeOptions {
	readonly pathFormat?: number;
	readonly nodeFormat?: number;
	readonly timeoutMs?: number;
}

export class Operations {
	readonly #registration: Registration;
	readonly #downlink: Downlink;
	readonly #observations: Observations;
	readonly #clock: Clock;

	constructor(registration: Registration, downlink: Downlink, observations: Observations, clock: Clock) {
		this.#registration = registration;
		this.#downlink = downlink;
		this.#observations = observations;
		this.#clock = clock;
	}

	async read(path: Path, options: OperationOptions = {}): Promise<Answer> {
		const response = await this.#send("GET", path, { ...this.#accept(options), ...timeout(options) });
		return this.#nodeAnswer(response, path);
	}

	async discover(path: Path, options: OperationOptions = {}): Promise<Answer> {
		const response = await this.#send("GET", path, { accept: LINK, ...timeout(options) });
		const answer = plainAnswer(response);
		if (!answer.isSuccess) return answer;
		return { ...answer, links: understood(() => parseLinks(response.payload.toString("utf8"))) };
	}

	/** `isReplacing`: PUT, which removes what is not in the node; else POST, a partial update. */
	async write(path: Path, node: Node, isReplacing: boolean, options: OperationOptions = {}): Promise<Answer> {
		const format = options.format ?? this.#formatFor(node);
		const payload = encodeNode(format, node, path);
		return plainAnswer(await this.#send(isReplacing ? "PUT" : "POST", path, { payload, format, ...timeout(options) }));
	}

	/** Attributes as they go on the wire: `pmin=1`, or the bare name to remove one. */
	async writeAttributes(path: Path, attributes: readonly string[], options: OperationOptions = {}): Promise<Answer> {
		return plainAnswer(await this.#send("PUT", path, { query: attributes, ...timeout(options) }));
	}

	async execute(path: Path, argumentText = "", options: OperationOptions = {}): Promise<Answer> {
		const payload = argumentText === "" ? {} : { payload: Buffer.from(argumentText, "utf8"), format: TEXT };
		return plainAnswer(await this.#send("POST", path, { ...payload, ...timeout(options) }));
	}

	/** The path is the object's; the instance has an id or lets the device choose. */
	async create(path: Path, instance: Node, options: OperationOptions = {}): Promise<Answer> {
		const format = options.format ?? this.#defaultFormat();
		const isIdOpen = instance.kind === "instance" && instance.id === undefined;
		// Formats with absolute paths cannot leave the id open.
		const usable = isIdOpen && options.format === undefined ? TLV : format;
		if (isIdOpen && usable !== TLV) throw new CodecError("only TLV can create an instance without an id");
		const payload = encodeNode(usable, instance, path);
		const response = await this.#send("POST", path, { payload, format: usable, ...timeout(options) });
		const location = optionStrings(response, LOCATION_PATH).join("/");
		return location === "" ? plainAnswer(response) : { ...plainAnswer(response), location };
	}

	async delete(path: Path, options: OperationOptions = {}): Promise<Answer> {
		return plainAnswer(await this.#send("DELETE", path, timeout(options)));
	}

	async observe(path: Path, options: OperationOptions = {}): Promise<Answer> {
		const request = this.#request("GET", path, { ...this.#accept(options), ...timeout(options) });
		const response = await this.#observe("single", [path], request);
		return this.#nodeAnswer(response, path);
	}

	async readComposite(paths: readonly Path[], options: CompositeOptions = {}): Promise<Answer> {
		const request = this.#request("FETCH", [], this.#compositeParts(paths, options));
		return this.#nodesAnswer(await this.#sendRequest(request), paths);
	}

	async writeComposite(nodes: ReadonlyMap<Path, Node>, options: CompositeOptions = {}): Promise<Answer> {
		const leaves: Leaf[] = [];
		for (const [path, node] of nodes) leaves.push(...leavesOf(node, path));
		const format = options.nodeFormat ?? this.#compositeFormat();
		const payload = encodeLeaves(format, leaves);
		return plainAnswer(await this.#send("iPATCH", [], { payload, format, ...timeout(options) }));
	}

	async observeComposite(paths: readonly Path[], options: CompositeOptions = {}): Promise<Answer> {
		const request = this.#request("FETCH", [], this.#compositeParts(paths, options));
		return this.#nodesAnswer(await this.#observe("composite", paths, request), paths);
	}

	/** Forgets the observation; its next notification gets a reset. Answers how many there were. */
	cancelPassively(kind: "single" | "composite", paths: readonly Path[]): number {
		const found = this.#observations.find(this.#registration, kind, paths);
		for (const observation of found) this.#observations.forget(observation);
		return found.length;
	}

	/** Sends Observe=1 with the token of the observation. Undefined when there is none. */
	async cancelActively(
		kind: "single" | "composite",
		paths: readonly Path[],
		options: OperationOptions = {},
	): Promise<Answer | undefined> {
		const [observation] = this.#observations.find(this.#registration, kind, paths);
		if (!observation) return undefined;
		const request = { ...observation.request, observe: 1 as const, ...timeout(options) };
		const response = await this.#sendRequest(request);
		if (response.code.startsWith("2.")) this.#observations.forget(observation);
		return kind === "single" ? this.#nodeAnswer(response, paths[0]!) : this.#nodesAnswer(response, paths);
	}

	#observe(kind: "single" | "composite", paths: readonly Path[], request: CoapRequest): Promise<CoapResponse> {
		return this.#downlink.run(this.#registration, async (current) => {
			const observation = this.#observations.begin(current, kind, paths, { ...request, observe: 0 });
			try {
				const response = await current.coap.request(current.peer, observation.request);
				const isObserving = response.code.startsWith("2.") && optionBytes(response, OBSERVE) !== undefined;
				if (!isObserving) this.#observations.forget(observation);
				return response;
			} catch (error) {
				this.#observations.forget(observation);
				throw error;
			}
		});
	}

	#send(method: CoapRequest["method"], path: Path, parts: Partial<CoapRequest>): Promise<CoapResponse> {
		return this.#sendRequest(this.#request(method, path, parts));
	}

	#sendRequest(request: CoapRequest): Promise<CoapResponse> {
		return this.#downlink.run(this.#registration, (current) => current.coap.request(current.peer, request));
	}

	#request(method: CoapRequest["method"], path: Path, parts: Partial<CoapRequest>): CoapRequest {
		const root = rootPathOf(this.#registration.links).split("/").filter(Boolean);
		return { ...parts, method, path: [...root, ...path.map(String)] };
	}

	#accept({ format }: OperationOptions): { accept?: number } {
		return format === null ? {} : { accept: format ?? this.#defaultFormat() };
	}

	#compositeParts(paths: readonly Path[], options: CompositeOptions): Partial<CoapRequest> {
		const format = options.pathFormat ?? this.#compositeFormat();
		const accept = options.nodeFormat ?? this.#compositeFormat();
		return { payload: encodePaths(format, paths), format, accept, ...timeout(options) };
	}

	#formatFor(node: Node): number {
		if (node.kind !== "singleResource") return this.#defaultFormat();
		const simple = Buffer.isBuffer(node.value) ? OPAQUE : TEXT;
		const announced = announcedFormats(this.#registration.links);
		return announced?.includes(simple) === false ? this.#defaultFormat() : simple;
	}

	#defaultFormat(): number {
		if (this.#registration.version === "1.0") return TLV;
		const announced = announcedFormats(this.#registration.links) ?? [SENML_CBOR];
		return [SENML_CBOR, TLV, SENML_JSON].find((format) => announced.includes(format)) ?? SENML_CBOR;
	}

	#compositeFormat(): number {
		const announced = announcedFormats(this.#registration.links) ?? [SENML_CBOR];
		return announced.includes(SENML_JSON) && !announced.includes(SENML_CBOR) ? SENML_JSON : SENML_CBOR;
	}

	#nodeAnswer(response: CoapResponse, path: Path): Answer {
		const answer = plainAnswer(response);
		if (response.code !== "2.05") return answer;
		const { format = TEXT, payload } = response;
		return { ...answer, content: understood(() => decodeNode(format, payload, path, this.#clock.now())) };
	}

	#nodesAnswer(response: CoapResponse, paths: readonly Path[]): Answer {
		const answer = plainAnswer(response);
		if (response.code !== "2.05") return answer;
		const { format = TEXT, payload } = response;
		return { ...answer, nodes: understood(() => nodesAt(paths, decodeLeaves(format, payload, this.#clock.now()))) };
	}
}

export function isTimeout(error: unknown): boolean {
	return error instanceof RequestFailure && error.reason === "timeout";
}

function timeout({ timeoutMs }: { readonly timeoutMs?: number }): { timeoutMs?: number } {
	return timeoutMs === undefined ? {} : { timeoutMs };
}
