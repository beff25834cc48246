// The Block1 and Block2 options (RFC 7959, 2.2).
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+  up to 20 bits of NUM
//  |  NUM  |M| SZX |  M: more blocks follow; size = 2^(SZX + 4), SZX 7 is reserved
//  +-+-+-+-+-+-+-+-+

import { type CoapOption, type Message, optionBytes, optionUint, uintOption } from "./message.js";

export interface Block {
	readonly number: number;
	readonly hasMore: boolean;
	readonly szx: number;
}

/** Undefined without the option, null for a value that is not allowed. */
export function blockOf(message: Pick<Message, "options">, option: number): Block | null | undefined {
	const bytes = optionBytes(message, option);
	if (!bytes) return undefined;
	const value = optionUint(message, option);
	if (value === undefined || bytes.length > 3 || (value & 7) === 7) return null;
	return { number: value >> 4, hasMore: (value & 8) !== 0, szx: value & 7 };
}

export function blockOption(option: number, block: Block): CoapOption {
	return uintOption(option, (block.number << 4) | (block.hasMore ? 8 : 0) | block.szx);
}

export function sizeOf(szx: number): number {
	return 1 << (szx + 4);
}

export function szxOf(size: number): number {
	const szx = Math.log2(size) - 4;
	if (!Number.isInteger(szx) || szx < 0 || szx > 6) throw new RangeError(`invalid block size ${size}`);
	return szx;
}
