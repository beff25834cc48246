// The modules of ECMA-419 and the Moddable SDK that platform.ts files use, with the additions that our own runtime
// makes to them. Standard forms as in ECMA-419, second edition.

declare module "embedded:io/socket/udp" {
	export interface UDPOptions {
		address?: string;
		port?: number;
		onReadable?(count: number): void;
		onError?(message?: string): void;
		/** Own runtime: only this peer is heard, and `send` goes to it. */
		remoteAddress?: string;
		remotePort?: number;
	}
	export default class UDP {
		constructor(options: UDPOptions);
		read(): (ArrayBuffer & { address: string; port: number }) | undefined;
		/** Own runtime: the datagram's length, 0 where it was longer than `into`, -1 where none waits. */
		read(into: Uint8Array): number;
		write(buffer: ArrayBuffer | Uint8Array, address: string, port: number): void;
		/** Own runtime: the first `count` bytes, to the remote peer. */
		send(from: Uint8Array, count: number): void;
		readonly port: number;
		close(): void;
	}
}

declare module "embedded:io/socket/tcp" {
	export interface TCPOptions {
		address: string;
		port: number;
		onReadable?(count: number): void;
		onWritable?(count: number): void;
		onError?(message?: string): void;
	}
	export default class TCP {
		constructor(options: TCPOptions);
		read(count?: number): ArrayBuffer | undefined;
		/** The count of bytes taken, 0 where none waits. */
		read(into: Uint8Array): number;
		write(buffer: ArrayBuffer | Uint8Array): void;
		/** Own runtime: takes what fits of `[start, end)`; the count. */
		send(from: Uint8Array, start: number, end: number): number;
		close(): void;
	}
}

declare module "embedded:io/serial" {
	export interface SerialOptions {
		/** Own runtime: `stdio`, `pty`, or `tcp` with the port to listen on in `number`. */
		device: string;
		number?: number;
		onReadable?(count: number): void;
		onWritable?(count: number): void;
		onClose?(message?: string): void;
	}
	export default class Serial {
		constructor(options: SerialOptions);
		read(count?: number): ArrayBuffer | undefined;
		read(into: Uint8Array): number;
		write(buffer: ArrayBuffer | Uint8Array): void;
		/** Own runtime: takes what fits of `[start, end)`; the count. */
		send(from: Uint8Array, start: number, end: number): number;
		/** Own runtime: a person types there. */
		readonly isTerminal: boolean;
		/** Own runtime: where a terminal program finds it. */
		readonly name: string;
		/** The caller's; the callbacks are called as methods of the port. */
		target?: { onReadable(count: number): void; onWritable(count: number): void; onClose(): void };
		close(): void;
	}
}

declare module "embedded:storage/key-value" {
	export interface Store {
		read(key: string): ArrayBuffer | undefined;
		write(key: string, value: ArrayBuffer | Uint8Array): void;
		delete(key: string): void;
		close(): void;
		[Symbol.iterator](): IterableIterator<string>;
	}
	const storage: { open(options: { path: string; format?: "buffer" }): Store };
	export default storage;
}

declare module "embedded:update" {
	/** Own runtime: the slot that a download goes to, and the trial of the image that runs. */
	export interface Update {
		readonly capacity: number;
		readonly isTrial: boolean;
		readonly isReverted: boolean;
		erase(): void;
		write(from: Uint8Array, offset: number, start: number, end: number): void;
		read(into: Uint8Array, offset: number): number;
		complete(count: number): void;
		confirm(): void;
	}
	const update: { open(): Update | undefined };
	export default update;
}

declare module "timer" {
	const Timer: {
		set(callback: () => void, interval?: number, repeat?: number): object;
		repeat(callback: () => void, interval: number): object;
		schedule(timer: object, interval?: number, repeat?: number): void;
		clear(timer: object | undefined): void;
	};
	export default Timer;
}

declare module "time" {
	const Time: { readonly ticks: number; delta(start: number, end?: number): number; set(seconds: number): void };
	export default Time;
}

declare module "mc/config" {
	/** The keys of `config` in manifest.json, each replaced by what mcconfig's command line says. */
	const config: Readonly<Record<string, string | number | boolean | undefined>>;
	export default config;
}

declare module "embedded:network/interface/wifi" {
	export default class WiFi {
		constructor(options: { onChanged?(property: string): void });
		connect(options: { SSID: string; password?: string }): void;
		/** Below 200: off or failed; 500: there is an address. */
		readonly connection: number;
		close(): void;
	}
}

/** A board's device tree. The SDK's build for Zephyr makes it, and its types. */
declare module "embedded:provider/builtin" {
	const device: object;
	export default device;
}
