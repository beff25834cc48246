// What the commands need of the client. `Client` satisfies it as it grows: an optional member that a build lacks makes
// its command answer "not supported by this build". Types only.
import type { Log } from "../log.js";
import type { Model } from "../lwm2m/model.js";

/** What has passed between the device and one server. */
export interface Traffic {
	readonly sent: number;
	readonly received: number;
	readonly retransmitted: number;
	readonly bytesSent: number;
	readonly bytesReceived: number;
	/** Bytes by kind of message: empty, requests, responses, notifications. */
	readonly bytesSentBy?: ArrayLike<number>;
	readonly bytesReceivedBy?: ArrayLike<number>;
}

export interface ShellServer {
	readonly shortServerId: number;
	readonly uri: string;
	readonly enabler: string;
	readonly registration: {
		readonly stateName: string;
		/** `/rd/5a3f`, empty where there is none. */
		readonly location: string;
		lifetimeLeftSeconds(): number;
		/** When the next Update or attempt is due, ms; Infinity for never. */
		readonly deadline: number;
	};
	readonly endpoint: { readonly traffic: Traffic };
	/** `awake`, `asleep, 3 messages wait`, … */
	readonly queueState?: string;
	/** `in 3a41, out 0c` or `off`. */
	readonly cid?: string;
	/** Full DTLS handshakes since the start. */
	readonly handshakes?: number;
}

export interface ShellObservation {
	readonly session: { readonly shortServerId: number };
	readonly object: number;
	readonly instance: number;
	readonly resource: number;
	readonly resourceInstance: number;
	/** Of a composite observation: four ids a path, -1 for absent. The single ids above do not count then. */
	readonly paths?: ArrayLike<number> | undefined;
}

export interface ShellClient {
	readonly registry: { readonly model: Model };
	readonly log: Log;
	readonly servers: readonly ShellServer[];
	/** While the bootstrap server is asked: its URI, and how it stands with it. */
	readonly bootstrapping?:
		| { readonly uri: string; readonly bootstrap: { readonly stateName: string; readonly deadline: number } }
		| undefined;
	/** May be set while the client is stopped. @throws RangeError for an unusable name */
	endpointName?: string;
	readonly observations: { readonly list?: readonly ShellObservation[] };
	readonly attributes: {
		/** By number: pmin, pmax, gt, lt, st first. */
		effective(
			server: number,
			object: number,
			instance: number,
			resource: number,
			resourceInstance: number,
		): (number | undefined)[];
	};
	/** @throws RangeError where there is no usable account */
	start(): void;
	/** Begins with a bootstrap. */
	bootstrap?(): void;
	/** @param isForced closes without Deregister */
	stop(onStopped?: () => void, isForced?: boolean): void;
	update(shortServerId?: number): void;
	pause?(): void;
	resume?(): void;
	/** @throws RangeError for a path that cannot be sent. The shell logs the outcome: 0 success, 1 failure, 2 time-out. */
	send?(paths: readonly string[], onResult: (status: number) => void): void;
	readonly cache?: {
		has(path: string): boolean;
		/** @throws RangeError where the path has no value of fixed size, or memory is short */
		enable(path: string, samples: number): void;
	};
}
