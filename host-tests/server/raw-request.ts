// Any CoAP request to a device, in the words of a test.

import type { Method } from "./coap/numbers.js";

export interface RawRequest {
	readonly method: Method;
	/** "/3/0/9"; below the root path of the device. */
	readonly path: string;
	readonly query?: readonly string[];
	readonly payload?: Buffer | string;
	readonly format?: number | string;
	readonly accept?: number | string;
	readonly observe?: 0 | 1;
	readonly token?: Buffer;
	readonly isConfirmable?: boolean;
	readonly timeoutMs?: number;
	readonly blockSize?: number;
	readonly block2Size?: number;
	/** Hears how many bytes of the payload have arrived. */
	readonly onProgress?: (bytes: number) => void;
}
