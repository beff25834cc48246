// The message layer of CoAP with one peer: message ids, acknowledgements, retransmission, duplicates. RFC 7252 4.
// It knows types and message ids, no tokens and no options.
//
// Memory: TRANSMISSIONS slots whose buffers grow to the messages that they carry, DUPLICATES kept answers of at most
// DUPLICATE_ANSWER_BYTES. Nothing is allocated to receive a message and to answer it.
import { copy } from "../bytes.js";
import { DUPLICATE_ANSWER_BYTES, DUPLICATES, TRANSMISSIONS } from "../config.js";

import { FORMAT_ERROR, type Message, NOT_COAP, OK, OPTION_ERROR } from "./message.js";
import {
	ACK,
	ACK_RANDOM_FACTOR,
	ACK_TIMEOUT,
	CON,
	EXCHANGE_LIFETIME,
	FETCH,
	GET,
	MAX_RETRANSMIT,
	NON,
	RST,
} from "./numbers.js";
import { parse } from "./parse.js";
import { begin, beginEmpty } from "./writer.js";

/** Whoever sent a confirmable message, told once how it ended. */
export interface Sender {
	/** The peer has it. A piggy-backed response, if any, has been passed to `onResponse` instead. */
	onAcknowledged(): void;
	onReset(): void;
	/** No acknowledgement after all retransmissions. */
	onTimeout(): void;
}

export interface EndpointOptions {
	/** What is received is parsed in, and what is sent is built in: one for all endpoints. */
	message: Message;
	/** Takes the datagram in `message.tx`. @param sender whose it is, where it is confirmable */
	send(datagram: Uint8Array, lengthBytes: number, sender: Sender | undefined): void;
	now(): number;
	/** 0 <= random() < 1 */
	random(): number;
	/** A request (in `message`), new or one whose repetition does no harm; answer it with `endpoint.answer()`. */
	onRequest(verdict: number): void;
	/**
	 * A response (in `message`): piggy-backed, and then `sender` is whose it is, or separate.
	 * @returns false where nobody waits for it
	 */
	onResponse(sender: Sender | undefined): boolean;
	/** RST for a message that was not confirmable. */
	onReset(mid: number): void;
	/** First timeout of a confirmable message, ms. Default ACK_TIMEOUT. */
	ackTimeoutMs?: number;
	/** Confirmable messages in flight, 1 or more. Default TRANSMISSIONS. */
	transmissions?: number;
	/** Answers and message ids kept for duplicates, 1 or more. Default DUPLICATES. */
	duplicates?: number;
}

interface Transmission {
	sender: Sender | undefined;
	mid: number;
	buffer: Uint8Array;
	length: number;
	attempts: number;
	timeoutMs: number;
	deadline: number;
}

/** What has passed, for `lwm2m stats`. */
export class Traffic {
	sent = 0;
	received = 0;
	retransmitted = 0;
	/** By kind: empty, requests, piggy-backed responses, notifications and separate responses. */
	readonly bytesSentBy: number[] = [0, 0, 0, 0];
	readonly bytesReceivedBy: number[] = [0, 0, 0, 0];

	get bytesSent(): number {
		return this.bytesSentBy.reduce((sum, bytes) => sum + bytes, 0);
	}

	get bytesReceived(): number {
		return this.bytesReceivedBy.reduce((sum, bytes) => sum + bytes, 0);
	}
}

export class Endpoint {
	/** The message in hand. */
	readonly message: Message;
	readonly traffic = new Traffic();
	#options: EndpointOptions;
	#mid: number;
	#transmissions: Transmission[] = [];
	/** How many of them are under way. */
	#pending = 0;
	/** Where the answer to the request in hand will be kept, -1: nowhere. */
	#slot = -1;
	/** Answers kept for duplicates, a ring: message ids (-1 is free), when they came, and lengths (0: nothing was sent). */
	#keptMids: number[];
	#keptAt: number[];
	#keptLengths: number[];
	#keptAnswers: Uint8Array;
	#nextKept = 0;

	constructor(options: EndpointOptions) {
		this.message = options.message;
		this.#options = options;
		this.#mid = Math.floor(options.random() * 65536);
		const { transmissions = TRANSMISSIONS, duplicates = DUPLICATES } = options;
		this.#keptMids = new Array<number>(duplicates).fill(-1);
		this.#keptAt = new Array<number>(duplicates).fill(0);
		this.#keptLengths = new Array<number>(duplicates).fill(0);
		this.#keptAnswers = new Uint8Array(duplicates * DUPLICATE_ANSWER_BYTES);
		for (let i = 0; i < transmissions; i++)
			this.#transmissions.push({
				sender: undefined,
				mid: 0,
				buffer: new Uint8Array(0),
				length: 0,
				attempts: 0,
				timeoutMs: 0,
				deadline: 0,
			});
	}

	/** A message id that has not been used for long. RFC 7252 4.4. */
	nextMid(): number {
		this.#mid = (this.#mid + 1) & 0xffff;
		return this.#mid;
	}

	/** How many confirmable messages await their acknowledgement. */
	get pending(): number {
		return this.#pending;
	}

	/** Takes a datagram from the peer. */
	receive(datagram: Uint8Array, length: number): void {
		const message = this.message;
		const traffic = this.traffic;
		const now = this.#options.now();
		message.now = now;
		const verdict = parse(message, datagram, length);
		const type = message.type; // taken now: a callback may parse another message
		const code = message.code;
		++traffic.received;
		traffic.bytesReceivedBy[verdict === NOT_COAP ? 0 : kindOf(code, type)]! += length;
		if (verdict === NOT_COAP) return;
		const mid = message.mid;
		if (type > NON || (code !== GET && code !== 0) || message.observe >= 0) message.isStirred = true;
		if (type > NON) {
			if (verdict === OK) this.#settle(type, code, mid);
		} else if (verdict === FORMAT_ERROR || code === 0) {
			this.#slot = -1;
			if (type === CON) this.#sendEmpty(RST, mid);
		} else if (code > 0x1f) this.#receiveResponse(verdict, type, mid, now);
		else if (verdict === OPTION_ERROR && type === NON) return;
		else if (code === GET || code === FETCH) {
			this.#slot = -1;
			this.#options.onRequest(verdict);
		} else if (!this.#isDuplicate(type, mid, now)) {
			this.#slot = this.#keep(mid, now);
			this.#options.onRequest(verdict);
		}
	}

	/** Sends what has been built in `message.tx` as the answer to the request in hand, and keeps it for duplicates. */
	answer(): void {
		const { message } = this;
		const { tx, txLength } = message;
		const slot = this.#slot;
		if (slot >= 0) {
			this.#slot = -1;
			if (txLength <= DUPLICATE_ANSWER_BYTES) {
				copy(this.#keptAnswers, slot * DUPLICATE_ANSWER_BYTES, tx, 0, txLength);
				this.#keptLengths[slot] = txLength;
			}
		}
		this.#send(tx, txLength);
	}

	/** Sends an empty ACK for the request in hand: the response comes separately. RFC 7252 5.2.2. */
	acknowledge(): void {
		const { message } = this;
		if (message.type !== CON) return;
		beginEmpty(message, ACK);
		this.answer();
	}

	/** Sends what has been built in `message.tx` and is not confirmable. */
	send(): void {
		const { message } = this;
		this.#send(message.tx, message.txLength);
	}

	/**
	 * Sends the confirmable message that has been built in `message.tx`, again and again until it is acknowledged.
	 * @returns false where TRANSMISSIONS are under way: nothing was sent
	 */
	transmit(sender: Sender): boolean {
		const { message } = this;
		if (this.#pending === this.#transmissions.length) return false;
		let i = 0;
		while (this.#transmissions[i]!.sender) ++i;
		const transmission = this.#transmissions[i]!;
		const { tx, txLength } = message;
		if (transmission.buffer.length < txLength) transmission.buffer = new Uint8Array(txLength);
		copy(transmission.buffer, 0, tx, 0, txLength);
		transmission.sender = sender;
		transmission.mid = (tx[2]! << 8) | tx[3]!;
		transmission.length = txLength;
		transmission.attempts = 0;
		transmission.timeoutMs =
			(this.#options.ackTimeoutMs ?? ACK_TIMEOUT) * (1 + this.#options.random() * (ACK_RANDOM_FACTOR - 1));
		transmission.deadline = this.#options.now() + transmission.timeoutMs;
		++this.#pending;
		this.#send(tx, txLength, sender);
		return true;
	}

	/** True while the confirmable message of that message id awaits its acknowledgement. */
	awaits(mid: number): boolean {
		for (const { sender, mid: one } of this.#transmissions) if (sender && one === mid) return true;
		return false;
	}

	/** Gives up a sender's messages without telling it. */
	cancel(sender: Sender): void {
		for (const transmission of this.#transmissions) if (transmission.sender === sender) this.#end(transmission);
	}

	/** Retransmits what is due. @returns when it wants to be called again; Infinity: not before something is sent */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		if (this.#pending === 0) return next;
		let isGivenUp = false;
		for (let i = 0, n = this.#transmissions.length; i < n; ++i) {
			const transmission = this.#transmissions[i]!;
			const { sender } = transmission;
			if (!sender) continue;
			if (transmission.deadline <= now) {
				if (transmission.attempts >= MAX_RETRANSMIT) {
					this.#end(transmission);
					sender.onTimeout();
					isGivenUp = true;
					continue;
				}
				++transmission.attempts;
				transmission.timeoutMs *= 2;
				transmission.deadline = now + transmission.timeoutMs;
				++this.traffic.retransmitted;
				this.#send(transmission.buffer, transmission.length, sender);
			}
			if (transmission.deadline < next) next = transmission.deadline;
		}
		// whoever was told may have sent something, in a slot that was passed already
		return isGivenUp ? this.step(now) : next;
	}

	#end(transmission: Transmission): void {
		transmission.sender = undefined;
		--this.#pending;
	}

	#send(datagram: Uint8Array, length: number, sender?: Sender): void {
		const traffic = this.traffic;
		++traffic.sent;
		traffic.bytesSentBy[kindOf(datagram[1]!, (datagram[0]! >> 4) & 3)]! += length;
		this.#options.send(datagram, length, sender);
	}

	#sendEmpty(type: number, mid: number): void {
		const { message } = this;
		begin(message, type, 0, mid, message.tx, 0);
		this.answer();
	}

	/** An ACK or RST: ends the transmission of that message id. RFC 7252 4.2. */
	#settle(type: number, code: number, mid: number): void {
		// an RST is empty, and an ACK is no request
		if (type === RST ? code !== 0 : code !== 0 && code <= 0x1f) return;
		for (let i = 0, n = this.#transmissions.length; i < n; ++i) {
			const transmission = this.#transmissions[i]!;
			const { sender } = transmission;
			if (!sender || transmission.mid !== mid) continue;
			this.#end(transmission);
			if (type === RST) sender.onReset();
			else if (code === 0) sender.onAcknowledged();
			else if (!this.#options.onResponse(sender)) {
				// another token: the answer to a message of an earlier life, RFC 7252 5.3.2
				transmission.sender = sender;
				++this.#pending;
			}
			return;
		}
		if (type === RST) this.#options.onReset(mid);
	}

	/** A separate response, RFC 7252 5.2.2: acknowledged when awaited, rejected else. */
	#receiveResponse(verdict: number, type: number, mid: number, now: number): void {
		if (this.#isDuplicate(type, mid, now)) return;
		this.#slot = -1;
		if (type === NON) {
			if (verdict === OK && this.#options.onResponse(undefined)) this.#keep(mid, now);
			return;
		}
		const slot = this.#keep(mid, now);
		const isAwaited = verdict === OK && this.#options.onResponse(undefined);
		this.#slot = slot;
		this.#sendEmpty(isAwaited ? ACK : RST, mid);
	}

	/** True where the message id was seen within EXCHANGE_LIFETIME; a confirmable one gets the same answer again. */
	#isDuplicate(type: number, mid: number, now: number): boolean {
		const slot = this.#keptMids.indexOf(mid);
		if (slot < 0) return false;
		if (now - this.#keptAt[slot]! > EXCHANGE_LIFETIME) {
			this.#keptMids[slot] = -1;
			return false;
		}
		const length = this.#keptLengths[slot]!;
		if (type === CON && length > 0) {
			const { tx } = this.message;
			copy(tx, 0, this.#keptAnswers, slot * DUPLICATE_ANSWER_BYTES, slot * DUPLICATE_ANSWER_BYTES + length);
			this.#send(tx, length);
		}
		return true;
	}

	/** Notes the message id. @returns the slot of its answer */
	#keep(mid: number, now: number): number {
		const slot = this.#nextKept;
		this.#nextKept = (slot + 1) % this.#keptMids.length;
		this.#keptMids[slot] = mid;
		this.#keptAt[slot] = now;
		this.#keptLengths[slot] = 0;
		return slot;
	}
}

/** The index of a message's kind in `Traffic`. */
function kindOf(code: number, type: number): number {
	return code === 0 ? 0 : code < 0x20 ? 1 : type === ACK ? 2 : 3;
}
