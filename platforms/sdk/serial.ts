// The shell's port on the SDK's serial: it throws where more is written than its queue has room for, so the room is counted.
import Serial from "embedded:io/serial";
import type * as seam from "../../src/platform.js";
import { log } from "./device.js";

/** What the port that stands for a UART on Linux has beside (platforms/xs/serial.js). */
interface StandIn {
	readonly name: string;
	readonly isTerminal: boolean;
	send(from: Uint8Array, start: number, end: number): number;
}

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
		onClose: () => callbacks.onClose(),
	} as unknown as ConstructorParameters<typeof Serial>[0]);
	const read = (into: Uint8Array) => serial.read(into) ?? 0;
	const close = () => serial.close();
	const stand = serial as Partial<StandIn>;
	if (stand.send) {
		if (stand.name) log(`Shell on ${stand.name}`);
		return {
			isTerminal: stand.isTerminal!, // what has the one has the others
			read,
			write: (from, start, end) => stand.send!(from, start, end), // likewise
			close,
		};
	}
	return {
		isTerminal: true,
		read,
		write: (from, start, end) => {
			const count = Math.min(free, end - start);
			if (count <= 0) return 0;
			serial.write(from.slice(start, start + count));
			free -= count;
			return count;
		},
		close,
	};
}
