// Programs on a serial port.
import Serial from "embedded:io/serial";
import Timer from "timer";
import * as host from "../../../platforms/xs/host.js";

/** Sends back what comes, in brackets. */
export function serialEcho(device: string, number = "0"): void {
	const buffer = new Uint8Array(64);
	const serial = new Serial({
		device,
		number: Number(number),
		onReadable() {
			for (let count = serial.read(buffer); count > 0; count = serial.read(buffer)) {
				serial.write(new Uint8Array([0x5b]));
				serial.send(buffer, 0, count);
				serial.write(new Uint8Array([0x5d]));
			}
		},
		onClose() {
			host.log("closed");
			serial.close();
			Timer.set(() => host.exit(0), 1);
		},
	});
	host.log(`${serial.isTerminal ? "terminal" : "pipe"} ${serial.name}`);
}

/** Sends many bytes and then ends at once: none may be lost. */
export function serialFlood(device: string, bytes: string): void {
	const buffer = new Uint8Array(256);
	for (let i = 0; i < buffer.length; i++) buffer[i] = i;
	let left = Number(bytes);
	const fill = () => {
		while (left > 0) {
			const count = serial.send(buffer, 0, Math.min(left, buffer.length));
			if (count === 0) return;
			left -= count;
			if (left > 0 && count < buffer.length) return;
		}
		host.exit(0);
	};
	const serial = new Serial({ device, onWritable: fill });
	Timer.set(fill, 1);
}

/** Reads a few bytes at a time, and only now and then; says how many there were. */
export function serialSlow(device: string): void {
	const buffer = new Uint8Array(64);
	let sum = 0;
	let count = 0;
	const timer = Timer.repeat(() => {
		const taken = serial.read(buffer);
		for (let i = 0; i < taken; i++) sum += buffer[i]!;
		count += taken;
	}, 1);
	const serial = new Serial({
		device,
		onClose() {
			Timer.clear(timer);
			host.log(`${count} bytes, sum ${sum}`);
			host.exit(0);
		},
	});
}
