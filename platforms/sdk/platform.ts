// The seam (src/platform.ts) as far as it is the same on every board of the Moddable SDK.
import TCP from "embedded:io/socket/tcp";
import Timer from "timer";
import type * as seam from "../../src/platform.js";
import Datagram from "./datagram.js";
import { collectGarbage, log, memory, now, random, resetReason, resolve, restart, setTime, time } from "./device.js";
import { openTcp } from "./tcp.js";

/** The longest that the SDK's timers wait, ms, 24 days: a client that is woken sooner than it asked for waits on. */
const FOREVER = 0x7fffffff;

/** What each board adds. */
export interface Board {
	readonly name: string;
	readonly storage: seam.KeyValue | undefined;
	readonly firmware: seam.Firmware | undefined;
	openSerial(options: seam.SerialOptions): seam.Serial | undefined;
	/** The log and the shell share a port. */
	readonly isLogOnSerial?: boolean;
	/** Where a program can end; elsewhere the board restarts. */
	exit?(status: number): never;
}

export function platformOf(board: Board): seam.Platform {
	log(`Reset: ${resetReason()}`);
	return {
		name: board.name,
		clock: { now, time, setTime, createTimer },
		random,
		resolve,
		openUdp,
		openTcp: (options) => openTcp(TCP, options),
		openSerial: (options) => {
			try {
				return board.openSerial(options);
			} catch (error) {
				// a device without its shell is better than none
				log(`config: the shell's port cannot be opened: ${error instanceof Error ? error.message : error}`);
				return undefined;
			}
		},
		storage: board.storage,
		firmware: board.firmware,
		log,
		isLogOnSerial: board.isLogOnSerial === true,
		restart,
		exit: board.exit ?? restart,
		onTerminate: undefined,
		memory: () => ({
			slotBytes: memory(0),
			slots: memory(1),
			slotsPeak: memory(2),
			chunks: memory(3),
			chunksPeak: memory(4),
			// the SDK's engine counts them in instrumented builds only
			collections: 0,
		}),
		collectGarbage,
	};
}

function createTimer(onWake: () => void): seam.Timer {
	// a repeating timer whose next moment is set each time: one object for the life of the client
	const timer = Timer.repeat(onWake, FOREVER);
	return {
		wakeAt: (atMs) => Timer.schedule(timer, Math.max(0, Math.min(atMs - now(), FOREVER)), FOREVER),
		close: () => Timer.clear(timer),
	};
}

function openUdp({ address, port, localPort = 0, onReadable }: seam.UdpOptions): seam.Udp {
	return new Datagram(address, port, localPort, onReadable);
}
