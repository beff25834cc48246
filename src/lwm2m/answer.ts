// How the request in hand is answered: piggy-backed on its acknowledgement, or, where a handler has put it off,
// later in a message of its own. RFC 7252 5.2.
import type { Sender } from "../coap/endpoint.js";

import type { Message } from "../coap/message.js";
import { CON, CONTENT_FORMAT, OBSERVE } from "../coap/numbers.js";
import { requestKey } from "../coap/transfer.js";
import { addNumber, beginAnswer, beginSeparate } from "../coap/writer.js";
import type { Session } from "./session.js";

/** A separate response that nobody needs to hear the end of. */
const quiet: Sender = Object.freeze({ onAcknowledged() {}, onReset() {}, onTimeout() {} });

export class Answer {
	/** Whose request it is. */
	session!: Session;
	/** The message in hand. */
	message!: Message;
	/** The Block1 option of the request, -1 for none: every answer repeats it. */
	block1 = -1;
	/** True where the acknowledgement has gone already. */
	isSeparate = false;

	/** Takes up the request in `message`. */
	take(session: Session, isSeparate: boolean): void {
		const { message } = session.endpoint;
		this.session = session;
		this.message = message;
		this.block1 = message.block1;
		this.isSeparate = isSeparate;
	}

	/** Begins the answer in `message`; add options and payload, then `end`. */
	begin(code: number): void {
		const { message } = this;
		const mid = this.isSeparate || message.type !== CON ? this.session.endpoint.nextMid() : 0;
		if (this.isSeparate) beginSeparate(message, code, mid);
		else beginAnswer(message, code, mid);
	}

	/** Begins the answer with content. @param observe the sequence number of an observation, -1 for none */
	beginContent(code: number, observe: number, format: number): void {
		const { message } = this;
		this.begin(code);
		if (observe >= 0) addNumber(message, OBSERVE, observe);
		addNumber(message, CONTENT_FORMAT, format);
	}

	/** Sends it. */
	end(): void {
		const { endpoint } = this.session;
		if (this.isSeparate) {
			// where too much is in flight already it goes once, without being repeated
			if (!endpoint.transmit(quiet)) endpoint.send();
		} else endpoint.answer();
	}

	/** Answers with nothing but a code. @param limitBytes the longest payload, which 4.13 names */
	code(code: number, limitBytes?: number): void {
		this.begin(code);
		if (this.block1 >= 0) this.session.transfer.addBlock1(this.block1, code, limitBytes);
		this.end();
	}

	/**
	 * Answers with a representation that does not fit one datagram, or that the server wants in smaller blocks: its
	 * first block, or the one that the request names. @returns false where it has no such block
	 */
	blocks(bytes: Uint8Array | undefined, code: number, observe: number, format: number, now: number): boolean {
		const { message } = this;
		const { transfer } = this.session;
		if (bytes) transfer.keep(bytes, requestKey(message, message.code), now, format);
		this.begin(code);
		transfer.addTag();
		if (observe >= 0) addNumber(message, OBSERVE, observe);
		addNumber(message, CONTENT_FORMAT, transfer.format);
		if (!transfer.addBlock2(message.block2)) return false;
		this.end();
		return true;
	}
}
