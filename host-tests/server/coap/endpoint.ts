// A CoAP endpoint in both roles over one transport: requests out with `request`, requests in to `handler`.

import type { Clock } from "../clock.js";
import type { Peer, Transport } from "../transport.js";
import { Assembly, type Reply } from "./assembly.js";
import { EMPTY, type Message, optionStrings, optionUint } from "./message.js";
import { type Content, MessageLayer } from "./message-layer.js";
import {
	ACCEPT,
	CONTENT_FORMAT,
	type CoapSettings,
	type Method,
	methodOfCode,
	URI_PATH,
	URI_QUERY,
} from "./numbers.js";
import { type Observer, Requester } from "./requester.js";
import { type CoapRequest, type CoapResponse, Transfer } from "./transfer.js";

/** A request with its whole body. */
export interface Incoming {
	readonly method: Method;
	readonly path: readonly string[];
	readonly query: readonly string[];
	readonly payload: Buffer;
	readonly format: number | undefined;
	readonly accept: number | undefined;
	readonly isConfirmable: boolean;
	readonly peer: Peer;
	readonly endpoint: CoapEndpoint;
}

export type Handler = (request: Incoming) => Reply | Promise<Reply>;

export class CoapEndpoint {
	readonly transport: Transport;
	readonly #settings: CoapSettings;
	readonly #layer: MessageLayer;
	readonly #requester: Requester;
	readonly #assembly: Assembly;
	readonly #handler: Handler;

	constructor(transport: Transport, clock: Clock, settings: CoapSettings, handler: Handler, random = Math.random) {
		this.transport = transport;
		this.#settings = settings;
		this.#handler = handler;
		this.#layer = new MessageLayer(transport, clock, settings, random);
		this.#requester = new Requester(this.#layer, clock);
		this.#assembly = new Assembly(clock, settings);
		this.#layer.onRequest = (request, peer, respond) => {
			void this.#serve(request, peer, respond);
		};
	}

	async request(peer: Peer, request: CoapRequest): Promise<CoapResponse> {
		return new Transfer(this.#requester, this.#settings, peer, request).run();
	}

	/** The rest of a notification whose first block is here. */
	complete(peer: Peer, request: CoapRequest, first: Message): Promise<CoapResponse> {
		return new Transfer(this.#requester, this.#settings, peer, request).complete(first);
	}

	addObserver(token: Buffer, observer: Observer): void {
		this.#requester.addObserver(token, observer);
	}

	removeObserver(token: Buffer): void {
		this.#requester.removeObserver(token);
	}

	/** Fails the requests under way to this peer. */
	cancelRequests(peerKey: string, why: string): void {
		this.#requester.cancel(peerKey, why);
	}

	async stop(): Promise<void> {
		this.#requester.cancel(undefined, "the server stops");
		this.#layer.stop();
		await this.transport.close();
	}

	async #serve(message: Message, peer: Peer, respond: (response: Content) => void): Promise<void> {
		let reply: Reply;
		try {
			const answer = this.#answer(message, peer);
			// Without the detour through a promise a quick answer is still piggybacked on the ACK.
			reply = answer instanceof Promise ? await answer : answer;
		} catch (error) {
			reply = { code: "5.00", payload: Buffer.from(error instanceof Error ? error.message : String(error)) };
		}
		const { code, options = [], payload = EMPTY } = this.#assembly.cut(message, reply);
		respond({ code, token: message.token, options, payload });
	}

	#answer(message: Message, peer: Peer): Reply | Promise<Reply> {
		const payload = this.#assembly.collect(message, peer.key);
		if (!Buffer.isBuffer(payload)) return payload;
		return this.#handler({
			method: methodOfCode(message.code)!,
			path: optionStrings(message, URI_PATH),
			query: optionStrings(message, URI_QUERY),
			payload,
			format: optionUint(message, CONTENT_FORMAT),
			accept: optionUint(message, ACCEPT),
			isConfirmable: message.type === "CON",
			peer,
			endpoint: this,
		});
	}
}
