// One bootstrap session: the operations of the bootstrap interface towards a device that sent a Bootstrap-Request
// (OMA TS Core 1.1.1, 6.1.7; TS Transport 1.1.1, 6.4.2). Usable in any order, also when the sequence is over.

import type { CoapEndpoint } from "../coap/endpoint.js";
import { RequestFailure } from "../coap/requester.js";
import type { CoapRequest } from "../coap/transfer.js";
import { decodeNode, encodeNode } from "../codec/codec.js";
import { LINK, nameOfFormat, TEXT } from "../codec/content-format.js";
import { type Answer, InvalidResponse, plainAnswer, understood } from "../lwm2m/answer.js";
import { parseLinks } from "../lwm2m/link-format.js";
import type { Node } from "../lwm2m/node.js";
import { formatPath, type Path } from "../lwm2m/path.js";
import type { Peer } from "../transport.js";
import { SECURITY_OBJECT } from "./config.js";

/** Devices of 1.0 begin the list with the enabler version alone, later ones have it at the link of the root. */
const BARE_VERSION = /^\s*lwm2m=("?[\d.]+"?)(?=\s*(,|$))/;

/** What happens in a session, in the words of the events of the Leshan demo server; never with a value. */
export type Report = (name: string, message: string) => void;

export interface SessionParts {
	readonly endpoint: string;
	readonly peer: Peer;
	readonly coap: CoapEndpoint;
	/** Of Writes, and the Accept of Reads, where an operation does not say otherwise. */
	readonly format: number;
	/** The parameters of the Bootstrap-Request. */
	readonly parameters: ReadonlyMap<string, string>;
	readonly report: Report;
	readonly now: () => number;
}

export class BootstrapSession {
	readonly endpoint: string;
	readonly peer: Peer;
	readonly format: number;
	readonly parameters: ReadonlyMap<string, string>;
	readonly #parts: SessionParts;
	#why: string | undefined;

	constructor(parts: SessionParts) {
		this.endpoint = parts.endpoint;
		this.peer = parts.peer;
		this.format = parts.format;
		this.parameters = parts.parameters;
		this.#parts = parts;
	}

	/** The root unless a path is given. */
	async discover(path: Path = []): Promise<Answer> {
		this.#parts.report("send discover", `Send DISCOVER request on ${formatPath(path)}`);
		const answer = await this.request({ method: "GET", path: path.map(String), accept: LINK });
		if (!answer.isSuccess) return answer;
		const links = answer.response.payload
			.toString("utf8")
			.replace(BARE_VERSION, (_all, version) => `</>;lwm2m=${version}`);
		return { ...answer, links: understood(() => parseLinks(links)) };
	}

	/** Null as format: no Accept. */
	async read(path: Path, format: number | null = this.format): Promise<Answer> {
		this.#parts.report("send request", `Send READ request on ${formatPath(path)}`);
		const accept = format === null ? {} : { accept: format };
		const answer = await this.request({ method: "GET", path: path.map(String), ...accept });
		if (!answer.isSuccess) return answer;
		const { format: given = TEXT, payload } = answer.response;
		try {
			return { ...answer, content: understood(() => decodeNode(given, payload, path, this.#parts.now())) };
		} catch (error) {
			// The message of a codec quotes the value, which may be a key here.
			if (path[0] !== SECURITY_OBJECT) throw error;
			throw new InvalidResponse("the device answered with nonsense about its security object");
		}
	}

	async write(path: Path, node: Node, format = this.format): Promise<Answer> {
		const payload = encodeNode(format, node, path);
		this.#parts.report("send write", `Send WRITE request on ${formatPath(path)} using ${nameOfFormat(format)}`);
		return this.request({ method: "PUT", path: path.map(String), payload, format });
	}

	async delete(path: Path): Promise<Answer> {
		this.#parts.report("send delete", `Send DELETE request on ${formatPath(path)}`);
		return this.request({ method: "DELETE", path: path.map(String) });
	}

	async finish(): Promise<Answer> {
		this.#parts.report("send request", "Send FINISH request");
		return this.request({ method: "POST", path: ["bs"] });
	}

	/** Any CoAP request to this device. Throws a RequestFailure when no answer comes. */
	async request(request: CoapRequest): Promise<Answer> {
		if (this.#why !== undefined) throw new RequestFailure("cancelled", this.#why);
		try {
			const answer = plainAnswer(await this.#parts.coap.request(this.peer, request));
			const detail = answer.errorMessage ? `: ${answer.errorMessage}` : "";
			const name = answer.isSuccess ? "receive success response" : "receive error response";
			this.#parts.report(name, `Receive ${answer.code}${detail}`);
			return answer;
		} catch (error) {
			this.#parts.report("request failure", error instanceof Error ? error.message : String(error));
			throw error;
		}
	}

	/** Fails the request under way and all later ones. */
	cancel(why: string): void {
		this.#why ??= why;
		this.#parts.coap.cancelRequests(this.peer.key, why);
	}
}
