// A UDP socket with one peer, IPv4 or IPv6: datagrams from others never arrive, whole datagrams always.

export default class Datagram {
	/** @param address numeric @param localPort 0 for any @throws Error of one line where the socket cannot be had */
	constructor(address: string, port: number, localPort: number, onReadable: () => void);
	/** @returns the length, 0 for one that was longer than `into`, -1 where none waits: `onReadable` is called again then */
	read(into: Uint8Array): number;
	/** A full queue drops it. */
	write(from: Uint8Array, count: number): void;
	readonly port: number;
	close(): void;
}
