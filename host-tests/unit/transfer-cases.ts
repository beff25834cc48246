// A transfer with a message in hand, for the tests of it.
import { blockBytes, blockNumber, blockOption, blockSzx, hasMore } from "../../src/coap/block.js";
import { OK } from "../../src/coap/message.js";
import { BLOCK1, BLOCK2, CONTENT, CONTENT_FORMAT, GET, PUT, SIZE1, SIZE2 } from "../../src/coap/numbers.js";
import { parse as messageParse } from "../../src/coap/parse.js";
import { requestKey, Transfer } from "../../src/coap/transfer.js";
import { addNumber, beginAnswer, isWhole } from "../../src/coap/writer.js";
import { type CoapFields, type CoapMessage, datagram, integers, parse } from "../support/coap.js";
import { equal, ok } from "../support/test.js";
import { message } from "./in-hand.js";

export const SIZES = [16, 32, 64, 128, 256, 512, 1024];

export function bytesOf(length: number, seed = 7): Uint8Array {
	return new Uint8Array(length).map((_, index) => (index * seed + (index >> 8)) & 0xff);
}

export function option(number: number, isMore: boolean, bytes: number): number {
	return blockOption(number, isMore, Math.log2(bytes) - 4);
}

export function take(fields: CoapFields): void {
	const bytes = datagram(fields);
	equal(messageParse(message, bytes, bytes.length), OK);
}

/** A transfer whose server is the test. */
export class Bench {
	now = 1_000_000;
	readonly transfer = new Transfer(message);

	/** The server sends the block `number` of a payload in blocks of `bytes`. @returns what the transfer says of it */
	put(payload: Uint8Array, number: number, bytes: number, fields: Partial<CoapFields> = {}): number {
		const stop = Math.min((number + 1) * bytes, payload.length);
		take({
			code: PUT,
			path: "5/0/0",
			format: 42,
			block1: option(number, stop < payload.length, bytes),
			payload: payload.slice(number * bytes, stop),
			...fields,
		});
		return this.transfer.receive(this.now);
	}

	/** The whole payload as the transfer has it. */
	get payload(): Uint8Array {
		return this.transfer.bytes.slice(this.transfer.start, this.transfer.end);
	}

	/** The answer to the request in hand with a code, as `number/more/bytes` of its Block1, and Size1. */
	answer(code: number): string {
		beginAnswer(message, code, 1);
		this.transfer.addBlock1(message.block1, code);
		const answer = parse(message.tx.slice(0, message.txLength));
		const [value] = integers(answer, BLOCK1);
		if (value === undefined) return "none";
		const text = `${blockNumber(value)}/${hasMore(value) ? 1 : 0}/${blockBytes(blockSzx(value))}`;
		return [text, ...integers(answer, SIZE1)].join(" ");
	}

	/** The server asks for a representation. @returns its key */
	get(block2: number | undefined, fields: Partial<CoapFields> = {}): number {
		take({ code: GET, path: "3303", accept: 112, ...(block2 === undefined ? {} : { block2 }), ...fields });
		return requestKey(message, message.code);
	}

	/** The answer with a block of what is kept; undefined where it has no such block. */
	block(): CoapMessage | undefined {
		beginAnswer(message, CONTENT, 1);
		this.transfer.addTag();
		addNumber(message, CONTENT_FORMAT, 112);
		if (!this.transfer.addBlock2(message.block2)) return undefined;
		ok(isWhole(message));
		return parse(message.tx.slice(0, message.txLength));
	}
}

export function block2(answer: CoapMessage | undefined): string {
	if (!answer) return "refused";
	const value = integers(answer, BLOCK2)[0]!;
	const text = `${blockNumber(value)}/${hasMore(value) ? 1 : 0}/${blockBytes(blockSzx(value))}`;
	return [text, ...integers(answer, SIZE2)].join(" ");
}
