// Where a download comes from: one protocol, one connection, from a position on until something happens.

export interface Source {
	/** Does what is due. @returns when it wants to be called again */
	step(now: number): number;
	/** No event comes after it. */
	close(): void;
}

export interface SourceEvents {
	/** Bytes of the package that are there. */
	readonly received: number;
	/** Where the source is to go on, bytes; it changes in `onHead` and `onBytes`. */
	readonly position: number;
	/** What tells this version of the package from another (an ETag), as `onHead` gave it last; "" for nothing. */
	readonly validator: string;
	/**
	 * The server has begun to answer. @param size of the package, bytes; -1: the server does not say
	 * @returns false where the source is not wanted any more: it has been closed
	 */
	onHead(size: number, validator: string): boolean;
	/** Bytes of the package that stand at a position of it. @returns as `onHead` */
	onBytes(at: number, from: Uint8Array, start: number, end: number): boolean;
	/** The package ends here. */
	onEnd(size: number): void;
	/** It has come to nothing. @param result CONNECTION_LOST: another attempt may go better */
	onFailure(result: number, message: string): void;
}
