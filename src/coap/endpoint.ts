// The message layer of CoAP with one peer: message ids, acknowledgements, retransmission, duplicates. RFC 7252 4.
// It knows types and message ids, no tokens and no options.
//
// Memory: TRANSMISSIONS slots whose buffers grow to the messages that they carry, DUPLICATES kept answers of at most
// DUPLICATE_ANSWER_BYTES. Nothing is allocated to receive a message and to answer it.
import { copy } from "../bytes.js";
import { DUPLICATE_ANSWER_BYTES, DUPLICATES, TRANSMISSIONS } from "../config.js";
import * as message from "./message.js";
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
import * as writer from "./writer.js";

/** Whoever sent a confirmable message, told once how it ended. */
export interface Sender {
	/** The peer has it. A piggy-backed response, if any, has been passed to `onResponse` instead. */
	onAcknowledged(): void;
	onReset(): void;
	/** No acknowledgement after all retransmissions. */
	onTimeout(): void;
}

export interface EndpointOptions {
	/** Takes the datagram in `writer.tx`. */
	send(datagram: Uint8Array, lengthBytes: number): void;
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
export interface Traffic {
	sent: number;
	received: number;
	retransmitted: number;
	bytesSent: number;
	bytesReceived: number;
}

export class Endpoint {
	readonly traffic: Traffic = { sent: 0, received: 0, retransmitted: 0, bytesSent: 0, bytesReceived: 0 };
	#options: EndpointOptions;
	#mid: number;
	#transmissions: Transmission[] = [];
	#isAnswered = false;
	/** Answers kept for duplicates, a ring: message ids (-1 is free), when they came, and lengths (0: nothing was sent). */
	#keptMids: number[] = [];
	#keptAt: number[] = [];
	#keptLengths: number[] = [];
	#keptAnswers = new Uint8Array(DUPLICATES * DUPLICATE_ANSWER_BYTES);
	#nextKept = 0;

	constructor(options: EndpointOptions) {
		writer.prepare();
		this.#options = options;
		this.#mid = Math.floor(options.random() * 65536);
		for (let i = 0; i < TRANSMISSIONS; i++)
			this.#transmissions.push({
				sender: undefined,
				mid: 0,
				buffer: new Uint8Array(0),
				length: 0,
				attempts: 0,
				timeoutMs: 0,
				deadline: 0,
			});
		for (let i = 0; i < DUPLICATES; i++) {
			this.#keptMids.push(-1);
			this.#keptAt.push(0);
			this.#keptLengths.push(0);
		}
	}

	/** A message id that has not been used for long. RFC 7252 4.4. */
	nextMid(): number {
		this.#mid = (this.#mid + 1) & 0xffff;
		return this.#mid;
	}

	/** How many confirmable messages await their acknowledgement. */
	get pending(): number {
		let count = 0;
		for (const transmission of this.#transmissions) if (transmission.sender) count++;
		return count;
	}

	/** Takes a datagram from the peer. */
	receive(datagram: Uint8Array, length: number): void {
		const { traffic } = this;
		++traffic.received;
		traffic.bytesReceived += length;
		const verdict = message.parse(datagram, length);
		if (verdict === message.NOT_COAP) return;
		const { type, code, mid } = message;
		if (type === ACK || type === RST) {
			if (verdict === message.OK) this.#settle(type, code, mid);
			return;
		}
		if (verdict === message.FORMAT_ERROR || code === 0) {
			if (type === CON) this.#sendEmpty(RST);
			return;
		}
		if (code > 0x1f) this.#receiveResponse(verdict, type, mid);
		else if (code === GET || code === FETCH) this.#options.onRequest(verdict);
		else if (!this.#isDuplicate(type, mid)) {
			this.#isAnswered = false;
			this.#keep(mid);
			this.#options.onRequest(verdict);
		}
	}

	/** Sends what has been built in `writer.tx` as the answer to the request in hand, and keeps it for duplicates. */
	answer(): void {
		const { txLength } = writer;
		const { code } = message;
		if (code !== GET && code !== FETCH && !this.#isAnswered) {
			this.#isAnswered = true;
			const slot = (this.#nextKept + DUPLICATES - 1) % DUPLICATES;
			if (txLength <= DUPLICATE_ANSWER_BYTES) {
				copy(this.#keptAnswers, slot * DUPLICATE_ANSWER_BYTES, writer.tx, 0, txLength);
				this.#keptLengths[slot] = txLength;
			}
		}
		this.#send(writer.tx, txLength);
	}

	/** Sends an empty ACK for the request in hand: the response comes separately. RFC 7252 5.2.2. */
	acknowledge(): void {
		if (message.type !== CON) return;
		writer.beginEmpty(ACK);
		this.answer();
	}

	/** Sends what has been built in `writer.tx` and is not confirmable. */
	send(): void {
		this.#send(writer.tx, writer.txLength);
	}

	/**
	 * Sends the confirmable message that has been built in `writer.tx`, again and again until it is acknowledged.
	 * @returns false where TRANSMISSIONS are under way: nothing was sent
	 */
	transmit(sender: Sender): boolean {
		for (const transmission of this.#transmissions) {
			if (transmission.sender) continue;
			const { tx, txLength } = writer;
			if (transmission.buffer.length < txLength) transmission.buffer = new Uint8Array(txLength);
			copy(transmission.buffer, 0, tx, 0, txLength);
			transmission.sender = sender;
			transmission.mid = (tx[2]! << 8) | tx[3]!;
			transmission.length = txLength;
			transmission.attempts = 0;
			transmission.timeoutMs =
				(this.#options.ackTimeoutMs ?? ACK_TIMEOUT) * (1 + this.#options.random() * (ACK_RANDOM_FACTOR - 1));
			transmission.deadline = this.#options.now() + transmission.timeoutMs;
			this.#send(tx, txLength);
			return true;
		}
		return false;
	}

	/** Gives up a sender's messages without telling it. */
	cancel(sender: Sender): void {
		for (const transmission of this.#transmissions) if (transmission.sender === sender) transmission.sender = undefined;
	}

	/** Retransmits what is due. @returns when it wants to be called again; Infinity: not before something is sent */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		for (const transmission of this.#transmissions) {
			const { sender } = transmission;
			if (!sender) continue;
			if (transmission.deadline <= now) {
				if (transmission.attempts >= MAX_RETRANSMIT) {
					transmission.sender = undefined;
					sender.onTimeout();
					continue;
				}
				transmission.attempts++;
				transmission.timeoutMs *= 2;
				transmission.deadline = now + transmission.timeoutMs;
				this.traffic.retransmitted++;
				this.#send(transmission.buffer, transmission.length);
			}
			if (transmission.deadline < next) next = transmission.deadline;
		}
		return next;
	}

	#send(datagram: Uint8Array, length: number): void {
		const { traffic } = this;
		++traffic.sent;
		traffic.bytesSent += length;
		this.#options.send(datagram, length);
	}

	#sendEmpty(type: number): void {
		writer.beginEmpty(type);
		this.#send(writer.tx, writer.txLength);
	}

	/** An ACK or RST: ends the transmission of that message id. RFC 7252 4.2. */
	#settle(type: number, code: number, mid: number): void {
		for (const transmission of this.#transmissions) {
			const { sender } = transmission;
			if (!sender || transmission.mid !== mid) continue;
			transmission.sender = undefined;
			if (type === RST) sender.onReset();
			else if (code === 0) sender.onAcknowledged();
			else this.#options.onResponse(sender);
			return;
		}
		if (type === RST) this.#options.onReset(mid);
	}

	/** A separate response, RFC 7252 5.2.2: acknowledged when awaited, rejected else. */
	#receiveResponse(verdict: number, type: number, mid: number): void {
		if (this.#isDuplicate(type, mid)) return;
		if (verdict !== message.OK || type === NON) {
			if (verdict === message.OK) this.#options.onResponse(undefined);
			else if (type === CON) this.#sendEmpty(RST);
			return;
		}
		this.#keep(mid);
		this.#isAnswered = false;
		const isAwaited = this.#options.onResponse(undefined);
		this.#acknowledgeResponse(mid, isAwaited ? ACK : RST);
	}

	#acknowledgeResponse(mid: number, type: number): void {
		const { tx } = writer;
		tx[0] = 0x40 | (type << 4);
		tx[1] = 0;
		tx[2] = mid >> 8;
		tx[3] = mid;
		writer.setLength(4);
		this.answer();
	}

	/** True where the message id was seen within EXCHANGE_LIFETIME; a confirmable one gets the same answer again. */
	#isDuplicate(type: number, mid: number): boolean {
		const slot = this.#keptMids.indexOf(mid);
		if (slot < 0) return false;
		if (this.#options.now() - this.#keptAt[slot]! > EXCHANGE_LIFETIME) {
			this.#keptMids[slot] = -1;
			return false;
		}
		const length = this.#keptLengths[slot]!;
		if (type === CON && length > 0) {
			copy(writer.tx, 0, this.#keptAnswers, slot * DUPLICATE_ANSWER_BYTES, slot * DUPLICATE_ANSWER_BYTES + length);
			this.#send(writer.tx, length);
		}
		return true;
	}

	#keep(mid: number): void {
		const slot = this.#nextKept;
		this.#nextKept = (slot + 1) % DUPLICATES;
		this.#keptMids[slot] = mid;
		this.#keptAt[slot] = this.#options.now();
		this.#keptLengths[slot] = 0;
	}
}
