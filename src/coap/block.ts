// Block options, RFC 7959 2.2: NUM (4, 12 or 20 bits), M (1 bit), SZX (3 bits), as one integer.
//
//   0
//   0 1 2 3 4 5 6 7
//  |  NUM  |M| SZX |     (NUM grows to the left, in 2 or 3 bytes)

/** The block number. */
export function blockNumber(block: number): number {
	return block >>> 4;
}

/** True where more blocks follow (or, in a Block1 answer, where the request is not complete). */
export function hasMore(block: number): boolean {
	return (block & 8) !== 0;
}

/** The size exponent, 0..7; 7 is reserved. */
export function blockSzx(block: number): number {
	return block & 7;
}

/** Bytes of a block of that exponent: 16 to 1024. */
export function blockBytes(szx: number): number {
	return 16 << szx;
}

/** The option's value. @param number 0..2^20 - 1; @param szx 0..6 */
export function blockOption(number: number, isMore: boolean, szx: number): number {
	return number * 16 + (isMore ? 8 : 0) + szx;
}

/** The largest block number that the option can carry. */
export const MAX_BLOCK_NUMBER = 0xfffff;
