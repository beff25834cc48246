// A connection of the seam over the SDK's TCP, as ECMA-419 has it: it throws where more is asked for than is waiting, or more
// written than it takes; the counts come with its callbacks. It makes a buffer for each read.
import type * as seam from "../../src/platform.js";

/** The SDK's class, as far as it is used here. */
export type SocketClass = new (options: {
	address: string;
	port: number;
	onReadable(count: number): void;
	onWritable(count: number): void;
	onError(message?: unknown): void;
}) => {
	/** An ArrayBuffer of so many bytes, which are there. */
	read(count: number): unknown;
	write(bytes: Uint8Array): unknown;
	close(): unknown;
};

/** What ours has instead (connection.js). */
interface OurSocket {
	read(into: Uint8Array): number;
	send(from: Uint8Array, start: number, end: number): number;
	close(): void;
}

export function openTcp(
	Socket: SocketClass,
	{ address, port, onReadable, onWritable, onClose }: seam.TcpOptions,
): seam.Tcp {
	let waiting = 0;
	let free = 0;
	let isOpen = true;
	const tcp = new Socket({
		address,
		port,
		// the SDK goes on with what it has to tell after a callback that has closed it
		onReadable: (count) => {
			waiting = count;
			if (isOpen) onReadable(count);
		},
		onWritable: (count) => {
			free = count;
			if (isOpen) onWritable(count);
		},
		// the SDK gives no message
		onError: (message?: unknown) => {
			if (isOpen) onClose(message === undefined ? undefined : String(message));
		},
	});
	const ours = tcp as unknown as OurSocket;
	if (ours.send)
		return {
			read: (into) => ours.read(into),
			write: (from, start, end) => ours.send(from, start, end),
			close: () => {
				isOpen = false;
				ours.close();
			},
		};
	return {
		read: (into) => {
			const count = Math.min(waiting, into.length);
			const data = count > 0 ? tcp.read(count) : undefined;
			if (!(data instanceof ArrayBuffer)) return 0;
			into.set(new Uint8Array(data));
			waiting -= data.byteLength;
			return data.byteLength;
		},
		write: (from, start, end) => {
			const count = Math.min(free, end - start);
			if (count <= 0) return 0;
			tcp.write(from.slice(start, start + count));
			free -= count;
			return count;
		},
		close: () => {
			isOpen = false;
			tcp.close();
		},
	};
}
