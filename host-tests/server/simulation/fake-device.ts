// A device made of canned answers, for tests of the server: it registers, answers and notifies.

import type { Clock } from "../clock.js";
import type { Reply } from "../coap/assembly.js";
import { CoapEndpoint, type Incoming } from "../coap/endpoint.js";
import { type CoapOption, optionStrings, uintOption } from "../coap/message.js";
import { CONTENT_FORMAT, type CoapSettings, DEFAULT_SETTINGS, LOCATION_PATH, OBSERVE } from "../coap/numbers.js";
import type { CoapRequest, CoapResponse } from "../coap/transfer.js";
import { peerAt, type SimulatedNetwork, type SimulatedTransport } from "./network.js";

export const LINKS = '</>;rt="oma.lwm2m";ct="0 42 60 110 112 11542 11543",</1/0>,</3/0>;ver=1.2,</3303/0>';

export class FakeDevice {
	readonly requests: Incoming[] = [];
	/** To what has no answer of its own: 4.04 unless set. */
	onUnknown: (request: Incoming) => Reply = () => ({ code: "4.04" });
	/** Answers by "METHOD /path". */
	readonly answers = new Map<string, Reply | ((request: Incoming) => Reply | Promise<Reply>)>();
	readonly coap: CoapEndpoint;
	readonly transport: SimulatedTransport;
	readonly #serverPort: number;
	location: string[] = [];

	constructor(
		network: SimulatedNetwork,
		clock: Clock,
		port: number,
		serverPort: number,
		settings: Partial<CoapSettings> = {},
	) {
		this.transport = network.transport(port);
		this.#serverPort = serverPort;
		this.coap = new CoapEndpoint(this.transport, clock, { ...DEFAULT_SETTINGS, ...settings }, (request) => {
			this.requests.push(request);
			const answer = this.answers.get(`${request.method} /${request.path.join("/")}`);
			if (typeof answer === "function") return answer(request);
			return answer ?? this.onUnknown(request);
		});
	}

	send(request: CoapRequest): Promise<CoapResponse> {
		return this.coap.request(peerAt(this.#serverPort), request);
	}

	async register(query: readonly string[], links = LINKS, parts: Partial<CoapRequest> = {}): Promise<CoapResponse> {
		const payload = links === "" ? {} : { payload: Buffer.from(links), format: 40 };
		const response = await this.send({ method: "POST", path: ["rd"], query, ...payload, ...parts });
		this.location = optionStrings(response, LOCATION_PATH);
		return response;
	}

	/** A datagram as it is, for notifications and nonsense. */
	raw(datagram: Buffer): void {
		this.transport.send(datagram, peerAt(this.#serverPort));
	}
}

export function text(value: string): Reply {
	return { code: "2.05", payload: Buffer.from(value), options: [uintOption(CONTENT_FORMAT, 0)] };
}

export function typed(format: number, payload: Buffer, ...more: CoapOption[]): Reply {
	return { code: "2.05", payload, options: [uintOption(CONTENT_FORMAT, format), ...more] };
}

export function observed(sequence: number): CoapOption {
	return uintOption(OBSERVE, sequence);
}
