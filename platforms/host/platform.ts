// The Linux port of the seam (src/platform.ts), on the modules of our own runtime.
import Serial from "embedded:io/serial";
import TCP from "embedded:io/socket/tcp";
import UDP from "embedded:io/socket/udp";
import storage, { type Store } from "embedded:storage/key-value";
import update from "embedded:update";
import Timer from "timer";
import type { DeviceOptions } from "../../src/options.js";
import type * as seam from "../../src/platform.js";
import { parseUri } from "../../src/uri.js";
import {
	collectGarbage,
	exit,
	isLogOnTerminal,
	log,
	memory,
	now,
	onTerminate,
	programArguments,
	random,
	readFile,
	resolve,
	restart,
	setTime,
	setTimeScale,
	time,
} from "../xs/host.js";
import { OptionError, type PortOptions, parseOptions } from "../xs/options.js";

const UNUSABLE_OPTIONS = 2;
/** What the files of the key-value store hold at most, and NVS on a board as well. */
const MAX_VALUE_BYTES = 4000;

export function deviceOptions(): DeviceOptions {
	return unlessUnusable(() => parseOptions(programArguments(), readFile));
}

export function createPlatform(options: DeviceOptions): seam.Platform {
	const port = options as DeviceOptions & PortOptions; // `deviceOptions` has given it
	const { storage: folder } = port;
	setTimeScale(port.timeScale);
	let isLogOnSerial = false;
	const platform: seam.Platform = {
		name: "host",
		clock: { now, time, setTime, createTimer },
		random,
		resolve: resolveOnce(port),
		openUdp,
		openTcp,
		openSerial(callbacks) {
			const serial = openSerial(port, callbacks);
			// the shell paints on the terminal that standard error is on, too
			isLogOnSerial = port.shell === "stdio" && serial?.isTerminal === true && isLogOnTerminal();
			return serial;
		},
		get isLogOnSerial() {
			return isLogOnSerial;
		},
		storage:
			folder === undefined
				? undefined
				: unlessUnusable(() => keyValue(storage.open({ path: folder })), `--storage ${folder}`),
		firmware: unlessUnusable(firmware, `--storage ${folder}`),
		log,
		restart,
		exit,
		onTerminate: undefined,
		memory,
		collectGarbage,
	};
	onTerminate(() => {
		if (platform.onTerminate) platform.onTerminate();
		else exit(0);
	});
	return platform;
}

/** A name on the command line that cannot be resolved at the start is an option that cannot be used. */
function resolveOnce({ server, bootstrap }: DeviceOptions): seam.Platform["resolve"] {
	let isStart = true;
	return (name, onResult) =>
		resolve(name, (address, message) => {
			const isOption = isStart && parseUri(server ?? bootstrap ?? "")?.host === name;
			isStart = false;
			if (address === undefined && isOption) {
				log(`${server === undefined ? "--bootstrap" : "--server"} ${server ?? bootstrap}: ${name}: ${message}`);
				exit(UNUSABLE_OPTIONS);
			}
			onResult(address, message);
		});
}

function unlessUnusable<T>(make: () => T, what?: string): T {
	try {
		return make();
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		log(error instanceof OptionError || what === undefined ? message : `${what}: ${message}`);
		return exit(UNUSABLE_OPTIONS);
	}
}

function createTimer(onWake: () => void): seam.Timer {
	// a repeating timer whose next moment is set each time: one object for the life of the client
	const timer = Timer.repeat(onWake, Number.POSITIVE_INFINITY);
	return {
		wakeAt: (atMs) =>
			Timer.schedule(
				timer,
				atMs === Number.POSITIVE_INFINITY ? atMs : Math.max(0, atMs - now()),
				Number.POSITIVE_INFINITY,
			),
		close: () => Timer.clear(timer),
	};
}

function openUdp(options: seam.UdpOptions): seam.Udp {
	const { address, port, localPort = 0, onReadable, onError } = options;
	const udp = new UDP({
		remoteAddress: address,
		remotePort: port,
		port: localPort,
		onReadable,
		onError: (message) => onError(message ?? "the socket is gone"),
	});
	return new HostUdp(udp);
}

/** A class and not three functions a socket: a download has a socket of its own. */
class HostUdp implements seam.Udp {
	readonly port: number;
	#udp: UDP;

	constructor(udp: UDP) {
		this.port = udp.port;
		this.#udp = udp;
	}

	read(into: Uint8Array): number {
		return this.#udp.read(into);
	}

	write(from: Uint8Array, count: number): void {
		this.#udp.send(from, count);
	}

	close(): void {
		this.#udp.close();
	}
}

function openTcp(options: seam.TcpOptions): seam.Tcp {
	const { address, port, onReadable, onWritable, onClose } = options;
	const tcp = new TCP({ address, port, onReadable, onWritable, onError: onClose });
	return {
		read: (into) => tcp.read(into),
		write: (from, start, end) => tcp.send(from, start, end),
		close: () => tcp.close(),
	};
}

function openSerial({ shell, shellPort }: PortOptions, callbacks: seam.SerialOptions): seam.Serial | undefined {
	if (shell === "off") return undefined;
	const serial = unlessUnusable(
		() => new Serial({ device: shell, number: shellPort, onReadable, onWritable, onClose }),
		`--shell ${shell}${shell === "tcp" ? `:${shellPort}` : ""}`,
	);
	serial.target = callbacks;
	if (shell !== "stdio") log(`Shell on ${serial.name}`);
	return new HostSerial(serial);
}

function onReadable(this: Serial, count: number): void {
	this.target!.onReadable(count);
}

function onWritable(this: Serial, count: number): void {
	this.target!.onWritable(count);
}

function onClose(this: Serial): void {
	this.target!.onClose();
}

/** Again a class: as functions of their own these take 300 bytes. */
class HostSerial implements seam.Serial {
	readonly isTerminal: boolean;
	#serial: Serial;

	constructor(serial: Serial) {
		this.isTerminal = serial.isTerminal;
		this.#serial = serial;
	}

	read(into: Uint8Array): number {
		return this.#serial.read(into);
	}

	write(from: Uint8Array, start: number, end: number): number {
		return this.#serial.send(from, start, end);
	}

	close(): void {
		this.#serial.close();
	}
}

function firmware(): seam.Firmware | undefined {
	const slot = update.open();
	return (
		slot && {
			capacityBytes: slot.capacity,
			get isTrial() {
				return slot.isTrial;
			},
			get isReverted() {
				return slot.isReverted;
			},
			erase: () => slot.erase(),
			write: (offset, from, start, end) => slot.write(from, offset, start, end),
			read: (offset, into) => slot.read(into, offset),
			install: (count) => slot.complete(count),
			confirm: () => slot.confirm(),
		}
	);
}

function keyValue(store: Store): seam.KeyValue {
	return {
		maxValueBytes: MAX_VALUE_BYTES,
		read: (key) => store.read(key),
		write: (key, value) => store.write(key, value),
		delete: (key) => store.delete(key),
		clear: () => {
			for (const key of [...store]) store.delete(key);
		},
	};
}
