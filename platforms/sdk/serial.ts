// The shell's port on the SDK's serial: it throws where more is written than its queue has room for, so the room is counted.
import Serial from "embedded:io/serial";
import type * as seam from "../../src/platform.js";

/** @param wiring the board's own options: port, pins, speed, or the name of a device */
export function openSerial(wiring: object, callbacks: seam.SerialOptions): seam.Serial {
	let free = 0;
	// what a port needs differs from board to board; the SDK's own typings do not know all of it
	const serial = new Serial({
		...wiring,
		format: "buffer",
		onReadable: (count: number) => callbacks.onReadable(count),
		onWritable: (count: number) => {
			free = count;
			callbacks.onWritable(count);
		},
	} as unknown as ConstructorParameters<typeof Serial>[0]);
	return {
		isTerminal: true,
		read: (into) => {
			const data = serial.read();
			if (!(data instanceof ArrayBuffer)) return 0;
			const bytes = new Uint8Array(data);
			const count = Math.min(bytes.length, into.length);
			into.set(count < bytes.length ? bytes.subarray(0, count) : bytes);
			return count;
		},
		write: (from, start, end) => {
			const count = Math.min(free, end - start);
			if (count <= 0) return 0;
			serial.write(from.slice(start, start + count));
			free -= count;
			return count;
		},
		close: () => serial.close(),
	};
}
