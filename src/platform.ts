// The seam between the portable client and a port: interfaces only, shaped as ECMA-419.
//
// A port (platforms/<name>/platform.ts) implements `Platform`; the manifest maps the module id `src/port` to it, so
// that main.ts imports the same specifier everywhere. No callback fires from inside one of these methods, and none
// after `close()`. A method that can fail throws an Error whose message is one line that a user understands.

/** A byte range that the caller owns. The callee does not keep it. */
export type Bytes = Uint8Array;

/** One UDP socket with one peer. Datagrams from any other address or port never reach the client. */
export interface Udp {
	/**
	 * Takes one datagram into `into`.
	 * @returns its length in bytes, or -1 when none is waiting. A datagram longer than `into` is consumed and 0 returned.
	 */
	read(into: Bytes): number;
	/** Sends the first `lengthBytes` of `from` to the peer as one datagram. A full queue drops it, as the network may. */
	write(from: Bytes, lengthBytes: number): void;
	/** The local port, 1..65535. */
	readonly port: number;
	close(): void;
}

/** A socket to be opened; one peer alone is heard. */
export interface UdpOptions {
	/** The peer's numeric IPv4 or IPv6 address, as `resolve` gives it. */
	address: string;
	/** The peer's port, 1..65535. */
	port: number;
	/** The local port to bind, 0 or absent for any free one. */
	localPort?: number;
	/** At least one datagram is waiting; read until -1. */
	onReadable(): void;
	/** The socket became unusable (interface gone). Nothing further is called. */
	onError(message: string): void;
}

/** One TCP connection. */
export interface Tcp {
	/** Takes what is waiting, at most `into.length` bytes. @returns the count, 0 when nothing is waiting. */
	read(into: Bytes): number;
	/** Queues bytes. @returns how many were taken; the rest goes after `onWritable`. */
	write(from: Bytes, start: number, end: number): number;
	close(): void;
}

/** A connection to be made. */
export interface TcpOptions {
	address: string;
	port: number;
	onReadable(countBytes: number): void;
	/** Connected, or writable again; `countBytes` can be taken. */
	onWritable(countBytes: number): void;
	/** Closed by the peer (message absent) or broken. Nothing further is called. */
	onClose(message?: string): void;
}

/** The byte stream that carries the shell: a UART, the terminal, a pseudo terminal, a TCP connection. */
export interface Serial {
	/** Takes what is waiting, at most `into.length` bytes. @returns the count, 0 when nothing is waiting. */
	read(into: Bytes): number;
	/** Queues bytes. @returns how many were taken; the rest goes after `onWritable`. */
	write(from: Bytes, start: number, end: number): number;
	/** True when a person types: echo and painting are wanted. False for a pipe. */
	readonly isTerminal: boolean;
	close(): void;
}

/** The callbacks are called as methods of the options: the shell is the options object itself. */
export interface SerialOptions {
	onReadable(countBytes: number): void;
	onWritable(countBytes: number): void;
	/** No more comes in: the other side is gone for good, or a pipe has ended. Of the latter `onWritable` still comes. */
	onClose(): void;
}

/** Persistent entries. A write is atomic: after a power cut the entry holds the old value or the new one. */
export interface KeyValue {
	/** @param key 1 to 15 characters of `a-z0-9.-` (NVS allows no more). */
	read(key: string): ArrayBuffer | undefined;
	/** @param value at most `maxValueBytes`. */
	write(key: string, value: ArrayBuffer): void;
	/** Removes the entry; absent is not an error. */
	delete(key: string): void;
	/** Removes every entry. */
	clear(): void;
	readonly maxValueBytes: number;
}

/**
 * Where a package goes that is too large for memory, as it comes. It holds what was written over a restart.
 * Each method throws an Error of one line where the store is full or broken.
 */
export interface PackageStore {
	/** Bytes that it takes. */
	readonly capacityBytes: number;
	/** Forgets what it holds. */
	erase(): void;
	/** Puts `from[start, end)` at an offset, in order: an offset below what is there already is written again. */
	write(offset: number, from: Bytes, start: number, end: number): void;
	/** Fills `into` with what it holds from an offset on. @returns how many bytes there were */
	read(offset: number, into: Bytes): number;
}

/** Where a new program image goes, the slot, and the record of which image runs. Each method throws as those of the store. */
export interface Firmware extends PackageStore {
	/** The running image is on trial: without `confirm()` the one before it comes back, at the next restart or after a limit. */
	readonly isTrial: boolean;
	/** The image that was installed last did not confirm itself: this is the one before it. True until `erase` or `confirm`. */
	readonly isReverted: boolean;
	/** The first `lengthBytes` of the slot are an image that starts, on trial, at the next restart. */
	install(lengthBytes: number): void;
	/** The running image stays. */
	confirm(): void;
	/**
	 * Checks an image of the board's own updater (ESP-IDF, MCUboot) in the slot. Absent where only our own container is taken.
	 * @returns 0, or the Update Result (5/0/5): 5 damaged, 6 of another kind
	 */
	verifyForeign?(lengthBytes: number): number;
}

/** One reusable one-shot timer. */
export interface Timer {
	/** Calls back once when `Clock.now()` reaches `atMs`; replaces what was set before. Infinity: never. */
	wakeAt(atMs: number): void;
	close(): void;
}

/** A clock that never goes back, the calendar, and timers. */
export interface Clock {
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** Seconds since 1970-01-01T00:00:00Z, with a fraction; NaN while the clock has not been set. */
	time(): number;
	/** Sets the wall clock. @param seconds since 1970. */
	setTime(seconds: number): void;
	/** Makes a timer that calls `onWake`. A device needs one: the client's. */
	createTimer(onWake: () => void): Timer;
}

/** What the JavaScript engine uses, in the port's own slot size. */
export interface MemoryUse {
	slotBytes: number;
	slots: number;
	slotsPeak: number;
	/** Bytes of chunk memory (strings, buffers, arrays). */
	chunks: number;
	chunksPeak: number;
	collections: number;
}

/** All that the client has of the device it runs on. */
export interface Platform {
	/** The port's name: `host`, `qemu`, `esp32`, … */
	readonly name: string;
	readonly clock: Clock;
	/** Fills `into` with cryptographically strong random bytes. */
	random(into: Bytes): void;
	/** Numeric address of a host name or of a numeric address (which answers without asking anybody). */
	resolve(name: string, onResult: (address: string | undefined, message?: string) => void): void;
	openUdp(options: UdpOptions): Udp;
	openTcp(options: TcpOptions): Tcp;
	/** The shell's stream; undefined where the configuration has none. */
	openSerial(options: SerialOptions): Serial | undefined;
	/** Persistent storage; undefined where the configuration keeps nothing. */
	readonly storage: KeyValue | undefined;
	/** Where firmware goes; undefined where the device cannot be updated. */
	readonly firmware: Firmware | undefined;
	/** One log line, without its end of line. */
	log(line: string): void;
	/** True where `log` writes to the serial port of the shell: the shell then takes the log over. */
	readonly isLogOnSerial?: boolean;
	/** Restarts the device as a watchdog would: nothing after it runs. */
	restart(): never;
	/** Ends the device's program where there is something to return to (host, emulator); restarts elsewhere. */
	exit(status: number): never;
	/** Set by main: called once when the operator asks the program to end (SIGINT, SIGTERM). */
	onTerminate: (() => void) | undefined;
	memory(): MemoryUse;
	collectGarbage(): void;
}
