// Bootstrap-Pack of LwM2M 1.2: the whole configuration is the answer to one request, in blocks where it is large.
// OMA-TS-LightweightM2M_Core-V1_2_1 6.1.7.9. Of the objects 0, 1 and 2 that it names nothing else stays but the account
// of the bootstrap server; to others it adds. RAM: REPRESENTATION_BYTES while the blocks of one come in.
import { hash } from "../bytes.js";
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore } from "../coap/block.js";
import { type Requester, TIMED_OUT } from "../coap/exchange.js";

import { ACCEPT, BLOCK2, CONTENT, GET, URI_PATH, URI_QUERY } from "../coap/numbers.js";
import { addNumber, addText } from "../coap/writer.js";
import { END, RECORD, SENML_CBOR } from "../codec/codec.js";
import { codecOf } from "../codec/codecs.js";
import { setBase } from "../codec/record.js";
import { REPRESENTATION_BYTES } from "../config.js";
import { isBootstrap, SECURITY } from "./accounts.js";
import { isStorable, storeValues } from "./bootstrap-values.js";
import type { Model } from "./model.js";
import { outcomeText } from "./outcome.js";
import type { Session } from "./session.js";
import type { Snapshot } from "./snapshot.js";

const ACCESS_CONTROL = 2;
const RESERVED_SZX = 7;

export interface BootstrapPackOptions {
	session: Session;
	endpointName: string;
	model: Model;
	/** Keeps what is about to change. */
	snapshot: Snapshot;
	/** What is wrong with the configuration, in one line; undefined where it is whole. */
	check(): string | undefined;
}

export class BootstrapPack implements Requester {
	/**
	 * Told how it has ended: undefined where the configuration is in place, else why not, in one line; nothing has
	 * changed then. `isAnswered`: the server has said something, so that another request can be tried.
	 */
	onEnd: ((problem: string | undefined, isAnswered: boolean) => void) | undefined;
	#options: BootstrapPackOptions;
	#bytes: Uint8Array | undefined;
	#length = 0;
	#tag = 0;

	constructor(options: BootstrapPackOptions) {
		this.#options = options;
	}

	/** Asks for the pack. @returns false where the request cannot be sent */
	request(): boolean {
		this.#bytes = undefined;
		this.#length = 0;
		return this.#get(-1);
	}

	cancel(): void {
		this.#options.session.exchanges.cancel(this);
		this.#bytes = undefined;
	}

	onOutcome(outcome: number): void {
		const { message } = this.#options.session.endpoint;
		const { block2, rx, payloadStart, end, etagAt, etagLength } = message;
		if (outcome !== CONTENT) this.#end(outcomeText(outcome), outcome > TIMED_OUT);
		else if (block2 < 0) this.#end(this.#apply(rx, payloadStart, end), true);
		else {
			const tag = etagLength > 0 ? hash(rx, etagAt, etagAt + etagLength) : 0;
			const szx = blockSzx(block2);
			const length = this.#length + end - payloadStart;
			this.#bytes ??= new Uint8Array(REPRESENTATION_BYTES);
			if (szx === RESERVED_SZX || blockNumber(block2) * blockBytes(szx) !== this.#length)
				this.#end("its blocks do not follow each other", true);
			else if (this.#length > 0 && tag !== this.#tag) this.#end("it has changed meanwhile", true);
			else if (length > REPRESENTATION_BYTES) this.#end(`it has more than ${REPRESENTATION_BYTES} bytes`, true);
			else {
				this.#bytes.set(rx.subarray(payloadStart, end), this.#length);
				this.#length = length;
				this.#tag = tag;
				if (!hasMore(block2)) this.#end(this.#apply(this.#bytes, 0, length), true);
				else if (!this.#get(blockOption(blockNumber(block2) + 1, false, szx)))
					this.#end("no room for a request", false);
			}
		}
	}

	#get(block: number): boolean {
		const { message } = this.#options.session.endpoint;
		const { session, endpointName } = this.#options;
		if (!session.exchanges.begin(GET)) return false;
		addText(message, URI_PATH, "bspack");
		addText(message, URI_QUERY, `ep=${endpointName}`);
		addNumber(message, ACCEPT, SENML_CBOR);
		if (block >= 0) addNumber(message, BLOCK2, block);
		return session.exchanges.send(this);
	}

	#end(problem: string | undefined, isAnswered: boolean): void {
		this.#bytes = undefined;
		this.onEnd?.(problem, isAnswered);
	}

	/** Puts the pack in place. @returns what is wrong with it, in one line; nothing has changed then */
	#apply(bytes: Uint8Array, start: number, end: number): string | undefined {
		const { message } = this.#options.session.endpoint;
		const { model, snapshot, check } = this.#options;
		const { record } = model;
		const codec = codecOf(message.format < 0 ? SENML_CBOR : message.format);
		if (!codec || codec.isSingle) return `its content format is ${message.format}`;
		/** The instances that it has, by object. */
		const named: number[][] = [];
		setBase(record, -1, -1, -1, -1);
		codec.open(record, bytes, start, end);
		for (let found = codec.next(record); found !== END; found = codec.next(record)) {
			if (found !== RECORD || record.object < 0 || record.instance < 0) return "it is malformed";
			const { object, instance, resource } = record;
			const node = model.objects[object];
			// what the device does not know is passed over
			if (!node) continue;
			if (!isStorable(record, node, codec)) return `/${object}/${instance}/${resource} cannot be stored`;
			named[object] ??= [];
			if (!named[object].includes(instance)) named[object].push(instance);
		}
		let problem: string | undefined;
		model.beginBatch();
		named.forEach((ids, object) => {
			const { definition, instances, instanceIds } = model.objects[object]!;
			snapshot.keep(model, object);
			if (object <= ACCESS_CONTROL)
				for (const id of instanceIds.slice())
					if (ids.includes(id) || object !== SECURITY || !isBootstrap(model, id)) model.deleteInstance(object, id);
			for (const id of ids)
				if (instances[id] === undefined && ((definition.isSingle && id > 0) || !model.createInstance(object, id)))
					problem = `/${object}/${id} is one instance too many`;
		});
		if (problem === undefined) {
			storeValues(model, codec, bytes, start, end, false);
			problem = check();
		}
		if (problem !== undefined) snapshot.restore(model);
		model.endBatch();
		return problem;
	}
}
