// The token layer: our requests and the responses to them, block-wise where they are large. RFC 7252 5.3, RFC 7959.
//
// A token is empty while that is unambiguous: one request at a time, and none lately that ended without an answer, which
// may still come, or with a separate one, which may come twice (RFC 7252 5.3.1). Else it is one byte.
// Memory: EXCHANGES records; a block-wise request keeps a copy of its options and its payload until it ends.

import { copy } from "../bytes.js";
import { BLOCK_SZX, EXCHANGES } from "../config.js";
import { blockBytes, blockNumber, blockOption, blockSzx } from "./block.js";
import type { Endpoint, Sender } from "./endpoint.js";
import type { Message } from "./message.js";

import {
	BLOCK1,
	CON,
	CONTINUE,
	EXCHANGE_LIFETIME,
	MAX_TRANSMIT_WAIT,
	REQUEST_ENTITY_INCOMPLETE,
	REQUEST_ENTITY_TOO_LARGE,
	SIZE1,
} from "./numbers.js";
import { addEncoded, addNumber, addPayload, begin } from "./writer.js";

/** Room that a block needs beside the other options: Block1, Size1 and the payload marker. */
const BLOCK_HEADER_BYTES = 12;

/** Outcomes that are not a response code. */
export const TIMED_OUT = 0;
export const WAS_RESET = -1;

/** Whoever made a request. */
export interface Requester {
	/**
	 * The request has ended.
	 * @param outcome the response code (the response is in `message`), TIMED_OUT or WAS_RESET; CONTINUE is a failure:
	 * the server took a block that it was not sent
	 */
	onOutcome(outcome: number): void;
}

/** A payload that goes in blocks, and the options that go with each: kept apart from small requests, which are most. */
interface Blocks {
	payload: Uint8Array;
	/** The encoded options, all below BLOCK1, and the number of the last one. */
	options: Uint8Array;
	lastOption: number;
	code: number;
	/** Bytes that the server has. */
	sent: number;
	szx: number;
	hasRestarted: boolean;
}

class Exchange implements Sender {
	requester: Requester;
	/** -1: the empty token. */
	token: number;
	/** While a separate response is awaited: until when. Infinity: the endpoint is still retransmitting. */
	deadline = Number.POSITIVE_INFINITY;
	blocks: Blocks | undefined;
	#owner: Exchanges;

	constructor(owner: Exchanges, requester: Requester, token: number, blocks: Blocks | undefined) {
		this.#owner = owner;
		this.requester = requester;
		this.token = token;
		this.blocks = blocks;
	}

	onAcknowledged(): void {
		this.#owner.awaitSeparate(this);
	}

	onReset(): void {
		this.#owner.end(this, WAS_RESET);
	}

	onTimeout(): void {
		this.#owner.end(this, TIMED_OUT);
	}
}

export class Exchanges {
	#endpoint: Endpoint;
	#now: () => number;
	#exchanges: Exchange[] = [];
	#token = new Uint8Array(1);
	#nextToken: number;
	/** Until when an answer to an abandoned request with the empty token may come. */
	#emptyTokenBlockedUntil = Number.NEGATIVE_INFINITY;

	constructor(endpoint: Endpoint, now: () => number, random: () => number) {
		this.#endpoint = endpoint;
		this.#now = now;
		this.#nextToken = Math.floor(random() * 256);
	}

	/** Requests that await their response. NSTART (RFC 7252 4.7) is the caller's to keep. */
	get pending(): number {
		return this.#exchanges.length;
	}

	/**
	 * Begins a request in `message`: add options, then the payload, then `send` or `sendBlocks`.
	 * @param most how many may be under way at a time; the registration has one more than the others
	 * @returns false where that many, or more, are under way
	 */
	begin(code: number, most: number = EXCHANGES): boolean {
		if (this.#exchanges.length >= most) return false;
		this.#beginMessage(code, this.#chooseToken());
		return true;
	}

	/** Sends what has been begun. @returns false where the endpoint is busy: nothing was sent, nobody will be told */
	send(requester: Requester): boolean {
		return this.#open(requester, undefined);
	}

	/**
	 * Sends what has been begun, with a payload that goes in blocks. What has been begun holds options below BLOCK1 and
	 * no payload. The payload belongs to the exchange from now on.
	 * @returns as `send` does
	 */
	sendBlocks(requester: Requester, payload: Uint8Array): boolean {
		const { message } = this.#endpoint;
		const { tx, txLength, lastOption } = message;
		const start = 4 + (tx[0]! & 15);
		let szx = BLOCK_SZX;
		while (szx > 0 && txLength + BLOCK_HEADER_BYTES + blockBytes(szx) > tx.length) --szx;
		if (txLength + BLOCK_HEADER_BYTES + blockBytes(szx) > tx.length) return false;
		const options = new Uint8Array(txLength - start);
		copy(options, 0, tx, start, txLength);
		const blocks: Blocks = { payload, options, lastOption, code: tx[1]!, sent: 0, szx, hasRestarted: false };
		this.#addBlock(blocks);
		return this.#open(requester, blocks);
	}

	/** True where the sender of a message is a request of the requester. */
	isOf(sender: Sender | undefined, requester: Requester): boolean {
		return sender instanceof Exchange && sender.requester === requester;
	}

	/** Forgets a requester's requests without telling it. */
	cancel(requester: Requester): void {
		for (const exchange of this.#exchanges.slice())
			if (exchange.requester === requester) {
				this.#endpoint.cancel(exchange);
				this.#remove(exchange, true);
			}
	}

	/** For `EndpointOptions.onResponse`. */
	onResponse(sender: Sender | undefined): boolean {
		const { message } = this.#endpoint;
		const exchange = this.#match(sender);
		if (!exchange) return false;
		const { blocks } = exchange;
		if (!sender) {
			// a separate 2.31 that comes again, when another block is under way
			if (blocks && message.code === CONTINUE && !isTaken(message, blocks)) return true;
			this.#endpoint.cancel(exchange);
		}
		if (blocks && this.#continue(exchange, blocks)) return true;
		this.#remove(exchange, !sender);
		exchange.requester.onOutcome(message.code);
		return true;
	}

	/** Ends what has waited too long. @returns when it wants to be called again */
	step(now: number): number {
		let next = Number.POSITIVE_INFINITY;
		for (let i = this.#exchanges.length - 1; i >= 0; --i) {
			const exchange = this.#exchanges[i];
			if (!exchange) continue; // whoever was told of a time-out has cancelled others
			if (exchange.deadline <= now) this.end(exchange, TIMED_OUT);
			else if (exchange.deadline < next) next = exchange.deadline;
		}
		return next;
	}

	/** For Exchange alone: the request has arrived, the response comes separately. */
	awaitSeparate(exchange: Exchange): void {
		exchange.deadline = this.#now() + MAX_TRANSMIT_WAIT;
	}

	/** For Exchange alone: ends it without a response. */
	end(exchange: Exchange, outcome: number): void {
		this.#endpoint.cancel(exchange);
		this.#remove(exchange, outcome === TIMED_OUT);
		exchange.requester.onOutcome(outcome);
	}

	#beginMessage(code: number, token: number): void {
		const { message } = this.#endpoint;
		this.#token[0] = token;
		begin(message, CON, code, this.#endpoint.nextMid(), this.#token, token < 0 ? 0 : 1);
	}

	#open(requester: Requester, blocks: Blocks | undefined): boolean {
		const { message } = this.#endpoint;
		const exchange = new Exchange(this, requester, (message.tx[0]! & 15) === 0 ? -1 : this.#token[0]!, blocks);
		if (!this.#endpoint.transmit(exchange)) return false;
		this.#exchanges.push(exchange);
		return true;
	}

	#chooseToken(): number {
		if (this.#exchanges.length === 0 && this.#now() >= this.#emptyTokenBlockedUntil) return -1;
		do this.#nextToken = (this.#nextToken + 1) & 0xff;
		while (this.#exchanges.some((exchange) => exchange.token === this.#nextToken));
		return this.#nextToken;
	}

	/** The exchange that the response in `message` belongs to: by token, and piggy-backed by message id as well. */
	#match(sender: Sender | undefined): Exchange | undefined {
		const { message } = this.#endpoint;
		const { tokenLength, rx } = message;
		if (tokenLength > 1) return undefined;
		const token = tokenLength === 0 ? -1 : rx[4]!;
		for (let i = this.#exchanges.length - 1; i >= 0; --i) {
			const exchange = this.#exchanges[i]!;
			if (exchange.token === token && (!sender || exchange === sender)) return exchange;
		}
		return undefined;
	}

	#remove(exchange: Exchange, mayAnswerStillCome: boolean): void {
		const index = this.#exchanges.indexOf(exchange);
		if (index >= 0) this.#exchanges.splice(index, 1);
		if (mayAnswerStillCome && exchange.token < 0) this.#emptyTokenBlockedUntil = this.#now() + EXCHANGE_LIFETIME;
	}

	/** The server has taken a block: sends the next. @returns false where the response is the final one */
	#continue(exchange: Exchange, blocks: Blocks): boolean {
		const { message } = this.#endpoint;
		const { code, block1 } = message;
		if (code === CONTINUE && block1 >= 0) {
			if (!isTaken(message, blocks)) return false;
			blocks.sent += blockBytes(blocks.szx);
			blocks.szx = blockSzx(block1);
		} else if (code === REQUEST_ENTITY_TOO_LARGE && block1 >= 0 && blocks.sent === 0 && blockSzx(block1) < blocks.szx)
			blocks.szx = blockSzx(block1);
		else if (code === REQUEST_ENTITY_INCOMPLETE && !blocks.hasRestarted) {
			blocks.hasRestarted = true;
			blocks.sent = 0;
		} else return false;
		if (blocks.sent >= blocks.payload.length) return false;
		exchange.deadline = Number.POSITIVE_INFINITY;
		this.#beginMessage(blocks.code, exchange.token);
		addEncoded(message, blocks.options, 0, blocks.options.length, blocks.lastOption);
		this.#addBlock(blocks);
		if (!this.#endpoint.transmit(exchange)) this.end(exchange, TIMED_OUT);
		return true;
	}

	#addBlock(blocks: Blocks): void {
		const { message } = this.#endpoint;
		const { payload, sent, szx } = blocks;
		const size = blockBytes(szx);
		const stop = Math.min(sent + size, payload.length);
		addNumber(message, BLOCK1, blockOption(sent / size, stop < payload.length, szx));
		if (sent === 0) addNumber(message, SIZE1, payload.length);
		addPayload(message, payload, sent, stop);
	}
}

/** True where the response in `message` names the block that was sent last, of its size or a smaller one from now on. */
function isTaken(message: Message, blocks: Blocks): boolean {
	const { block1 } = message;
	return block1 >= 0 && blockSzx(block1) <= blocks.szx && blockNumber(block1) * blockBytes(blocks.szx) === blocks.sent;
}
